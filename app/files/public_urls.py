"""Signed links."""

from django.urls import path

from . import views

app_name = "public_files"
urlpatterns = [path("<str:token>", views.signed_download, name="signed_download")]
