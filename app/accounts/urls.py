"""A person's own pages, outside any workshop."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("second-facteur/", views.second_factor, name="second_factor"),
    path("profil/", views.profile, name="profile"),
    path("photo/<uuid:public_id>/", views.photo, name="photo"),
    path("theme/", views.theme, name="theme"),
    path("renvoyer-la-confirmation/", views.resend, name="resend_confirmation"),
]
