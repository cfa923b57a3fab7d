"""Addresses of this app."""

from django.urls import URLPattern

app_name = "public_files"
urlpatterns: list[URLPattern] = []
