"""Where a person arrives after signing in: the choice of a workshop."""

from django.urls import path

from . import entry

urlpatterns = [path("", entry.entry, name="home_entry")]
