"""Parsing of non-conformities and of the workshop's words for them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.tenancy.formfields import limit_choices, tenant_formfield

from .constants import TermKind
from .formfields import PhotosField
from .models import Nonconformity, Part, QualityTerm, Step
from .selectors import list_terms

REWORK = "retouche"


class DeclareForm(forms.ModelForm):
    """What is wrong, and where the project goes from here."""

    return_to = forms.ChoiceField(label=_("The project goes back to"), widget=forms.RadioSelect)

    photos = PhotosField(label=_("Photos of the defect"))

    class Meta:
        model = Nonconformity
        formfield_callback = tenant_formfield
        fields = ["defect", "part", "comment", "cause", "corrective_action"]
        widgets = {
            "comment": forms.Textarea(attrs={"rows": 3}),
            "corrective_action": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, steps: Sequence[Step], parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._done = {str(step.pk): step for step in steps if step.is_done and not step.is_rework}
        limit_choices(self, "defect", list_terms(TermKind.DEFECT))
        limit_choices(self, "cause", list_terms(TermKind.CAUSE))
        limit_choices(self, "part", Part.objects.filter(pk__in=[part.pk for part in parts]))
        labels = {"defect": _("Choose the defect"), "part": _("The whole project"), "cause": _("Not known yet")}
        for name, label in labels.items():
            self.fields[name].empty_label = label  # type: ignore[attr-defined]
        choices = [(pk, _again(step)) for pk, step in self._done.items()]
        self.fields["return_to"].choices = [(REWORK, _("Rework")), *choices]  # type: ignore[attr-defined]
        self.initial.setdefault("return_to", REWORK)

    def target(self) -> Step | None:
        """The step chosen, None for the rework; valid once `is_valid()` said so."""
        return self._done.get(self.cleaned_data["return_to"])


class CompleteForm(forms.ModelForm):
    """What is known afterwards; the cost is for those who may see prices."""

    class Meta:
        model = Nonconformity
        formfield_callback = tenant_formfield
        fields = ["cause", "corrective_action", "rework_minutes", "cost"]
        widgets = {
            "corrective_action": forms.Textarea(attrs={"rows": 3}),
            "rework_minutes": forms.NumberInput(attrs={"data-unit": "min", "min": 0, "max": 100_000}),
            "cost": forms.NumberInput(attrs={"data-unit": "€", "min": 0}),
        }
        help_texts = {"cost": _("Powder, time and transport, before VAT.")}

    def __init__(self, *args: Any, with_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.cause_id
        words = list_terms(TermKind.CAUSE)
        limit_choices(self, "cause", words | QualityTerm.objects.filter(pk=kept) if kept else words)
        self.fields["cause"].empty_label = _("Not known yet")  # type: ignore[attr-defined]
        self.fields["rework_minutes"].max_value = 100_000  # type: ignore[attr-defined]
        if not with_cost:
            del self.fields["cost"]


class TermForm(forms.Form):
    """A word of one of the two lists."""

    kind = forms.ChoiceField(choices=TermKind, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60)


def _again(step: Step) -> str:
    """A step done, with its pass when it is not the first."""
    return f"{step.name} ({step.pass_number})" if step.pass_number > 1 else step.name
