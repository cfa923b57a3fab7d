"""Addresses of the help that are not pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import views

app_name = "helpcenter"
urlpatterns = [
    path("aide/ecran/<str:screen>/", views.screen_help, name="screen_help"),
    path("aide/panneau/<str:screen>/", views.screen_panel, name="screen_panel"),
    path("aide/recherche/", views.suggestions, name="suggestions"),
    path("aide/lu/", views.article_read, name="article_read"),
    path("aide/utile/", views.article_judged, name="article_judged"),
    path("aide/introuvable/", views.search_missed, name="search_missed"),
    path("documentation/", RedirectView.as_view(url="/aide/", query_string=True)),
]
