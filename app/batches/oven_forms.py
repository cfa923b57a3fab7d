"""Parsing of ovens, of what plans weigh, of plans asked for and of loads made by hand."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from app.powders.models import Powder
from app.quotes.forms import powder_choices
from app.tenancy.formfields import limit_choices, tenant_formfield
from app.workshops.selectors import list_sites

from .models import Oven, OvenSettings
from .opening import HoursError, read_day, write_day
from .oven_constants import LONGEST_OVEN_MM, MOST_PIECES
from .oven_selectors import CurablePart, group_ovens, list_ovens

DAYS = {
    "monday": _("Monday"), "tuesday": _("Tuesday"), "wednesday": _("Wednesday"), "thursday": _("Thursday"),
    "friday": _("Friday"), "saturday": _("Saturday"), "sunday": _("Sunday"),
}  # fmt: skip
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
UNITS = {
    "length_mm": "mm", "width_mm": "mm", "height_mm": "mm", "gap_mm": "mm", "wall_mm": "mm", "floor_mm": "mm",
    "hook_mm": "mm", "max_load_kg": "kg", "heat_up_minutes": "min", "changeover_minutes": "min", "cost_per_hour": "€",
    "rails": "mm", "load_cost": "€", "changeover_cost": "€", "late_day_cost": "€", "time_limit_s": "s",
    "fill_percent": "%",
}  # fmt: skip


class OvenForm(forms.ModelForm):
    """An oven; hours are typed day by day, rails as a list."""

    rails = forms.CharField(
        label=_("Rails"), required=False, max_length=200,
        help_text=_("Distance of each rail from the back wall, for example 600, 1200. Empty: parts hang anywhere."),
    )  # fmt: skip

    class Meta:
        model = Oven
        formfield_callback = tenant_formfield
        fields = [
            "name", "site", "length_mm", "width_mm", "height_mm", "max_load_kg", "gap_mm", "wall_mm", "floor_mm",
            "hook_mm", "one_level", "heat_up_minutes", "changeover_minutes", "cost_per_hour",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = list_sites()
        if len(sites) > 1:
            limit_choices(self, "site", sites)
        else:
            del self.fields["site"]
        for rank, (name, label) in enumerate(DAYS.items()):
            self.fields[name] = forms.CharField(label=capfirst(str(label)), required=False, max_length=120)
            self.initial.setdefault(name, write_day(self.instance.week[rank]))
        self.initial.setdefault("rails", ", ".join(str(rail) for rail in self.instance.rails_y))
        self.order_fields([*self.Meta.fields[:11], "rails", *self.Meta.fields[11:], *DAYS])
        mark_units(self)

    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in DAYS]

    def shape(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in DAYS and name not in TIMES]

    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in TIMES]

    def clean_rails(self) -> list[int]:
        """The rails from the back to the front; an error for what is no distance."""
        pieces = [piece.strip() for piece in self.cleaned_data["rails"].replace(";", ",").split(",")]
        try:
            rails = sorted(int(piece) for piece in pieces if piece)
        except ValueError as error:
            raise forms.ValidationError(_("Whole numbers of millimetres, separated by commas.")) from error
        if any(not 0 < rail < LONGEST_OVEN_MM for rail in rails):
            raise forms.ValidationError(_("A rail is outside the oven, or in what stays free along its walls."))
        return rails

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        week = []
        for name in DAYS:
            try:
                week.append(read_day(data.get(name, "")))
            except HoursError as error:
                self.add_error(name, _hours_refusal(error))
        data["week"] = week
        return data

    def wanted(self) -> dict[str, Any]:
        """What the service asks for; valid once `is_valid()` said so."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in DAYS}
        data["rails_y"] = data.pop("rails")
        return data


TIMES = ("heat_up_minutes", "changeover_minutes", "cost_per_hour")


def _hours_refusal(error: HoursError) -> str:
    words = {
        "unreadable": gettext("“%(text)s” cannot be read: write 08:00-12:00, 13:30-17:30."),
        "reversed": gettext("“%(text)s” closes before it opens."),
        "overlapping": gettext("These hours overlap: %(text)s."),
    }
    return words[error.reason] % {"text": error.text}


