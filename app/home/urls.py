"""Pages of this app, under the workshop."""

from django.urls import path

from . import checklist_views, customer_history, onboarding, settings_pages, views

app_name = "home"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("recherche/", views.search, name="search"),
    path("premiers-pas/fermer/", checklist_views.close, name="checklist_close"),
    path("pilotage/", views.steering, name="steering"),
    path("demarrage/", onboarding.onboarding, name="onboarding"),
    path("reglages/", settings_pages.settings, name="settings"),
    path("clients/<int:customer_pk>/historique/", customer_history.customer_history, name="customer_history"),
]
