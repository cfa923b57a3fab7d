"""Invitations, opened by people who are not members yet."""

from django.urls import path

from .views import joining

app_name = "invitations"
urlpatterns = [path("<str:token>/", joining.accept, name="accept")]