class OvenSettingsForm(forms.ModelForm):
    """What plans weigh."""

    class Meta:
        model = OvenSettings
        fields = ["load_cost", "changeover_cost", "late_day_cost", "days_before_promise", "time_limit_s"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark_units(self)


class PlanForm(forms.Form):
    """Which ovens, which parts, from when."""

    ovens = forms.ChoiceField(label=_("Oven"), widget=forms.RadioSelect)
    starts_at = forms.DateTimeField(
        label=_("Start of the plan"), required=False, widget=MOMENT,
        help_text=_("Empty: from now on, as soon as the oven is free."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any, *, known: Any = ()) -> None:
        self.groups = {"-".join(str(oven.pk) for oven in group): group for group in group_ovens(list_ovens())}
        super().__init__(data, initial={"ovens": next(iter(self.groups), "")})
        ovens = self.fields["ovens"]
        assert isinstance(ovens, forms.ChoiceField)
        ovens.choices = [(key, ", ".join(oven.name for oven in group)) for key, group in self.groups.items()]
        parts = self.fields["parts"]
        assert isinstance(parts, forms.MultipleChoiceField)
        parts.choices = [(str(part_pk), "") for part_pk in known]

    def chosen(self) -> dict[str, Any]:
        """What the service asks for; valid once `is_valid()` said so."""
        data = self.cleaned_data
        part_pks = [int(part_pk) for part_pk in data["parts"]]
        return {"ovens": self.groups[data["ovens"]], "part_pks": part_pks, "starts_at": data["starts_at"]}


class LoadForm(forms.Form):
    """A load made by hand."""

    oven: "forms.ModelChoiceField[Oven]" = forms.ModelChoiceField(label=_("Oven"), queryset=None, empty_label=None)
    powder: "forms.ModelChoiceField[Powder]" = forms.ModelChoiceField(label=_("Powder"), queryset=None, required=False)
    fill_percent = forms.IntegerField(
        label=_("How full is it?"), min_value=1, max_value=100, required=False,
        help_text=_("By eye, in percent of what it can hold: it counts in the use of the oven."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label=_("Parts in it"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They must share one powder and one curing; those chosen no longer wait for an oven."),
    )  # fmt: skip
    note = forms.CharField(label=_("What is in it"), max_length=250, required=False)
    started_at = forms.DateTimeField(
        label=_("In the oven since"), required=False, widget=MOMENT, help_text=_("Empty: now.")
    )

    def __init__(self, *args: Any, waiting: Iterable[CurablePart] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = self.fields["parts"]
        assert isinstance(parts, forms.MultipleChoiceField)
        parts.choices = [(str(held.part.pk), _named(held)) for held in waiting]
        limit_choices(self, "oven", list_ovens())
        limit_choices(self, "powder", Powder.objects.filter(archived_at=None), powder_choices())
        mark_units(self)

    def chosen(self) -> dict[str, Any]:
        """What the service asks for; valid once `is_valid()` said so."""
        data = dict(self.cleaned_data)
        part_pks = [int(part_pk) for part_pk in data.pop("parts")]
        return {**data, "part_pks": part_pks}


def _named(held: CurablePart) -> str:
    part = held.part
    return f"{part.project.number} · {held.pieces} × {part.designation} · {part.powder}"


class MoveLoadForm(forms.Form):
    """A load at another place in the order."""

    load = forms.IntegerField(min_value=0)
    oven = forms.IntegerField(min_value=0)
    place = forms.IntegerField(min_value=-1)


class MovePieceForm(forms.Form):
    """A piece that goes into another load."""

    item = forms.IntegerField(min_value=0)
    target = forms.IntegerField(min_value=0)


class PiecesForm(forms.Form):
    """How many pieces of a part leave a load; without a number, all of them."""

    pieces = forms.IntegerField(min_value=1, max_value=MOST_PIECES, required=False)


class HeatUpForm(forms.Form):
    """The heating and handling time that real loads show."""

    minutes = forms.IntegerField(min_value=0, max_value=600)


def mark_units(form: forms.BaseForm) -> None:
    """Show the unit of each field beside it."""
    for name, unit in UNITS.items():
        if name in form.fields:
            form.fields[name].widget.attrs["data-unit"] = unit
