"""Parsing of quotes: the head, the lines, the answers. Forms never save."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from app.crm.models import Customer
from app.kernel.money import without_zeros
from app.powders.models import Powder
from app.tenancy.formfields import limit_choices, tenant_formfield
from app.tenancy.models import Workshop

from .constants import DIMENSIONS, DRAFT_LINES_MOST, LineKind, Shape
from .models import Quote, QuoteLine, QuoteSettings
from .selectors import get_settings, list_powder_choices

#: Beyond, a measure was typed in another unit: sides in millimetres, curing in °C and minutes.
MOST = {**dict.fromkeys(("length_mm", "width_mm", "height_mm"), 100_000), "curing_celsius": 300, "curing_minutes": 240}
EURO, PERCENT, MINUTES, MILLIMETRES = "€", "%", "min", "mm"


def _units(form: forms.BaseForm, units: dict[str, str]) -> None:
    """Write the unit inside the fields, and numbers without useless zeros, for people who type them all day."""
    for name, unit in units.items():
        form.fields[name].widget.attrs |= {"data-unit": unit, "inputmode": "decimal"}
    for name, value in form.initial.items():
        if isinstance(value, Decimal):
            form.initial[name] = without_zeros(value)


class QuoteForm(forms.ModelForm):
    """The head of a quote; the customer is chosen by a search, so that the list is never loaded."""

    #: Of the page on which a new quote is typed.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = Quote
        formfield_callback = tenant_formfield
        localized_fields = "__all__"
        fields = ["customer", "title", "valid_until", "lead_time", "discount_percent", "deposit_percent",
                  "powder_margin_percent", "labour_margin_percent", "fixed_margin", "transfer_loss_percent",
                  "payment_terms", "conditions", "note"]  # fmt: skip
        widgets = {
            "customer": forms.HiddenInput,
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "customer", Customer.objects.filter(erased_at=None))
        self.fields["customer"].error_messages["required"] = _("Choose or create a customer.")
        self.fields["transfer_loss_percent"].widget.attrs["max"] = 95
        percents = [name for name in self.fields if name.endswith("_percent")]
        _units(self, {"fixed_margin": EURO, **dict.fromkeys(percents, PERCENT)})

    def key_of_posting(self) -> UUID | None:
        """The same for what is posted twice from one page; another when the page was changed between the two.

        So a second click makes no second quote, and what somebody changes after a step back is never dropped.
        """
        key = self.cleaned_data.get("key")
        posted = sorted(item for item in self.data.items() if item[0] != "csrfmiddlewaretoken")
        return uuid5(key, json.dumps(posted)) if key else None

    def clean_valid_until(self) -> Any:
        """A quote is valid at least until today."""
        value = self.cleaned_data["valid_until"]
        if value and value < timezone.localdate():
            raise forms.ValidationError(_("The validity date has passed."))
        return value

    def clean_transfer_loss_percent(self) -> Decimal:
        """All the powder cannot be lost."""
        value: Decimal = self.cleaned_data["transfer_loss_percent"]
        if value > 95:
            raise forms.ValidationError(_("At most 95 %."))
        return value


class QuoteLineForm(forms.ModelForm):
    """One line: a coating from its costs, or an item at a price."""

    class Meta:
        model = QuoteLine
        formfield_callback = tenant_formfield
        localized_fields = "__all__"
        fields = ["kind", "designation", "quantity", "shape", "length_mm", "width_mm", "height_mm", "surface_m2",
                  "powder", "powder_price_per_kg", "coats", "primer", "varnish", "curing_celsius", "curing_minutes",
                  "labour_minutes", "hourly_rate", "consumables", "energy", "unit_price", "vat_rate",
                  "discount_percent"]  # fmt: skip
        widgets = {"kind": forms.HiddenInput}

    def __init__(self, *args: Any, powders: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "powder", Powder.objects.all(), powders or [("", "")])
        for name in self._needed():
            self.fields[name].required = True
        for name, most in MOST.items():
            self.fields[name].validators.append(MaxValueValidator(most))
        _units(self, {"length_mm": MILLIMETRES, "width_mm": MILLIMETRES, "height_mm": MILLIMETRES,
                      "surface_m2": "m²", "powder_price_per_kg": "€/kg", "curing_celsius": "°C",
                      "curing_minutes": MINUTES, "labour_minutes": MINUTES, "hourly_rate": "€/h",
                      "consumables": EURO, "energy": EURO, "unit_price": EURO, "vat_rate": PERCENT,
                      "discount_percent": PERCENT})  # fmt: skip

    def _needed(self) -> list[str]:
        """What this line cannot do without: the price of an item; the powder and the measures of a coating."""
        if self["kind"].value() == LineKind.ITEM:
            return ["unit_price"]
        shape = str(self["shape"].value() or Shape.SURFACE)
        return ["powder", *(DIMENSIONS.get(shape) or ("surface_m2",))]

    def clean(self) -> dict[str, Any]:
        """A measure of zero is no measure."""
        data: dict[str, Any] = super().clean() or {}
        for name in self._needed():
            if data.get(name) == 0 and name != "unit_price":
                self.add_error(name, _("Enter more than zero."))
        return data


class BaseLineFormSet(BaseFormSet[QuoteLineForm]):
    """The lines of a quote; a line ticked "remove" is left out, the others keep their order."""

    @property
    def kept(self) -> list[QuoteLineForm]:
        """The forms of the lines that stay."""
        return [form for form in self.forms if not form["DELETE"].value()]

    def lines(self) -> list[QuoteLine]:
        """The lines as rows, not saved; valid ones only once `is_valid()` said so."""
        return [form.instance for form in self.kept]


QuoteLineFormSet = forms.formset_factory(
    QuoteLineForm,
    formset=BaseLineFormSet,
    extra=0,
    can_delete=True,
    max_num=DRAFT_LINES_MOST,
    validate_max=True,
    absolute_max=DRAFT_LINES_MOST + 1,
)


def line_formset(
    data: Any = None, *, initial: Sequence[dict[str, Any]] | None = None, rows: Sequence[QuoteLine] = ()
) -> BaseLineFormSet:
    """The lines of a quote, as typed or as they are; `rows` are those saved, whose powders can still be chosen."""
    powders = powder_choices([row.powder_id for row in rows])
    formset = QuoteLineFormSet(data, prefix="lines", initial=initial, form_kwargs={"powders": powders})
    assert isinstance(formset, BaseLineFormSet)
    return formset


def powder_choices(named: Iterable[int | None] = ()) -> list[tuple[Any, Any]]:
    """The powders by brand, for a list that can be typed in.

    `named` are those that the row names already: archived since, they stay on it until somebody chooses another.
    """
    groups: dict[str, list[tuple[int, str]]] = {}
    for powder in list_powder_choices([pk for pk in named if pk]):
        archived = _("archived") if powder.archived_at else ""
        words = (powder.colour_code, powder.colour_name, powder.get_finish_display(), powder.reference, archived)
        groups.setdefault(powder.brand, []).append((powder.pk, " · ".join(str(word) for word in words if word)))
    return [("", _("Choose a powder")), *groups.items()]


def blank_line(workshop: Workshop, kind: str) -> dict[str, Any]:
    """What a new line starts from."""
    prices = get_settings(workshop)
    return {"kind": kind, "quantity": 1, "shape": Shape.SURFACE, "coats": 1, "vat_rate": vat_rate(workshop, prices),
            "hourly_rate": prices.hourly_rate, "labour_minutes": 0, "consumables": 0, "energy": 0,
            "discount_percent": 0}  # fmt: skip


def vat_rate(workshop: Workshop, prices: QuoteSettings) -> Decimal:
    """The workshop's usual rate; none under the franchise of art. 293 B of the CGI."""
    return Decimal(0) if workshop.vat_exempt else prices.vat_rate


