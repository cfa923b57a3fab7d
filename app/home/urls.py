"""Pages of this app, under the workshop."""

from django.urls import path

from . import views

app_name = "home"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("recherche/", views.search, name="search"),
    path("reglages/", views.settings, name="settings"),
]
