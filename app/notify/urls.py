"""Pages of this app, under the workshop's settings."""

from django.urls import path

from app.notify.views import mailbox, sent, staff, templates

app_name = "notify"
urlpatterns = [
    path("", mailbox.mailbox, name="mailbox"),
    path("connecter/<slug:provider>/", mailbox.mailbox_connect, name="mailbox_connect"),
    path("autoriser/<slug:provider>/", mailbox.oauth_start, name="oauth_start"),
    path("verifier/", mailbox.mailbox_check, name="mailbox_check"),
    path("tester/", mailbox.mailbox_test, name="mailbox_test"),
    path("deconnecter/", mailbox.mailbox_disconnect, name="mailbox_disconnect"),
    path("modeles/", templates.template_list, name="template_list"),
    path("modeles/<slug:kind>/", templates.template_edit, name="template_edit"),
    path("modeles/<slug:kind>/apercu/", templates.template_preview, name="template_preview"),
    path("modeles/<slug:kind>/reinitialiser/", templates.template_reset, name="template_reset"),
    path("mes-notifications/", staff.preferences, name="preferences"),
    path("mes-notifications/nouveautes/", staff.news_switch, name="news_switch"),
    path("mes-notifications/appareils/", staff.device_add, name="device_add"),
    path("mes-notifications/appareils/<int:device_pk>/retirer/", staff.device_remove, name="device_remove"),
    path("envoyes/", sent.email_list, name="email_list"),
    path("envoyes/<int:email_pk>/", sent.email_detail, name="email_detail"),
    path("envoyes/<int:email_pk>/renvoyer/", sent.email_resend, name="email_resend"),
]
