"""The publisher's pages, at their own address."""

from django.urls import path

from .access import hidden
from .views import overview, support
from .views.entrance import SignIn

app_name = "backoffice"
urlpatterns = [
    path("connexion/", hidden(SignIn.as_view()), name="sign_in"),
    path("", overview.overview, name="overview"),
    path("ateliers/<int:workshop_pk>/aider/<int:membership_pk>/", support.start, name="support_start"),
]
