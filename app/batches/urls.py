"""Pages of batches and ovens, under the workshop's `series/`."""

from django.urls import include, path

from .views import acting, closing, printing, reading, settings

app_name = "batches"
urlpatterns = [
    path("", include("app.batches.oven_urls")),
    path("", reading.recommended_list, name="recommended"),
    path("groupe/<str:key>/", acting.group, name="group"),
    path("liste/", reading.batch_list, name="batch_list"),
    path("nouvelle/", acting.batch_create, name="batch_create"),
    path("reglages/", settings.batch_settings, name="settings"),
    path("projet/<int:project_pk>/", reading.project_batches, name="project_batches"),
    path("<int:batch_pk>/", reading.batch_detail, name="batch_detail"),
    path("<int:batch_pk>/ajouter/", acting.batch_add, name="batch_add"),
    path("<int:batch_pk>/retirer/<int:part_pk>/", acting.batch_remove, name="batch_remove"),
    path("<int:batch_pk>/retirer-les-non-pretes/", acting.batch_unready, name="batch_unready"),
    path("<int:batch_pk>/note/", acting.batch_note, name="batch_note"),
    path("<int:batch_pk>/lancer/", closing.batch_launch, name="batch_launch"),
    path("<int:batch_pk>/cloturer/", closing.batch_close, name="batch_close"),
    path("<int:batch_pk>/annuler/", closing.batch_cancel, name="batch_cancel"),
    path("<int:batch_pk>/fiche/", printing.batch_sheet, name="batch_sheet"),
    path("<int:batch_pk>/etiquettes/", printing.batch_labels, name="batch_labels"),
]
