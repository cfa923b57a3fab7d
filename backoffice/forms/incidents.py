"""Incidents, entries of their timelines, and planned maintenance."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from status.constants import AFTER_CLOSING, OPEN_STEPS, Component, Severity, Step

from ..selectors.flags import keys_of_slugs

MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, f"{MOMENT}:%S"], **options)


def _labels(steps: tuple[Step, ...]) -> list[tuple[str, Any]]:
    return [(str(step), step.label) for step in steps]


class UpdateForm(forms.Form):
    """An entry of an open incident; a closed one accepts only what adds to it."""

    step = forms.ChoiceField(label=_("State"))
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity)
    text = forms.CharField(
        label=_("What the public reads"), max_length=10000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is known, what is done, when the next word comes. It can never be changed afterwards."),
    )  # fmt: skip
    ended_at = _moment(_("End of the trouble"), required=False, help_text=_("Only to close it; empty: now."))

    def __init__(self, data: Any = None, *, is_open: bool, severity: Severity) -> None:
        super().__init__(data, initial={"severity": severity})
        steps = (*OPEN_STEPS, Step.RESOLVED) if is_open else AFTER_CLOSING
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _labels(steps)
        if not is_open:
            del self.fields["ended_at"]
            self.fields["severity"].widget = forms.HiddenInput()


class IncidentForm(forms.Form):
    """A new incident, from a draft of the probes or from nothing."""

    title = forms.CharField(label=_("Title"), max_length=120)
    components = forms.MultipleChoiceField(label=_("Elements"), choices=Component, widget=forms.CheckboxSelectMultiple)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity, initial=Severity.MAJOR,
        help_text=_("Critical: the Owners and Administrators receive a mail at once."),
    )  # fmt: skip
    step = forms.ChoiceField(label=_("State"), choices=_labels(OPEN_STEPS))
    started_at = _moment(_("Beginning"))
    text = forms.CharField(
        label=_("What the public reads"), max_length=10000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is known, what is done, when the next word comes. It can never be changed afterwards."),
    )  # fmt: skip
    workshops = forms.CharField(
        label=_("Only these workshops"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their addresses, separated by spaces; empty: everybody is concerned."),
    )  # fmt: skip

    def clean_workshops(self) -> list[int]:
        slugs = self.cleaned_data["workshops"].split()
        found = keys_of_slugs(slugs)
        if missing := [slug for slug in slugs if slug not in found]:
            raise forms.ValidationError(_("No such workshop: %(slugs)s."), params={"slugs": ", ".join(missing)})
        return sorted(found.values())

    @staticmethod
    def beginning(moment: datetime | None = None) -> str:
        """A moment as its field shows it, on the reader's clock."""
        return timezone.localtime(moment or timezone.now()).strftime(MOMENT)


class MaintenanceForm(forms.Form):
    """Planned work."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What the public reads"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What stops, for whom, and what is better afterwards."),
    )  # fmt: skip
    components = forms.MultipleChoiceField(
        label=_("Elements"), choices=Component, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything."),
    )  # fmt: skip
    starts_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"))
