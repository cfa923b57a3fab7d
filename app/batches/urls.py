"""Pages of batches and ovens, under the workshop's `series/`."""

from django.urls import include, path

app_name = "batches"
urlpatterns = [
    path("", include("app.batches.oven_urls")),
]
