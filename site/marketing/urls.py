"""Addresses that stand beside the pages."""

from django.urls import path

from . import views

app_name = "marketing"
urlpatterns = [
    path("temoignages/proposer/", views.story_offer, {"language": "fr"}, name="story_offer"),
    path("en/stories/tell/", views.story_offer, {"language": "en"}, name="story_offer_en"),
    path("essai/mesure/", views.variant_measure, name="variant_measure"),
    path("campagne/visite/", views.campaign_visit, name="campaign_visit"),
]
