"""The rows of an address, as long as they are this customer's."""

from django.http import Http404

from app.projects.models import Project
from app.projects.selectors import get_project

from .pages import PortalRequest


def project_or_404(request: PortalRequest, project_pk: int) -> Project:
    """A project of this customer; anybody else's does not exist."""
    try:
        project = get_project(project_pk)
    except Project.DoesNotExist as error:
        raise Http404 from error
    if project.customer_id != request.customer.pk:
        raise Http404
    return project
