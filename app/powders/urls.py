"""Pages of this app, under the workshop."""

from django.urls import path

from app.powders.views import editing, importing, reading, sharing

app_name = "powders"
urlpatterns = [
    path("", reading.powder_list, name="powder_list"),
    path("nouvelle/", editing.powder_create, name="powder_create"),
    path("nuancier/", reading.colour_list, name="colour_list"),
    path("export.csv", reading.powder_export, name="powder_export"),
    path("conditionnements/", editing.format_list, name="format_list"),
    path("conditionnements/<int:format_pk>/", editing.format_edit, name="format_edit"),
    path("conditionnements/<int:format_pk>/supprimer/", editing.format_delete, name="format_delete"),
    path("catalogue/", sharing.product_list, name="product_list"),
    path("catalogue/reference/", sharing.product_fill, name="product_fill"),
    path("catalogue/prendre/", sharing.reference_take, name="reference_take"),
    path("catalogue/<int:product_pk>/prendre/", sharing.product_take, name="product_take"),
    path("import/", importing.import_upload, name="import_upload"),
    path("import/modele.csv", importing.import_sample, name="import_sample"),
    path("import/<int:import_pk>/", importing.import_detail, name="import_detail"),
    path("import/<int:import_pk>/refusees.csv", importing.import_refused, name="import_refused"),
    path("<int:powder_pk>/", reading.powder_detail, name="powder_detail"),
    path("<int:powder_pk>/modifier/", editing.powder_edit, name="powder_edit"),
    path("<int:powder_pk>/prix/", editing.powder_price, name="powder_price"),
    path("<int:powder_pk>/archiver/", editing.powder_archive, name="powder_archive"),
    path("<int:powder_pk>/remettre/", editing.powder_restore, name="powder_restore"),
    path("<int:powder_pk>/supprimer/", editing.powder_delete, name="powder_delete"),
]
