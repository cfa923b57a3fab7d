"""The page of a paper being made."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .models import Paper
from .papers import get_paper


@require_safe
@workshop_page(Permission.PROJECTS_READ)
def paper_detail(request: WorkshopRequest, paper_pk: int) -> HttpResponse:
    """A paper to print; asked by htmx, its state alone. Its file has the same permission."""
    try:
        paper = get_paper(paper_pk)
    except Paper.DoesNotExist as error:
        raise Http404 from error
    template = "documents/paper_state.html" if request.headers.get("HX-Request") else "documents/paper_detail.html"
    return render(request, template, {"paper": paper})
