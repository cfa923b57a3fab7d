"""Invitations, opened by people who are not members yet."""

from django.urls import URLPattern

app_name = "invitations"
urlpatterns: list[URLPattern] = []
