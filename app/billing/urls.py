"""Pages of this app, under the workshop's settings."""

from django.urls import path

from . import views, views_usage

app_name = "billing"
urlpatterns = [
    path("", views.subscription, name="subscription"),
    path("consommation/", views_usage.usage, name="usage"),
    path("choisir/", views.choose, name="choose"),
    path("demande/<int:order_pk>/", views.order, name="order"),
    path("demande/<int:order_pk>/confirmer/", views.confirm, name="confirm"),
    path("carte/", views.card, name="card"),
    path("portail/", views.portal, name="portal"),
    path("renoncer/", views.withdraw, name="withdraw"),
    path("resilier/", views.cancel, name="cancel"),
    path("reprendre/", views.undo, name="undo"),
]
