"""The public page and what belongs to it: under /status/, and at the root of its own host."""

from django.urls import path

from .views import feeds, page, subscribing

app_name = "status_page"
urlpatterns = [
    path("", page.status, name="status"),
    path("historique/", page.history, name="history"),
    path("incidents/<int:incident_pk>/", page.incident, name="incident"),
    path("flux.rss", feeds.rss, name="rss"),
    path("flux.atom", feeds.atom, name="atom"),
    path("etat.json", feeds.summary_json, name="summary"),
    path("incidents.json", feeds.log_json, name="log"),
    path("badge.svg", feeds.badge_svg, name="badge"),
    path("abonnement/", subscribing.subscribe, name="subscribe"),
    path("abonnement/demande/", subscribing.subscribed, name="subscribed"),
    path("abonnement/confirmer/<str:token>/", subscribing.confirm_subscription, name="confirm"),
    path("abonnement/arreter/<str:token>/", subscribing.unsubscribe, name="unsubscribe"),
]
