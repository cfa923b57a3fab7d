"""The workshop mode, under the workshop's `atelier/`."""

from django.urls import path

from .views import screen, seats, sync

app_name = "shopfloor"
urlpatterns = [
    path("", screen.shell, name="shell"),
    path("sw.js", screen.service_worker, name="service_worker"),
    path("manifest.webmanifest", screen.manifest, name="manifest"),
    path("journee/", sync.day, name="day"),
    path("piece/", sync.part_lookup, name="part_lookup"),
    path("actions/", sync.actions, name="actions"),
    path("envois/<uuid:upload_key>/", sync.upload, name="upload"),
    path("photos/<int:photo_pk>/", sync.photo, name="photo"),
    path("conflits/<int:action_pk>/", sync.conflict_decide, name="conflict_decide"),
    path("operateurs/", seats.operators, name="operators"),
    path("operateurs/ouvrir/", seats.seat_open, name="seat_open"),
    path("operateurs/fermer/", seats.seat_close, name="seat_close"),
]
