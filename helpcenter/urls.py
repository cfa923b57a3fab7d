"""Addresses beside the guides, which Wagtail serves."""

from django.urls import path
from django.views.generic import RedirectView

from . import views

app_name = "helpcenter"
urlpatterns = [
    path("aide/ecran/<str:screen>/", views.screen_help, name="screen_help"),
    path("documentation/", RedirectView.as_view(url="/aide/"), name="alias"),
]
