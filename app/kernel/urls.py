"""Addresses of this app."""

from django.urls import URLPattern

app_name = "kernel"
urlpatterns: list[URLPattern] = []
