"""Pages of this app, under the workshop's settings."""

from django.urls import URLPattern

app_name = "numbering"
urlpatterns: list[URLPattern] = []
