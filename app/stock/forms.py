"""Parsing of cartons, weights, corrections, plans and settings. Forms never save."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from app.documents.labels import Marks, Size
from app.kernel.errors import RuleError
from app.kernel.formfields import DayField, SpacedDecimalField
from app.powders.models import Powder, PowderFormat
from app.tenancy.formfields import tenant_formfield
from app.tenancy.models import Site

from .constants import Source
from .models import Carton, Item, StockSettings
from .plausibility import Doubt

DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


def kilograms(
    label: Any, *, required: bool = True, help_text: Any = "", unit: str = "kg", least: int = 0
) -> forms.DecimalField:
    """A weight as people type it: a comma or a point, three decimals."""
    return SpacedDecimalField(
        label=label, required=required, max_digits=10, decimal_places=3, min_value=least, localize=True,
        help_text=help_text, widget=forms.TextInput(attrs=DECIMAL | {"data-unit": unit}),
    )  # fmt: skip


class RuleForm(forms.Form):
    """A form that shows what the services refuse."""

    def refuse(self, error: RuleError) -> None:
        """Show a refusal beside its field, or above all of them."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class AskingForm(RuleForm):
    """A form that counts once however often it is sent; sent again with the same doubtful figure, it confirms it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4()} | (initial or {}))

    def is_confirmed(self, field: str, question: str | None) -> bool:
        """Whether nothing is asked about a field, or this very value was asked already; else the question is shown."""
        value = f"{field} {self.cleaned_data[field]}"
        if question is None or self.cleaned_data["asked"] == value:
            return True
        again = cast("QueryDict", self.data).copy()
        again["asked"] = value
        self.data = again
        self.add_error(field, question)
        return False


class SiteMixin(forms.Form):
    """A form that asks for a site when the workshop has several."""

    def add_site(self, name: str, sites: Iterable[Site], label: Any) -> None:
        """A choice among the sites in use; the only one is not asked for."""
        known = list(sites)
        self.sites = {site.pk: site for site in known}
        choices = [(site.pk, site.name) for site in known]
        field = forms.TypedChoiceField(label=label, choices=choices, coerce=int, initial=known[0].pk)
        if len(known) == 1:
            field.widget, field.required = forms.HiddenInput(), False
            field.empty_value = known[0].pk  # type: ignore[assignment]
        self.fields[name] = field

    def site(self, name: str = "site") -> Site:
        """The site that was chosen."""
        return self.sites[self.cleaned_data[name]]


class KeyForm(forms.Form):
    """An act that is done once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ReceiveForm(AskingForm, SiteMixin):
    """Cartons that arrive, or that were there before they had numbers."""

    powder: "forms.ModelChoiceField[Powder]" = forms.ModelChoiceField(
        label=_("Powder"), queryset=None, empty_label=_("Choose a powder")
    )
    packaging: "forms.ModelChoiceField[PowderFormat]" = forms.ModelChoiceField(
        label=_("Packaging"), queryset=None, required=False, empty_label=_("Other weights"),
        help_text=_("Its weights are used when the two fields beside are left empty."),
    )  # fmt: skip
    full_kg = kilograms(_("Powder in a full carton"), required=False)
    tare_kg = kilograms(_("Empty carton (tare)"), required=False)
    how_many = forms.IntegerField(label=_("Cartons"), min_value=1, max_value=200, initial=1)
    lot = forms.CharField(label=_("Lot"), max_length=60, required=False)
    gross_kg = kilograms(
        _("Begun already: what it weighs"), required=False,
        help_text=_("With its carton. Leave empty for full cartons; for one carton at a time."),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, powders: Any, formats: Any, sites: Iterable[Site], powder: str | None = None
    ) -> None:
        super().__init__(data, initial={"powder": powder})
        self.fields["powder"].queryset = powders  # type: ignore[attr-defined]
        self.fields["packaging"].queryset = formats  # type: ignore[attr-defined]
        self.add_site("site", sites, _("Site"))

    def clean(self) -> dict[str, Any]:
        """The weights of the packaging where none was typed; both are needed."""
        data: dict[str, Any] = super().clean() or {}
        packaging = data.get("packaging")
        for name, value in (("full_kg", "net_kg"), ("tare_kg", "tare_kg")):
            if data.get(name) is None and name not in self.errors:
                if packaging is None:
                    self.add_error(name, _("Type a weight, or choose a packaging."))
                else:
                    data[name] = getattr(packaging, value)
        if data.get("gross_kg") is not None and data.get("how_many", 1) > 1:
            self.add_error("how_many", _("Add cartons that were begun one at a time."))
        return data

    def given(self) -> dict[str, Any]:
        """What the service asks for."""
        data = {
            name: self.cleaned_data[name]
            for name in ("powder", "full_kg", "tare_kg", "how_many", "lot", "packaging", "key")
        }
        gross: Decimal | None = self.cleaned_data["gross_kg"]
        return {**data, "site": self.site(), "net_kg": None if gross is None else gross - data["tare_kg"]}


