"""Pages of this app, under the workshop."""

from django.urls import URLPattern

app_name = "notify"
urlpatterns: list[URLPattern] = []
