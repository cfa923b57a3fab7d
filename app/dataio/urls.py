"""Pages of imports and exports, under the workshop's `imports/`."""

from django.urls import path

from .views import exporting, importing

app_name = "dataio"
urlpatterns = [
    path("clients/", importing.import_list, name="import_list"),
    path("clients/modele/", importing.import_sample, name="import_sample"),
    path("clients/export/", exporting.customer_export, name="customer_export"),
    path("clients/export/<int:export_pk>/", exporting.export_detail, name="export_detail"),
    path("clients/<int:import_pk>/", importing.import_detail, name="import_detail"),
    path("clients/<int:import_pk>/colonnes/", importing.import_mapping, name="import_mapping"),
    path("clients/<int:import_pk>/apercu/", importing.import_preview, name="import_preview"),
    path("clients/<int:import_pk>/etat/", importing.import_progress, name="import_progress"),
    path("clients/<int:import_pk>/lancer/", importing.import_confirm, name="import_confirm"),
    path("clients/<int:import_pk>/abandonner/", importing.import_abandon, name="import_abandon"),
    path("clients/<int:import_pk>/inviter/", importing.import_invite, name="import_invite"),
    path("clients/<int:import_pk>/refus/", importing.import_refused, name="import_refused"),
]
