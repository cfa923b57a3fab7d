"""What a customer's projects forbid."""

from django.utils.translation import gettext as _

from app.crm.models import Customer

from .constants import ProjectStatus
from .models import Project


def why_keep(customer: Customer) -> str | None:
    """A project that is neither delivered nor cancelled keeps its customer."""
    closed = (ProjectStatus.DELIVERED, ProjectStatus.CANCELLED)
    project = Project.objects.filter(customer=customer).exclude(status__in=closed).first()
    return _("The project %(project)s is not finished.") % {"project": project.number} if project else None
