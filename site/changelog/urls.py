"""Addresses beside the pages, which Wagtail serves."""

from django.urls import path
from django.views.generic import RedirectView

from . import views

app_name = "changelog"
urlpatterns = [
    path("changelog/", RedirectView.as_view(url="/nouveautes/"), name="alias"),
    path("roadmap/", RedirectView.as_view(url="/feuille-de-route/"), name="roadmap_alias"),
    path("nouveautes/abonnement/", views.subscribe, name="subscribe"),
    path("nouveautes/abonnement/<str:token>/", views.confirm, name="confirm"),
    path("nouveautes/desabonnement/<str:token>/", views.stop, name="stop"),
    path("feuille-de-route/<int:item_pk>/vote/", views.vote, name="vote"),
]
