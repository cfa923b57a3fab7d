"""Parsing of powders, prices, packagings and of the import. Forms never save."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.kernel.formfields import SpacedDecimalField
from app.powders.constants import Finish, PowderType
from app.powders.importing import REQUIRED, TARGETS
from app.powders.models import Powder, PowderFormat, PowderPrice
from app.powders.services.powders import PowderData
from app.tenancy.formfields import tenant_formfield

UNITS = {
    "density": "g/cm³",
    "thickness_um": "µm",
    "consumption_g_per_m2": "g/m²",
    "curing_temperature_c": "°C",
    "curing_minutes": "min",
    "price_per_kg": "€/kg",
    "net_kg": "kg",
    "tare_kg": "kg",
}


def _write_units(form: forms.BaseForm) -> None:
    """The unit inside each figure's field, and the numeric keyboard on a tablet."""
    for name, unit in UNITS.items():
        if name in form.fields:
            form.fields[name].widget.attrs |= {"data-unit": unit, "inputmode": "decimal"}


class PowderForm(forms.ModelForm[Powder]):
    """A powder, and its price from today on."""

    price_per_kg = SpacedDecimalField(
        label=_("Price per kg"),
        max_digits=8,
        decimal_places=2,
        min_value=0.01,
        required=False,
        localize=True,
        help_text=_("Without tax. A new price starts today; quotes already made keep theirs."),
    )

    class Meta:
        model = Powder
        fields = [
            "brand",
            "reference",
            "type",
            "finish",
            "colour_code",
            "colour_name",
            "hex",
            "density",
            "thickness_um",
            "consumption_g_per_m2",
            "curing_temperature_c",
            "curing_minutes",
            "notes",
        ]
        formfield_callback = tenant_formfield
        localized_fields = ["density", "consumption_g_per_m2"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3}), "hex": forms.TextInput(attrs={"placeholder": "#373F43"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_units(self)


class PriceForm(forms.ModelForm[PowderPrice]):
    """A price from a day on."""

    class Meta:
        model = PowderPrice
        fields = ["price_per_kg", "valid_from"]
        formfield_callback = tenant_formfield
        localized_fields = ["price_per_kg"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_units(self)


class FormatForm(forms.ModelForm[PowderFormat]):
    """A packaging of a brand and the weight of its empty carton."""

    class Meta:
        model = PowderFormat
        fields = ["brand", "net_kg", "tare_kg"]
        formfield_callback = tenant_formfield
        localized_fields = ["net_kg", "tare_kg"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_units(self)


class FilterForm(forms.Form):
    """The filters of the list, as the address writes them."""

    q = forms.CharField(required=False)
    type = forms.ChoiceField(choices=[("", ""), *PowderType.choices], required=False)
    finition = forms.ChoiceField(choices=[("", ""), *Finish.choices], required=False)
    marque = forms.CharField(required=False)
    archives = forms.BooleanField(required=False)


class ReferencesForm(forms.Form):
    """References of the maker, one a line or separated by commas."""

    references = forms.CharField(label=_("References"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def clean_references(self) -> list[str]:
        """The references, in order."""
        return [text.strip() for text in re.split(r"[\n,;]+", self.cleaned_data["references"]) if text.strip()]


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(label=_("CSV file"), allow_empty_file=True)


class MappingForm(forms.Form):
    """Which column gives which field, and what to do with powders that exist."""

    update = forms.BooleanField(label=_("Update the powders that already exist"), required=False)

    def __init__(self, *args: Any, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", "—"), *((str(index), name) for index, name in enumerate(header))]
        for name, (label, _names) in TARGETS.items():
            self.fields[name] = forms.ChoiceField(label=str(label), choices=columns, required=name in REQUIRED)
        self.order_fields([*TARGETS, "update"])

    def mapping(self) -> dict[str, int]:
        """The columns chosen."""
        return {name: int(self.cleaned_data[name]) for name in TARGETS if self.cleaned_data.get(name)}


def powder_data(form: PowderForm) -> PowderData:
    """The fields of a valid form as the services take them."""
    return PowderData(**{name: form.cleaned_data[name] for name in form.Meta.fields})
