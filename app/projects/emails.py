"""The messages of projects."""

from django.utils import timezone
from django.utils.translation import gettext as _

from app.crm.services.portal_links import make_link
from app.notify.events import StaffEvent
from app.notify.services import News, queue_email, tell_staff
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from .models import Project


def mail_ready(*, workshop: Workshop, project: Project, again: bool = False) -> None:
    """Tell the customer that the parts wait: once per readiness, or again by hand. Nothing without an address."""
    customer = project.customer
    if not customer.email:
        return
    path = workshop_url(workshop, "portal:project_detail", project_pk=project.pk)
    key = f"project:{project.pk}:ready:{project.readiness}"
    queue_email(
        workshop=workshop,
        actor=Actor.system("project ready"),
        kind="ready_to_collect",
        to=customer.email,
        context={
            "nom_client": customer.person_name or customer.display_name,
            "numero_projet": project.number,
            "lien": make_link(workshop=workshop, customer=customer, path=path),
        },
        subject_ref=project,
        dedupe_key=f"{key}:{timezone.now():%s%f}" if again else key,
    )


def tell_ready(*, workshop: Workshop, actor: Actor, project: Project) -> None:
    """Tell the colleagues who want to know that a project is ready, once per readiness."""
    tell_staff(
        workshop=workshop, actor=actor, event=StaffEvent.PROJECT_READY, dedupe_key=f"{project.pk}:{project.readiness}",
        news=lambda: News(_("Project ready"), f"{project.number} · {project.customer}"),
        path=workshop_url(workshop, "projects:project_detail", project_pk=project.pk),
    )  # fmt: skip
