"""The addresses of STATUS_HOST: the status page, health, and nothing else."""

from django.urls import include, path

urlpatterns = [
    path("", include("status.urls")),
    path("", include("status.page_urls")),
]
