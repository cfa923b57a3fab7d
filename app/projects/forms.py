"""Parsing of projects: the head, the parts, what was really done, the steps of a workflow."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.documents.labels import Marks, Size
from app.kernel.formfields import SpacedDecimalField
from app.powders.models import Powder
from app.quotes.forms import powder_choices
from app.tenancy.formfields import limit_choices, tenant_formfield
from app.workshops.selectors import list_sites

from .constants import CheckAnswer, Handover
from .formfields import PhotosField
from .models import LabelPrint, Part, Project, Step, Workflow
from .selectors import list_workflows

DAY = {"type": "date"}
SIZE_FIELDS = ["length_mm", "width_mm", "height_mm", "mass_kg", "carry", "turning"]
REMARK_LONGEST = 200
MOST_ON_A_SHEET = 64


class ProjectForm(forms.ModelForm):
    """Dates, priority and notes of a project."""

    class Meta:
        model = Project
        formfield_callback = tenant_formfield
        fields = ["dropped_on", "promised_on", "priority", "site", "final_use", "note"]
        widgets = {
            "dropped_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "promised_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = list_sites()
        if len(sites) > 1:
            limit_choices(self, "site", sites)
        else:
            del self.fields["site"]


class NewProjectForm(ProjectForm):
    """A project opened by hand, with its first part; the others are added on its page."""

    designation = forms.CharField(label=_("First part"), max_length=250)
    quantity = SpacedDecimalField(label=_("quantity"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2)
    surface_m2 = SpacedDecimalField(
        label=_("surface of one part"), min_value=0, max_digits=10, decimal_places=4, required=False
    )
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
        ask_surface(self)

    def part(self) -> Part:
        """The first part, not saved; valid once `is_valid()` said so."""
        data = self.cleaned_data
        powder = data["powder"]
        return Part(
            designation=data["designation"],
            quantity=data["quantity"],
            surface_m2=data["surface_m2"],
            powder=powder,
            curing_celsius=powder.curing_temperature_c if powder else None,
            curing_minutes=powder.curing_minutes if powder else None,
        )


class PartForm(forms.ModelForm):
    """The powder really used, its layers, its curing, its size; the choice to leave a batch shows once it is asked."""

    leave_batch = forms.BooleanField(label=_("Take the part out of its batch"), required=False)

    class Meta:
        model = Part
        formfield_callback = tenant_formfield
        fields = [
            "powder",
            "coats",
            "primer",
            "varnish",
            "curing_celsius",
            "curing_minutes",
            "surface_m2",
            *SIZE_FIELDS,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "powder", Powder.objects.all(), powder_choices([self.instance.powder_id]))
        self.fields["curing_celsius"].widget.attrs["data-unit"] = "°C"
        self.fields["curing_minutes"].widget.attrs["data-unit"] = "min"
        ask_surface(self)
        mark_units(self)


class PartSizeForm(forms.ModelForm):
    """The room that a piece takes in the oven."""

    class Meta:
        model = Part
        fields = SIZE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark_units(self)
        for name in ("length_mm", "width_mm", "height_mm"):
            self.fields[name].required = True


def ask_surface(form: forms.BaseForm) -> None:
    """The surface that is coated: without it, the powder of a part leaves the stock of no batch and no project."""
    field = form.fields["surface_m2"]
    field.widget.attrs["data-unit"] = "m²"
    field.help_text = _("Of one piece. Without it, its powder is not counted in the stock.")


def mark_units(form: forms.BaseForm) -> None:
    """Show the unit of each dimension beside its field."""
    for name in ("length_mm", "width_mm", "height_mm"):
        form.fields[name].widget.attrs["data-unit"] = "mm"
    form.fields["mass_kg"].widget.attrs["data-unit"] = "kg"


class LabelForm(forms.Form):
    """Which labels, on what; the workshop's latest choices are proposed again."""

    part: "forms.ModelChoiceField[Part]" = forms.ModelChoiceField(
        label=_("Parts"), queryset=None, required=False, empty_label=_("All the parts")
    )
    size = forms.ChoiceField(label=_("Size of the labels"), choices=[(size.name, size.value.label) for size in Size])
    marks = forms.ChoiceField(label=_("What tells a part"), choices=Marks, widget=forms.RadioSelect)
    per_piece = forms.BooleanField(
        label=_("One label for each piece"),
        help_text=_("12 hooks make 12 labels, numbered 1/12 to 12/12; otherwise one label for the line."),
        required=False,
    )
    skipped = forms.IntegerField(
        label=_("Labels already used on the first sheet"), min_value=0, max_value=MOST_ON_A_SHEET, initial=0
    )

    def __init__(self, data: Any, *, project: Project, latest: LabelPrint | None, part: str | None) -> None:
        held = latest or LabelPrint()
        proposed = {"part": part, "size": held.size, "marks": held.marks, "per_piece": held.per_piece, "skipped": 0}
        super().__init__(data, initial=proposed)
        limit_choices(self, "part", project.parts.order_by("position", "pk"))

    def choices(self) -> dict[str, Any]:
        """What the service asks for; valid once `is_valid()` said so."""
        data = self.cleaned_data
        return {**data, "size": Size[data["size"]], "marks": Marks(data["marks"])}


class StepForm(forms.Form):
    """The validation of a step: an answer and a note for each item of its checklist, and a comment."""

    comment = forms.CharField(label=_("Comment"), max_length=500, required=False)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.fields["photos"] = PhotosField(label=_("Photos of this step"))
        for rank, item in enumerate(step.checklist):
            self.fields[f"answer_{rank}"] = forms.ChoiceField(label=item, choices=CheckAnswer, widget=forms.RadioSelect)
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


class ResendForm(forms.Form):
    """The key of a page that tells the customer again: a second click sends no second message."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)


class HandoverForm(forms.Form):
    """How the parts left."""

    handover = forms.ChoiceField(
        label=_("How did the parts leave?"),
        choices=Handover,
        widget=forms.RadioSelect,
        initial=Handover.COLLECTED,
    )
