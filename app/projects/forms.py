"""Parsing of projects: the head, the parts, what was really done, the steps of a workflow."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.powders.models import Powder
from app.quotes.forms import powder_choices
from app.tenancy.formfields import limit_choices, tenant_formfield

from .constants import CheckAnswer, Handover
from .models import Part, Project, Step, Workflow
from .selectors import list_workflows

DAY = {"type": "date"}
REMARK_LONGEST = 200


class ProjectForm(forms.ModelForm):
    """Dates, priority and notes of a project."""

    class Meta:
        model = Project
        fields = ["dropped_on", "promised_on", "priority", "final_use", "note"]
        widgets = {
            "dropped_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "promised_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }


class NewProjectForm(ProjectForm):
    """A project opened by hand, with its first part; the others are added on its page."""

    designation = forms.CharField(label=_("First part"), max_length=250)
    quantity = forms.DecimalField(label=_("quantity"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2)
    powder: "forms.ModelChoiceField[Powder]" = forms.ModelChoiceField(label=_("powder"), queryset=None, required=False)
    workflow: "forms.ModelChoiceField[Workflow]" = forms.ModelChoiceField(
        label=_("workflow"), queryset=None, required=False
    )

    class Meta(ProjectForm.Meta):
        formfield_callback = tenant_formfield
        fields = ["customer", "title", *ProjectForm.Meta.fields]
        widgets = {**ProjectForm.Meta.widgets, "customer": forms.HiddenInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "customer", Customer.objects.filter(erased_at=None))
        limit_choices(self, "powder", Powder.objects.filter(archived_at=None), powder_choices())
        limit_choices(self, "workflow", list_workflows())

    def part(self) -> Part:
        """The first part, not saved; valid once `is_valid()` said so."""
        data = self.cleaned_data
        powder = data["powder"]
        return Part(
            designation=data["designation"],
            quantity=data["quantity"],
            powder=powder,
            curing_celsius=powder.curing_temperature_c if powder else None,
            curing_minutes=powder.curing_minutes if powder else None,
        )


class PartForm(forms.ModelForm):
    """The powder really used, its layers and its curing."""

    class Meta:
        model = Part
        formfield_callback = tenant_formfield
        fields = ["powder", "coats", "primer", "varnish", "curing_celsius", "curing_minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "powder", Powder.objects.all(), powder_choices())
        self.fields["curing_celsius"].widget.attrs["data-unit"] = "°C"
        self.fields["curing_minutes"].widget.attrs["data-unit"] = "min"


class StepForm(forms.Form):
    """The validation of a step: an answer and a note for each item of its checklist, and a comment."""

    comment = forms.CharField(label=_("Comment"), max_length=500, required=False)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        for rank, item in enumerate(step.checklist):
            self.fields[f"answer_{rank}"] = forms.ChoiceField(
                label=item, choices=CheckAnswer, widget=forms.RadioSelect, required=False
            )
            self.fields[f"remark_{rank}"] = forms.CharField(
                label=_("Note about “%(item)s”") % {"item": item}, max_length=REMARK_LONGEST, required=False
            )

    def checks(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each item of the checklist: its answer, its note."""
        return [(self[f"answer_{rank}"], self[f"remark_{rank}"]) for rank in range(len(self.step.checklist))]

    def answers(self) -> list[str]:
        """The answers in the order of the checklist, empty where none was given."""
        return self._said("answer")

    def remarks(self) -> list[str]:
        """The notes in the order of the checklist."""
        return self._said("remark")

    def _said(self, what: str) -> list[str]:
        return [self.cleaned_data.get(f"{what}_{rank}", "") for rank in range(len(self.step.checklist))]


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=250)


class HandoverForm(forms.Form):
    """How the parts left."""

    handover = forms.ChoiceField(
        label=_("How did the parts leave?"),
        choices=Handover,
        widget=forms.RadioSelect,
        initial=Handover.COLLECTED,
    )
