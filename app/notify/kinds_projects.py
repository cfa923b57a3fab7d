"""The messages about the work of a workshop, to its own people."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable

PROJECTS = (
    EmailKind(
        key="late_projects",
        label=_("Late projects"),
        subject=_("{atelier}: {retards}"),
        body=_(
            "Hello {prenom},\n\nThe promised date has passed and the parts are not ready: {retards}.\n\n{projets}\n\n"
            "A new date can be agreed with the customer on the project's page. This message leaves once a day at "
            "most, and only when something is late."
        ),
        button=_("See the late projects"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "retards": Variable(_("how many projects are late"), _("2 late projects")),
            "projets": Variable(
                _("the late projects, the oldest promise first"),
                _("PRJ-2026-0042 · Gate · Camille Lefèvre: promised on 18 November, 3 days late"),
            ),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
