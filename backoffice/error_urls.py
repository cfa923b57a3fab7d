"""Where every page of the deploy tells of its errors, outside /editeur/."""

from django.urls import path

from .views.browser_errors import browser_error

urlpatterns = [path("", browser_error, name="browser_error")]