class CopyForm(forms.Form):
    """The key of a page that copies quotes: a second click makes no second copy."""

    key = forms.UUIDField(required=False)


class ResendForm(forms.Form):
    """How often the quote had left when its page was shown: a second click sends no second message."""

    sendings = forms.IntegerField(required=False, min_value=1)


class RefusalForm(forms.Form):
    """Why the customer does not want the quote."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=250)


class QuoteSettingsForm(forms.ModelForm):
    """How the workshop prices."""

    class Meta:
        model = QuoteSettings
        formfield_callback = tenant_formfield
        localized_fields = "__all__"
        fields = ["powder_margin_percent", "labour_margin_percent", "fixed_margin", "hourly_rate", "vat_rate",
                  "transfer_loss_percent", "primer_price_per_kg", "primer_g_per_m2", "varnish_price_per_kg",
                  "varnish_g_per_m2", "validity_days", "deposit_percent", "payment_terms", "lead_time",
                  "conditions"]  # fmt: skip
        widgets = {"conditions": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _units(self, {"powder_margin_percent": PERCENT, "labour_margin_percent": PERCENT, "fixed_margin": EURO,
                      "hourly_rate": "€/h", "vat_rate": PERCENT, "transfer_loss_percent": PERCENT,
                      "primer_price_per_kg": "€/kg", "primer_g_per_m2": "g/m²", "varnish_price_per_kg": "€/kg",
                      "varnish_g_per_m2": "g/m²", "deposit_percent": PERCENT})  # fmt: skip
        self.fields["validity_days"].widget.attrs["data-unit"] = _("days")
