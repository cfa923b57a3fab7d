"""Pages of quotes, under the workshop's `devis/`."""

from django.urls import path

from .views import acting, editing, reading

app_name = "quotes"
urlpatterns = [
    path("", reading.quote_list, name="quote_list"),
    path("nouveau/", editing.quote_create, name="quote_create"),
    path("apercu/", editing.quote_preview, name="quote_preview"),
    path("ligne/", editing.line_add, name="line_add"),
    path("prix/", acting.settings_edit, name="settings"),
    path("<int:quote_pk>/", reading.quote_detail, name="quote_detail"),
    path("<int:quote_pk>/document/", reading.quote_document, name="quote_document"),
    path("<int:quote_pk>/modifier/", editing.quote_edit, name="quote_edit"),
    path("<int:quote_pk>/envoyer/", acting.quote_send, name="quote_send"),
    path("<int:quote_pk>/renvoyer/", acting.quote_resend, name="quote_resend"),
    path("<int:quote_pk>/copier/", acting.quote_duplicate, name="quote_duplicate"),
    path("<int:quote_pk>/nouvelle-version/", acting.quote_new_version, name="quote_new_version"),
    path("<int:quote_pk>/supprimer/", acting.quote_delete, name="quote_delete"),
    path("<int:quote_pk>/refuser/", acting.quote_refuse, name="quote_refuse"),
]
