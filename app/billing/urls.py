"""Pages of this app, under the workshop's settings."""

from django.urls import path

from . import views

app_name = "billing"
urlpatterns = [path("", views.subscription, name="subscription")]
