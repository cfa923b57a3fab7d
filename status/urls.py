"""Health addresses; the English ones are those that probes expect by habit."""

from django.urls import path

from .views import health as views

app_name = "status"
urlpatterns = [
    path("sante/vivant", views.alive, name="alive"),
    path("sante/pret", views.ready, name="ready"),
    path("sante/pret/<slug:part>", views.part_ready, name="part_ready"),
    path("healthz", views.alive),
    path("readyz", views.ready),
]
