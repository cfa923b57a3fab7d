"""Pages of this app, under the workshop's settings."""

from django.urls import path

from . import views

app_name = "numbering"
urlpatterns = [path("", views.formats, name="formats")]
