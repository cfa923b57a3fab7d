"""The mail pages of development."""

from django.urls import path

from . import mail_views

app_name = "devmail"
urlpatterns = [
    path("", mail_views.mail_list, name="mail_list"),
    path("vider/", mail_views.mails_delete, name="mails_delete"),
    path("<str:name>/", mail_views.mail_detail, name="mail_detail"),
    path("<str:name>/html/", mail_views.mail_html, name="mail_html"),
    path("<str:name>/piece/<int:position>/", mail_views.mail_attachment, name="mail_attachment"),
]
