"""The rows of an address."""

from django.http import Http404

from app.projects.models import Project
from app.projects.selectors import get_project

from ..models import Batch
from ..selectors import get_batch


def batch_or_404(batch_pk: int) -> Batch:
    """The batch, or the page that says there is none."""
    try:
        return get_batch(batch_pk)
    except Batch.DoesNotExist as error:
        raise Http404 from error


def project_or_404(project_pk: int) -> Project:
    """The project, or the page that says there is none."""
    try:
        return get_project(project_pk)
    except Project.DoesNotExist as error:
        raise Http404 from error
