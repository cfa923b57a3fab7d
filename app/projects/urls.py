"""Pages of projects, under the workshop's `projets/`."""

from django.urls import URLPattern

app_name = "projects"
urlpatterns: list[URLPattern] = []
