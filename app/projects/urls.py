"""Pages of projects, under the workshop's `projets/`."""

from django.urls import path

from .views import acting, labelling, photo_settings, photos, reading, workflows

app_name = "projects"
urlpatterns = [
    path("", reading.project_list, name="project_list"),
    path("nouveau/", acting.project_create, name="project_create"),
    path("du-devis/<int:quote_pk>/", reading.project_of_quote, name="project_of_quote"),
    path("du-devis/<int:quote_pk>/ouvrir/", acting.project_start, name="project_start"),
    path("gammes/", workflows.workflow_list, name="workflow_list"),
    path("gammes/nouvelle/", workflows.workflow_create, name="workflow_create"),
    path("gammes/<int:workflow_pk>/", workflows.workflow_edit, name="workflow_edit"),
    path("gammes/<int:workflow_pk>/archiver/", workflows.workflow_archive, name="workflow_archive"),
    path("etiquettes/<int:print_pk>/", labelling.labels_detail, name="labels_detail"),
    path("piece/<str:code>/", labelling.part_find, name="part_find"),
    path("<int:project_pk>/", reading.project_detail, name="project_detail"),
    path("<int:project_pk>/modifier/", acting.project_edit, name="project_edit"),
    path("<int:project_pk>/pieces/<int:part_pk>/", acting.part_edit, name="part_edit"),
    path("<int:project_pk>/etapes/<int:step_pk>/valider/", acting.step_validate, name="step_validate"),
    path("<int:project_pk>/etapes/<int:step_pk>/reprendre/", acting.step_undo, name="step_undo"),
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
