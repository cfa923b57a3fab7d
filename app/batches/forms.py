"""Parsing of batches: opened by hand, filled, launched, closed; the workshop's rules."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from app.powders.models import Powder
from app.projects.constants import CheckAnswer
from app.projects.formfields import PhotosField
from app.quotes.constants import COATS
from app.quotes.forms import powder_choices
from app.tenancy.formfields import limit_choices
from app.tenancy.models import Site

from .grouping import Grouping
from .models import BatchSettings
from .services.launching import Checked


class BatchForm(forms.Form):
    """A batch opened by hand: what it is for; its parts come afterwards."""

    powder: "forms.ModelChoiceField[Powder]" = forms.ModelChoiceField(label=_("Powder"), queryset=None)
    coats = forms.TypedChoiceField(label=_("Coats"), choices=COATS, coerce=int, initial=1)
    celsius = forms.IntegerField(
        label=_("Curing temperature"), required=False, validators=[MinValueValidator(80), MaxValueValidator(300)],
        help_text=_("Empty: the powder's own."), widget=forms.NumberInput(attrs={"data-unit": "°C"}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Curing time"), required=False, validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Empty: the powder's own."), widget=forms.NumberInput(attrs={"data-unit": "min"}),
    )  # fmt: skip
    primer = forms.BooleanField(label=_("Primer"), required=False)
    varnish = forms.BooleanField(label=_("Varnish"), required=False)
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(label=_("Site"), queryset=None, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "powder", Powder.objects.filter(archived_at=None), powder_choices())
        self.main = sites[0]
        if len(sites) > 1:
            limit_choices(self, "site", Site.objects.filter(archived_at=None))
        else:
            del self.fields["site"]

    def grouping(self) -> Grouping:
        """What the batch is for; valid once `is_valid()` said so."""
        data = self.cleaned_data
        powder, site = data["powder"], data.get("site") or self.main
        return Grouping(
            powder.pk, powder.reference, powder.type, powder.finish, data["coats"], data["primer"], data["varnish"],
            data["celsius"] or powder.curing_temperature_c, data["minutes"] or powder.curing_minutes, site.pk,
        )  # fmt: skip


class PartsForm(forms.Form):
    """Which parts, ticked in a list or given by their number."""

    pieces = forms.TypedMultipleChoiceField(coerce=int, required=False)
    code = forms.CharField(label=_("Part number"), max_length=20, required=False)

    def __init__(self, data: Any, *, offered: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["pieces"].choices = [(pk, pk) for pk in offered]  # type: ignore[attr-defined]


class LaunchForm(forms.Form):
    """The lot of the powder, when it is known or asked for."""

    lot = forms.CharField(label=_("Lot of the powder"), max_length=60, required=False)

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].required = needed
        self.fields["lot"].help_text = _("On the carton.") if needed else _("On the carton; kept with the batch.")


class CloseForm(forms.Form):
    """What the step that lays the powder asks for, answered once for the whole batch."""

    comment = forms.CharField(label=_("Comment"), max_length=500, required=False)

    def __init__(self, *args: Any, checklist: Sequence[str], needs_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = list(checklist)
        if needs_photo:
            self.fields["photos"] = PhotosField(label=_("Photos, kept with each project"))
        for rank, item in enumerate(self.checklist):
            self.fields[f"answer_{rank}"] = forms.ChoiceField(label=item, choices=CheckAnswer, widget=forms.RadioSelect)

    def checks(self) -> list[forms.BoundField]:
        """An answer for each item."""
        return [self[f"answer_{rank}"] for rank in range(len(self.checklist))]

    def checked(self) -> Checked:
        """The answers; valid once `is_valid()` said so."""
        data = self.cleaned_data
        answers = {item: data[f"answer_{rank}"] for rank, item in enumerate(self.checklist)}
        return Checked(answers, {}, data["comment"])


class NoteForm(forms.Form):
    """The note of a batch."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why a batch is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=250)


class BatchSettingsForm(forms.ModelForm):
    """What the workshop decides about its batches."""

    class Meta:
        model = BatchSettings
        fields = ["tolerance_minutes", "same_lot", "posting"]
        widgets = {"posting": forms.RadioSelect}
