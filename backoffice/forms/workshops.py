"""Filters of the list of workshops, and the publisher's acts on one of them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.billing.constants import GIGABYTE, AccessState
from app.billing.models import Offer
from app.billing.selectors import list_plans
from app.billing.services.extending import MOST_DAYS
from app.entitlements.constants import Dimension
from app.kernel.formfields import DayField

from ..constants import SetUpStep
from ..selectors.workshops import list_countries
from ..services.workshops import SetUpAnswer

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WorkshopFilters(forms.Form):
    """What the list shows, from the address."""

    q = forms.CharField(required=False, max_length=120)
    etat = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *AccessState.choices])
    offre = forms.ChoiceField(label=_("Plan"), required=False)
    pays = forms.ChoiceField(label=_("Country"), required=False)
    stockage = forms.ChoiceField(
        label=_("Storage"), required=False,
        choices=[("", _("All")), ("80", _("80% and more")), ("90", _("90% and more"))],
    )  # fmt: skip
    impaye = forms.ChoiceField(label=_("Payment"), required=False, choices=[("", _("All")), ("1", _("Unpaid"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = [(str(plan.pk), plan.name) for plan in list_plans()]
        countries = [(country, country) for country in list_countries()]
        for name, choices in (("offre", plans), ("pays", countries)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]

    def asked(self) -> dict[str, Any]:
        """The filters as `list_workshops` takes them; what was typed wrong is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "words": data.get("q", "").strip(),
            "state": data.get("etat", ""),
            "plan": int(data["offre"]) if data.get("offre") else None,
            "country": data.get("pays", ""),
            "storage": data.get("stockage", ""),
            "unpaid": bool(data.get("impaye")),
        }


class GiveForm(forms.Form):
    """A plan opened by hand."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Offer.objects.none())
    until = DayField(
        label=_("Until"), required=False, widget=DAY, help_text=_("The last day included; empty: without an end.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The Owner reads it in the mail that leaves.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = list_plans()

    def clean_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0))) if day else None


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ExtendForm(forms.Form):
    """More days of trial."""

    days = forms.IntegerField(label=_("Days to add"), min_value=1, max_value=MOST_DAYS, initial=15)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class QuotaForm(forms.Form):
    """One workshop's own limit of one dimension."""

    dimension = forms.ChoiceField(label=_("What"))
    rule = forms.ChoiceField(
        label=_("Limit"), widget=forms.RadioSelect, initial="own",
        choices=[
            ("own", _("Its own limit, below")),
            ("unlimited", _("Unlimited")),
            ("plan", _("That of its plan and options")),
        ],
    )  # fmt: skip
    limit = forms.DecimalField(
        label=_("Its own limit"), required=False, min_value=0, max_value=Decimal(1_000_000_000),
        help_text=_("In gigabytes for the storage, otherwise a whole number."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dimension"]
        assert isinstance(field, forms.ChoiceField)
        others = [(dimension.value, dimension.label) for dimension in Dimension if dimension != Dimension.STORAGE]
        field.choices = [(Dimension.STORAGE.value, _("Storage (GB)")), *others]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        limit, dimension = data.get("limit"), data.get("dimension")
        if data.get("rule") != "own":
            data["limit"] = None
        elif limit is None and "limit" not in self.errors:
            self.add_error("limit", _("Say how much."))
        elif limit is not None and dimension == Dimension.STORAGE:
            data["limit"] = int(limit * GIGABYTE)
        elif limit is not None and limit != int(limit):
            self.add_error("limit", _("A whole number."))
        elif limit is not None:
            data["limit"] = int(limit)
        return data

    def asked(self) -> dict[str, Any]:
        """What `change_quota` takes."""
        data = self.cleaned_data
        return {"dimension": Dimension(data["dimension"]), "limit": data["limit"], "own": data["rule"] != "plan"}


class SetUpForm(forms.Form):
    """The checklist: for each line, when it was done and a note."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in SetUpStep:
            self.fields[f"{step}_on"] = DayField(
                label=_("%(step)s: on") % {"step": step.label}, required=False, widget=DAY
            )
            self.fields[f"{step}_note"] = forms.CharField(
                label=_("%(step)s: note") % {"step": step.label}, required=False, max_length=200
            )

    def answers(self) -> dict[SetUpStep, SetUpAnswer]:
        """What `save_set_up` takes."""
        data = self.cleaned_data
        return {step: SetUpAnswer(data[f"{step}_on"], data[f"{step}_note"]) for step in SetUpStep}
