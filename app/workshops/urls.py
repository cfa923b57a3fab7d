"""Pages of this app, under the workshop's settings."""

from django.urls import path

from .views import identity, sites, team

app_name = "workshops"
urlpatterns = [
    path("identite/", identity.identity, name="identity"),
    path("identite/logo/supprimer/", identity.logo_remove, name="logo_remove"),
    path("adresse/", identity.address, name="address"),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/<int:site_pk>/", sites.site_rename, name="site_rename"),
    path("sites/<int:site_pk>/retirer/", sites.site_archive, name="site_archive"),
    path("droits/", team.matrix, name="matrix"),
    path("equipe/", team.member_list, name="member_list"),
    path("equipe/inviter/", team.member_invite, name="member_invite"),
    path("equipe/<int:membership_pk>/", team.member_edit, name="member_edit"),
    path("equipe/<int:membership_pk>/desactiver/", team.member_deactivate, name="member_deactivate"),
    path("equipe/<int:membership_pk>/reactiver/", team.member_reactivate, name="member_reactivate"),
    path("equipe/invitations/<int:invitation_pk>/renvoyer/", team.invitation_resend, name="invitation_resend"),
    path("equipe/invitations/<int:invitation_pk>/annuler/", team.invitation_cancel, name="invitation_cancel"),
]
