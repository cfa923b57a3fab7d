"""Addresses of this app."""

from django.urls import path

from . import views

app_name = "kernel"
urlpatterns = [path("", views.patterns, name="patterns"), path("<slug:page>/", views.patterns, name="pattern_page")]
