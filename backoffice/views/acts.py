"""The publisher's acts on one workshop: one small page each, back to the workshop afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..forms.workshops import ExtendForm, GiveForm, QuotaForm, ReasonForm, SetUpForm
from ..services import workshops as services
from .found import workshop_or_404

Text = str | Promise


def _act(
    request: PublisherRequest,
    workshop_pk: int,
    form_class: Callable[..., Any],
    run: Callable[..., None],
    *,
    title: Text,
    explains: Text,
) -> HttpResponse:
    """Ask what the act needs, do it, and come back; a refusal stands beside its field."""
    workshop = workshop_or_404(workshop_pk)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            run(
                workshop=workshop,
                actor=request.actor,
                **(form.asked() if hasattr(form, "asked") else form.cleaned_data),
            )
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Done."))
            return redirect("backoffice:workshop_detail", workshop_pk=workshop_pk)
    context = {"form": form, "workshop": workshop, "title": title, "explains": explains}
    return render(request, "backoffice/workshop_act.html", context, status=422 if form.errors else 200)


@publisher_page
def plan_give(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    return _act(
        request, workshop_pk, GiveForm, services.give, title=gettext_lazy("Give a plan"),
        explains=gettext_lazy("Opened at once, without payment: not revenue. The Owners are told by e-mail."),
    )  # fmt: skip


@publisher_page
def plan_withdraw(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    return _act(
        request, workshop_pk, ReasonForm, services.withdraw, title=gettext_lazy("Withdraw the given plan"),
        explains=gettext_lazy("It ends now. Data stays, to be read and exported."),
    )  # fmt: skip


@publisher_page
def trial_extend(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    return _act(
        request, workshop_pk, ExtendForm, services.extend, title=gettext_lazy("Extend the trial"),
        explains=gettext_lazy("The days are added to its end, or to today when it is over."),
    )  # fmt: skip


@publisher_page
def quota_change(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    return _act(
        request, workshop_pk, QuotaForm, services.change_quota, title=gettext_lazy("Change a quota"),
        explains=gettext_lazy("For this workshop only, at once. The Owners are told by e-mail."),
    )  # fmt: skip


@publisher_page
@require_POST
def read_again(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    """Compare with the payment service now; a worker does it."""
    workshop = workshop_or_404(workshop_pk)
    try:
        services.read_again(workshop=workshop, actor=request.actor)
        messages.success(request, _("It is being read: look again in a moment."))
    except RuleError as error:
        messages.error(request, error.message)
    return redirect("backoffice:workshop_detail", workshop_pk=workshop_pk)


@publisher_page
@require_POST
def set_up(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    """Note the checklist."""
    workshop = workshop_or_404(workshop_pk)
    form = SetUpForm(request.POST)
    if form.is_valid():
        services.save_set_up(workshop=workshop, actor=request.actor, answers=form.answers())
        messages.success(request, _("Saved."))
        return redirect("backoffice:workshop_detail", workshop_pk=workshop_pk)
    context = {
        "form": form,
        "workshop": workshop,
        "title": _("Set-up checklist"),
        "explains": _("Kept for the publisher's staff."),
    }
    return render(request, "backoffice/workshop_act.html", context, status=422)
