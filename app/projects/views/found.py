"""The rows of an address."""

from django.http import Http404

from app.quotes.models import Quote
from app.quotes.selectors import get_quote

from ..models import LabelPrint, Nonconformity, Part, Photo, Project, QualityTerm, Step, Workflow
from ..photo_selectors import get_photo
from ..selectors import (
    get_labels,
    get_nonconformity,
    get_part,
    get_project,
    get_step,
    get_term,
    get_workflow,
)


def project_or_404(project_pk: int) -> Project:
    """The project, or the page that says there is none."""
    try:
        return get_project(project_pk)
    except Project.DoesNotExist as error:
        raise Http404 from error


def step_or_404(project: Project, step_pk: int) -> Step:
    """The step of this project, or the page that says there is none."""
    try:
        return get_step(project, step_pk)
    except Step.DoesNotExist as error:
        raise Http404 from error


def part_or_404(project: Project, part_pk: int) -> Part:
    """The part of this project, or the page that says there is none."""
    try:
        return get_part(project, part_pk)
    except Part.DoesNotExist as error:
        raise Http404 from error


def labels_or_404(print_pk: int) -> LabelPrint:
    """The labels, or the page that says there are none."""
    try:
        return get_labels(print_pk)
    except LabelPrint.DoesNotExist as error:
        raise Http404 from error


def workflow_or_404(workflow_pk: int) -> Workflow:
    """The workflow, or the page that says there is none."""
    try:
        return get_workflow(workflow_pk)
    except Workflow.DoesNotExist as error:
        raise Http404 from error


def quote_or_404(quote_pk: int) -> Quote:
    """The quote, or the page that says there is none."""
    try:
        return get_quote(quote_pk)
    except Quote.DoesNotExist as error:
        raise Http404 from error


def nonconformity_or_404(project: Project, nonconformity_pk: int) -> Nonconformity:
    """The non-conformity of this project, or the page that says there is none."""
    try:
        return get_nonconformity(project, nonconformity_pk)
    except Nonconformity.DoesNotExist as error:
        raise Http404 from error


def term_or_404(term_pk: int) -> QualityTerm:
    """The word in use, or the page that says there is none."""
    try:
        return get_term(term_pk)
    except QualityTerm.DoesNotExist as error:
        raise Http404 from error


def photo_or_404(project: Project, photo_pk: int) -> Photo:
    """The photo of this project, or the page that says there is none."""
    try:
        return get_photo(project, photo_pk)
    except Photo.DoesNotExist as error:
        raise Http404 from error
