"""What happened with a customer: quotes, projects and messages together, newest first. The record page loads it."""

from operator import attrgetter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from app.crm.selectors import find_customer
from app.notify.selectors import list_emails
from app.projects.selectors import list_projects
from app.quotes.selectors import list_quotes
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

SHOWN_MOST = 50


@workshop_page(Permission.CUSTOMERS_READ)
def customer_history(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    """A fragment, limited to what the member may read."""
    if find_customer(str(customer_pk)) is None:
        raise Http404
    quotes = list(list_quotes(customer_pk=customer_pk)[:SHOWN_MOST]) if request.may(Permission.QUOTES_READ) else []
    projects = (
        list(list_projects(customer_pk=customer_pk)[:SHOWN_MOST]) if request.may(Permission.PROJECTS_READ) else []
    )
    emails: list[Any] = []
    if request.may(Permission.MESSAGES_READ):
        keys = {"quote": [row.pk for row in quotes], "project": [row.pk for row in projects], "customer": [customer_pk]}
        for kind, pks in keys.items():
            emails += (
                list_emails().filter(subject_kind=kind, subject_pk__in=pks).order_by("-created_at", "-pk")[:SHOWN_MOST]
            )
    context = {"events": _newest_first([*quotes, *projects, *emails])}
    return render(request, "home/customer_history.html", context)


def _newest_first(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows with the name of their kind, for the template to choose how to show each."""
    latest = sorted(rows, key=attrgetter("created_at"), reverse=True)[:SHOWN_MOST]
    return [{"kind": row._meta.model_name, "row": row} for row in latest]
