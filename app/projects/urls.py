"""Pages of projects, under the workshop's `projets/`."""

from django.urls import path

from .views import acting, labelling, photo_settings, photos, planning, quality, reading, statistics, workflows

app_name = "projects"
urlpatterns = [
    path("", reading.project_list, name="project_list"),
    path("tableau/", planning.project_board, name="project_board"),
    path("calendrier/", planning.project_calendar, name="project_calendar"),
    path("nouveau/", acting.project_create, name="project_create"),
    path("du-devis/<int:quote_pk>/", reading.project_of_quote, name="project_of_quote"),
    path("du-devis/<int:quote_pk>/ouvrir/", acting.project_start, name="project_start"),
    path("gammes/", workflows.workflow_list, name="workflow_list"),
    path("gammes/nouvelle/", workflows.workflow_create, name="workflow_create"),
    path("gammes/<int:workflow_pk>/", workflows.workflow_edit, name="workflow_edit"),
    path("gammes/<int:workflow_pk>/archiver/", workflows.workflow_archive, name="workflow_archive"),
    path("qualite/", statistics.quality_statistics, name="quality_statistics"),
    path("qualite/export/", statistics.quality_export, name="quality_export"),
    path("qualite/listes/", quality.quality_terms, name="quality_terms"),
    path("qualite/listes/<int:term_pk>/", quality.quality_term_rename, name="quality_term_rename"),
    path("qualite/listes/<int:term_pk>/retirer/", quality.quality_term_archive, name="quality_term_archive"),
    path("etiquettes/<int:print_pk>/", labelling.labels_detail, name="labels_detail"),
    path("piece/<str:code>/", labelling.part_find, name="part_find"),
    path("<int:project_pk>/", reading.project_detail, name="project_detail"),
    path("<int:project_pk>/modifier/", acting.project_edit, name="project_edit"),
    path("<int:project_pk>/gamme/", workflows.project_reroute, name="project_reroute"),
    path("<int:project_pk>/pieces/<int:part_pk>/", acting.part_edit, name="part_edit"),
    path("<int:project_pk>/etapes/<int:step_pk>/valider/", acting.step_validate, name="step_validate"),
    path("<int:project_pk>/etapes/<int:step_pk>/avancer/", planning.board_advance, name="board_advance"),
    path("<int:project_pk>/etapes/<int:step_pk>/reprendre/", acting.step_undo, name="step_undo"),
    path("<int:project_pk>/non-conformites/nouvelle/", quality.nonconformity_declare, name="nonconformity_declare"),
    path(
        "<int:project_pk>/non-conformites/<int:nonconformity_pk>/",
        quality.nonconformity_detail,
        name="nonconformity_detail",
    ),
    path(
        "<int:project_pk>/non-conformites/<int:nonconformity_pk>/clore/",
        quality.nonconformity_close,
        name="nonconformity_close",
    ),
    path("<int:project_pk>/pret/renvoyer/", acting.ready_resend, name="ready_resend"),
    path("<int:project_pk>/livrer/", acting.project_deliver, name="project_deliver"),
    path("photos/reglages/", photo_settings.photo_settings, name="photo_settings"),
    path("<int:project_pk>/photos/", photos.photo_grid, name="photo_grid"),
    path("<int:project_pk>/photos/ajouter/", photos.photo_add, name="photo_add"),
    path("<int:project_pk>/photos/place/", photos.photo_slot, name="photo_slot"),
    path("<int:project_pk>/photos/<int:photo_pk>/", photos.photo_detail, name="photo_detail"),
    path("<int:project_pk>/photos/<int:photo_pk>/legende/", photos.photo_caption, name="photo_caption"),
    path("<int:project_pk>/photos/<int:photo_pk>/annotations/", photos.photo_marks, name="photo_marks"),
    path("<int:project_pk>/photos/<int:photo_pk>/ecarter/", photos.photo_discard, name="photo_discard"),
    path("<int:project_pk>/photos/<int:photo_pk>/desarchiver/", photos.photo_unarchive, name="photo_unarchive"),
    path("<int:project_pk>/photos/<int:photo_pk>/reprendre/", photos.photo_restore, name="photo_restore"),
    path("<int:project_pk>/etiquettes/", labelling.labels_create, name="labels_create"),
    path("<int:project_pk>/annuler/", acting.project_cancel, name="project_cancel"),
]
