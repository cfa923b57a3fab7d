"""Incidents, from the probe that fails to the post-mortem, and planned maintenance."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from status.constants import Severity, Step
from status.models import IncidentDraft
from status.selectors.incidents import IncidentState
from status.services.incidents import add_update, publish_incident, set_aside
from status.services.maintenance import cancel_maintenance, plan_maintenance, windows_in_words

from ..access import PublisherRequest, publisher_page
from ..forms.incidents import IncidentForm, MaintenanceForm, UpdateForm
from ..selectors.incidents import find_draft, find_incident, get_board, suggested_title, workshop_names


@publisher_page
@require_safe
def incident_list(request: PublisherRequest) -> HttpResponse:
    """What fails, what goes on, what ended, and the maintenance."""
    return render(request, "backoffice/incidents.html", {"board": get_board()})


@publisher_page
def incident_create(request: PublisherRequest, draft_pk: int | None = None) -> HttpResponse:
    """Publish an incident, from a failure that the probes saw or from nothing."""
    draft = _draft_or_404(draft_pk) if draft_pk else None
    form = IncidentForm(request.POST if request.method == "POST" else None, initial=_initial(draft))
    if form.is_valid():
        try:
            values = {**form.cleaned_data, "step": Step(form.cleaned_data["step"])}
            values["severity"] = Severity(values["severity"])
            incident = publish_incident(by=request.actor.label, draft=draft, **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Published."))
            return redirect("backoffice:incident_detail", incident.pk)
    context = {"form": form, "draft": draft}
    return render(request, "backoffice/incident_form.html", context, status=422 if form.errors else 200)


@publisher_page
def incident_detail(request: PublisherRequest, incident_pk: int) -> HttpResponse:
    """The timeline, and its next entry."""
    state = _incident_or_404(incident_pk)
    data = request.POST if request.method == "POST" else None
    form = UpdateForm(data, is_open=state.is_open, severity=state.severity)
    if form.is_valid():
        try:
            values = {**form.cleaned_data, "step": Step(form.cleaned_data["step"])}
            values["severity"] = Severity(values["severity"])
            add_update(by=request.actor.label, incident_pk=incident_pk, **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Published."))
            return redirect("backoffice:incident_detail", incident_pk)
    context = {"form": form, "state": state, "names": workshop_names(state.incident.workshops)}
    return render(request, "backoffice/incident_detail.html", context, status=422 if form.errors else 200)


@publisher_page
@require_POST
def draft_set_aside(request: PublisherRequest, draft_pk: int) -> HttpResponse:
    try:
        set_aside(by=request.actor.label, draft_pk=draft_pk)
        messages.success(request, _("Set aside."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("backoffice:incident_list")


@publisher_page
def incident_plan(request: PublisherRequest) -> HttpResponse:
    """Announce maintenance."""
    form = MaintenanceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            plan_maintenance(by=request.actor.label, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Announced: the mails leave within a minute."))
            return redirect("backoffice:incident_list")
    context = {"form": form, "windows": windows_in_words()}
    return render(request, "backoffice/maintenance_form.html", context, status=422 if form.errors else 200)


@publisher_page
@require_POST
def incident_cancel(request: PublisherRequest, maintenance_pk: int) -> HttpResponse:
    """Cancel a maintenance that has not begun."""
    try:
        cancel_maintenance(by=request.actor.label, maintenance_pk=maintenance_pk)
        messages.success(request, _("Cancelled: the mails leave within a minute."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("backoffice:incident_list")


def _initial(draft: IncidentDraft | None) -> dict[str, object]:
    if draft is None:
        return {"started_at": IncidentForm.beginning()}
    return {
        "title": suggested_title(draft),
        "components": [draft.component],
        "started_at": IncidentForm.beginning(draft.detected_at),
    }


def _draft_or_404(draft_pk: int) -> IncidentDraft:
    draft = find_draft(draft_pk)
    if draft is None:
        raise Http404
    return draft


def _incident_or_404(incident_pk: int) -> IncidentState:
    state = find_incident(incident_pk)
    if state is None:
        raise Http404
    return state