class WeighForm(RuleForm):
    """A carton on the scale; the answers to the doubts come back with the weight."""

    gross = kilograms(_("Weight on the scale, carton included"), least=-10_000)
    tare = kilograms(_("Empty carton (tare)"))
    reason = forms.CharField(label=_("Why the gap, if you know"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    confirmed = forms.MultipleChoiceField(
        choices=[(doubt.value, doubt.value) for doubt in Doubt], required=False, widget=forms.MultipleHiddenInput
    )
    powder = forms.IntegerField(required=False, widget=forms.HiddenInput)
    #: The tare that the page proposed: left as it is, it corrects nothing, whoever has corrected it since.
    tare_shown = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, carton: Carton, powder: str | None = None) -> None:
        asked = int(powder) if powder and powder.isdecimal() and len(powder) < 18 else None
        super().__init__(
            data, initial={"tare": carton.tare_kg, "tare_shown": carton.tare_kg, "key": uuid4(), "powder": asked}
        )
        self.fields["gross"].widget.attrs |= {"autofocus": True, "class": "weight-input"}


class CorrectForm(AskingForm, SiteMixin):
    """A quantity that comes in or goes out for a reason."""

    direction = forms.ChoiceField(
        label=_("What happens"), choices=[("out", _("Take out")), ("in", _("Put in"))], widget=forms.RadioSelect,
        initial="out",
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Kind"))
    quantity = kilograms(_("Quantity"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, data: Any, *, item: Item, sites: Iterable[Site], cartons: Iterable[Carton]) -> None:
        super().__init__(data)
        sources = [Source.CORRECTION, Source.LOSS] + ([] if item.is_powder else [Source.CONSUMABLE])
        self.fields["source"].choices = [(one.value, one.label) for one in sources]  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs["data-unit"] = item.unit
        self.cartons = {carton.pk: carton for carton in cartons}
        if self.cartons:
            choices = [("", _("None in particular")), *((pk, carton.number) for pk, carton in self.cartons.items())]
            self.fields["carton"] = forms.TypedChoiceField(
                label=_("Carton"), choices=choices, coerce=int, required=False, empty_value=None
            )
        self.add_site("site", sites, _("Site"))

    def given(self) -> dict[str, Any]:
        """What the service asks for."""
        data = self.cleaned_data
        sign = 1 if data["direction"] == "in" else -1
        return {
            "site": self.site(), "quantity": sign * data["quantity"], "reason": data["reason"],
            "source": Source(data["source"]), "carton": self.cartons.get(data.get("carton") or 0), "key": data["key"],
        }  # fmt: skip


class CountForm(AskingForm, SiteMixin):
    """What was counted of something that is in no carton."""

    quantity = kilograms(_("Counted"))
    reason = forms.CharField(label=_("Why the gap, if you know"), max_length=200, required=False)

    def __init__(self, data: Any, *, item: Item, sites: Iterable[Site]) -> None:
        super().__init__(data)
        self.fields["quantity"].widget.attrs["data-unit"] = item.unit
        self.add_site("site", sites, _("Site"))


class TransferForm(RuleForm, SiteMixin):
    """Where a carton goes; or how much of what is in none, from where to where."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, sites: Iterable[Site], item: Item | None = None, here: Site | None = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
        known = list(sites)
        if item:
            self.fields["quantity"] = kilograms(_("Quantity"), unit=item.unit)
            self.add_site("from_site", known, _("From"))
        self.add_site("to_site", [site for site in known if here is None or site.pk != here.pk], _("To"))
        self.sites = {site.pk: site for site in known}


class AlertForm(forms.ModelForm[Item]):
    """When an item is low."""

    class Meta:
        model = Item
        fields = ["alert_below", "alert_days"]
        formfield_callback = tenant_formfield
        localized_fields = ["alert_below"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alert_below"].widget = forms.TextInput(attrs=DECIMAL | {"data-unit": self.instance.unit})
        self.fields["alert_days"].widget.attrs |= {"data-unit": _("days"), "inputmode": "numeric"}


class ConsumableForm(RuleForm):
    """A thing that is stocked and is not a powder."""

    name = forms.CharField(label=_("Name"), max_length=120)
    unit = forms.CharField(label=_("Unit"), max_length=20, help_text=_("Pieces, rolls, litres…"))
    alert_below = kilograms(_("Alert below"), required=False, unit="")


class PlanForm(RuleForm):
    """A partial inventory to spread over a period."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    starts_on = DayField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = DayField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    most_used = forms.IntegerField(
        label=_("Most used powders"), min_value=0, max_value=200, initial=20,
        help_text=_("Those at risk (low reliability, low stock) come on top."),
    )  # fmt: skip


class SettingsForm(forms.ModelForm[StockSettings]):
    """How the workshop weighs and buys."""

    class Meta:
        model = StockSettings
        fields = ["blind", "daily_size", "alert_days", "lead_days", "cover_days"]


class FilterForm(forms.Form):
    """The filters of the list, as the address writes them."""

    q = forms.CharField(required=False)
    tri = forms.ChoiceField(
        choices=[("", _("Name")), ("niveau", _("Level, the lowest first")), ("pesee", _("Weighing, the oldest first"))],
        required=False,
    )
    bas = forms.BooleanField(required=False)
    site = forms.IntegerField(required=False)


class LabelsForm(forms.Form):
    """On what the labels of cartons are printed."""

    size = forms.ChoiceField(
        label=_("Size of the labels"), choices=[(size.name, size.value.label) for size in Size],
        initial=Size.ROLL_62_29.name,
    )  # fmt: skip
    marks = forms.ChoiceField(label=_("What tells a carton"), choices=Marks, initial=Marks.BOTH, required=False)
    skipped = forms.IntegerField(
        label=_("Labels already used on the first sheet"), min_value=0, max_value=64, initial=0
    )


class PeriodForm(forms.Form):
    """The months of the indicators, and their site."""

    mois = forms.IntegerField(min_value=1, max_value=24, required=False)
    site = forms.IntegerField(required=False)

    def months(self) -> int:
        """How many months are looked at: six unless said."""
        return self.cleaned_data.get("mois") or 6 if self.is_valid() else 6
