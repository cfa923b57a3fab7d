"""The publisher's pages, at their own address."""

from django.urls import path

from .access import hidden
from .views import (
    acts,
    catalogue,
    dunning,
    flags,
    history,
    incidents,
    indicators,
    monitors,
    overview,
    support,
    workshops,
)
from .views.entrance import SignIn

app_name = "backoffice"
urlpatterns = [
    path("connexion/", hidden(SignIn.as_view()), name="sign_in"),
    path("", overview.overview, name="overview"),
    path("ateliers/", workshops.workshop_list, name="workshop_list"),
    path("ateliers/export/", workshops.workshop_export, name="workshop_export"),
    path("ateliers/<int:workshop_pk>/", workshops.workshop_detail, name="workshop_detail"),
    path("ateliers/<int:workshop_pk>/offrir/", acts.plan_give, name="workshop_give"),
    path("ateliers/<int:workshop_pk>/retirer/", acts.plan_withdraw, name="workshop_withdraw"),
    path("ateliers/<int:workshop_pk>/essai/", acts.trial_extend, name="workshop_extend"),
    path("ateliers/<int:workshop_pk>/quota/", acts.quota_change, name="workshop_quota"),
    path("ateliers/<int:workshop_pk>/relire/", acts.read_again, name="workshop_read_again"),
    path("ateliers/<int:workshop_pk>/mise-en-route/", acts.set_up, name="workshop_set_up"),
    path("parametres/", catalogue.catalogue, name="catalogue"),
    path("parametres/offres/nouvelle/", catalogue.offer_create, name="catalogue_create"),
    path("parametres/offres/<int:offer_pk>/", catalogue.offer_edit, name="catalogue_offer"),
    path("parametres/regles/", catalogue.rules_edit, name="catalogue_rules"),
    path("parametres/depassements/", catalogue.overages_edit, name="catalogue_overages"),
    path("historique/", history.change_list, name="change_list"),
    path("historique/export/", history.change_export, name="change_export"),
    path("historique/<int:change_pk>/", history.change_detail, name="change_detail"),
    path("historique/<int:change_pk>/reprendre/", history.change_retry, name="change_retry"),
    path("impayes/", dunning.dunning, name="dunning"),
    path("impayes/<int:workshop_pk>/avis/<int:notice_pk>/", dunning.notice_retry, name="notice_retry"),
    path("impayes/<int:workshop_pk>/ordres/<int:order_pk>/", dunning.order_hurry, name="order_hurry"),
    path("avoirs/", dunning.credits, name="credits"),
    path("fonctions/", flags.flag_list, name="flag_list"),
    path("fonctions/nouvelle/", flags.flag_create, name="flag_create"),
    path("fonctions/<int:flag_pk>/", flags.flag_edit, name="flag_edit"),
    path("fonctions/<int:flag_pk>/couper/", flags.flag_off, name="flag_off"),
    path("surveillance/", monitors.monitors, name="monitors"),
    path("surveillance/<int:workshop_pk>/mails/<int:email_pk>/", monitors.mail_resend, name="mail_resend"),
    path("surveillance/mails/<int:email_pk>/", monitors.platform_mail_resend, name="platform_mail_resend"),
    path("surveillance/evenements/", monitors.events_again, name="events_again"),
    path("incidents/", incidents.incident_list, name="incident_list"),
    path("incidents/nouveau/", incidents.incident_create, name="incident_create"),
    path("incidents/pannes/<int:draft_pk>/publier/", incidents.incident_create, name="incident_publish"),
    path("incidents/pannes/<int:draft_pk>/ecarter/", incidents.draft_set_aside, name="draft_set_aside"),
    path("incidents/maintenance/", incidents.incident_plan, name="incident_plan"),
    path("incidents/maintenance/<int:maintenance_pk>/annuler/", incidents.incident_cancel, name="incident_cancel"),
    path("incidents/<int:incident_pk>/", incidents.incident_detail, name="incident_detail"),
    path("objectifs/", indicators.indicators, name="indicators"),
    path("ateliers/<int:workshop_pk>/aider/<int:membership_pk>/", support.start, name="support_start"),
]
