"""The ten steps that set a workshop up: saved one by one, resumable, each can be skipped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from app.billing.models import Offer
from app.billing.selectors import find_trial, public_plans
from app.billing.services.trial import want_plan
from app.crm.selectors import list_customers
from app.entitlements.constants import OPTIONAL_MODULES
from app.entitlements.services import set_modules
from app.notify.selectors import find_mailbox
from app.powders.selectors import list_powders
from app.quotes.selectors import get_settings
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission
from app.tenancy.selectors import list_members, list_open_invitations

from .services import finish_onboarding, save_onboarding_step

Text = str | Promise


class PlanField(forms.ModelChoiceField):
    """Plans by name and description."""

    def label_from_instance(self, obj: Offer) -> str:
        return " · ".join(part for part in (obj.name, obj.description) if part)


class PlanForm(forms.Form):
    """Lite or Pro, for later."""

    plan = PlanField(
        label=_("Plan"),
        queryset=public_plans(),
        required=False,
        empty_label=_("I will choose later"),
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, request: WorkshopRequest) -> None:
        trial = find_trial()
        super().__init__(data, initial={"plan": trial and trial.wanted_plan_id})

    def keep(self, request: WorkshopRequest) -> None:
        """Save the choice."""
        want_plan(workshop=request.workshop, actor=request.actor, plan=self.cleaned_data["plan"])


class ModulesForm(forms.Form):
    """The core alone, or with the wheels module."""

    modules = forms.MultipleChoiceField(
        label=_("Optional modules"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(module.value, module.label) for module in OPTIONAL_MODULES],
    )  # fmt: skip

    def __init__(self, data: Any, *, request: WorkshopRequest) -> None:
        on = [module for module in OPTIONAL_MODULES if module not in request.workshop.modules_off]
        super().__init__(data, initial={"modules": on})

    def keep(self, request: WorkshopRequest) -> None:
        """Save the choice."""
        set_modules(workshop=request.workshop, actor=request.actor, wanted=self.cleaned_data["modules"])


def _done_at_sign_up(workshop: Workshop) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """A step: what it is, the form or the page that does it, and how we know that it is done."""

    label: Text
    note: Text
    form: type[PlanForm] | type[ModulesForm] | None = None
    page: str = ""
    action: Text = ""
    is_done: Callable[[Workshop], bool] = _done_at_sign_up


STEPS = (
    Step(_("Account"), _("Your address is confirmed.")),
    Step(_("Agreements"), _("Terms, privacy and data processing are accepted.")),
    Step(
        _("Plan"),
        _("Which plan are you thinking of? The trial has everything in any case: this commits you to nothing."),
        form=PlanForm,
    ),
    Step(_("Trial"), _("Your free trial runs, with every feature and no payment card.")),
    Step(_("Modules"), _("The core is always on. Leave out what you do not do."), form=ModulesForm),
    Step(
        _("Prices"),
        _("Margins, hourly rate, taxes: they make your quotes right. Sensible values are there already."),
        page="quotes:settings",
        action=_("Set my prices"),
        is_done=lambda workshop: bool(get_settings(workshop).pk),
    ),
    Step(
        _("E-mail"),
        _("Send from your own mailbox, so that customers recognise you. Until then ThermoGestion sends for you."),
        page="notify:mailbox",
        action=_("Connect my mailbox"),
        is_done=lambda _workshop: find_mailbox() is not None,
    ),
    Step(
        _("Team"),
        _("Invite those who work with you; each sees what their role needs."),
        page="workshops:member_invite",
        action=_("Invite somebody"),
        is_done=lambda _workshop: list_members()[1:2].exists() or list_open_invitations().exists(),
    ),
    Step(
        _("Customers"),
        _("Bring your customers from a spreadsheet, or create them as the quotes come."),
        page="crm:customer_list",
        action=_("Open the customers"),
        is_done=lambda _workshop: list_customers().exists(),
    ),
    Step(
        _("Powders"),
        _("Import your powders, or add the few that you use most."),
        page="powders:powder_list",
        action=_("Open the powders"),
        is_done=lambda _workshop: list_powders().exists(),
    ),
)


@workshop_page(Permission.SETTINGS_EDIT)
def onboarding(request: WorkshopRequest) -> HttpResponse:
    """The step where the workshop is; `vers` moves on or back, saving what the step asks."""
    number = min(max(request.workshop.onboarding_step, 1), len(STEPS))
    step = STEPS[number - 1]
    form = step.form(request.POST if "vers" in request.POST else None, request=request) if step.form else None
    if request.method == "POST":
        if request.POST.get("vers") == "avant":
            return _go(request, number - 1)
        if form is None or form.is_valid():
            if form:
                form.keep(request)
            return _go(request, number + 1)
    context = {
        "number": number,
        "rank": number - 1,  # the stepper counts from 0
        "step": step,
        "form": form,
        "labels": [found.label for found in STEPS],
        "is_done": step.is_done(request.workshop),
        "is_last": number == len(STEPS),
        "page": workshop_url(request.workshop, step.page) if step.page else "",
        "trial": find_trial(),
    }
    return render(request, "home/onboarding.html", context, status=422 if form and form.errors else 200)


def _go(request: WorkshopRequest, number: int) -> HttpResponse:
    if number > len(STEPS):
        finish_onboarding(workshop=request.workshop, actor=request.actor)
        messages.success(request, gettext("Your workshop is ready: write a first quote."))
        return redirect(workshop_url(request.workshop, "quotes:quote_create"))
    save_onboarding_step(workshop=request.workshop, number=max(1, number))
    return redirect(workshop_url(request.workshop, "home:onboarding"))
