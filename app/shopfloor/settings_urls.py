"""Shared tablets and codes, under the workshop's settings."""

from django.urls import path

from .views import office

app_name = "tablets"
urlpatterns = [
    path("", office.tablet_list, name="tablet_list"),
    path("verrou/", office.lock_save, name="lock_save"),
    path("mon-code/", office.my_pin, name="my_pin"),
    path("codes/<int:membership_pk>/", office.pin_reset, name="pin_reset"),
    path("<int:tablet_pk>/lien/", office.link_renew, name="link_renew"),
    path("<int:tablet_pk>/retirer/", office.tablet_revoke, name="tablet_revoke"),
]
