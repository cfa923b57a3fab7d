"""What the publisher sells, and its rules. The forms read values; the services save them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.billing.constants import GIGABYTE, ChangeKind, OfferKind
from app.billing.models import Offer, OveragePrice, SaasSettings
from app.billing.services.changing import OFFER_FIELDS, SETTINGS_FIELDS
from app.billing.services.overages import Overage
from app.entitlements.constants import Dimension, Feature
from app.kernel.formfields import DayField

LARGEST = 10**12


class OfferForm(forms.ModelForm[Offer]):
    """A plan or an option as it is today; `version` says which reading is being changed."""

    features = forms.MultipleChoiceField(
        label=_("Features"), choices=Feature.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Offer
        fields = (
            "name", "price_excl_tax", "description", "support_level", "guaranteed_uptime", "position", "is_public",
            "is_active", "features",
        )  # fmt: skip
        help_texts = {
            "price_excl_tax": _("Empty: on quotation."),
            "guaranteed_uptime": _("Empty: none is promised."),
            "is_active": _("Who holds it keeps it when it is withdrawn from sale."),
        }

    def __init__(self, *args: Any, offer: Offer | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**(_values_of(offer) if offer else {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for dimension in Dimension:
            is_storage = dimension == Dimension.STORAGE
            self.fields[f"limit_{dimension}"] = forms.DecimalField(
                label=_("Storage (GB)") if is_storage else dimension.label,
                required=False,
                min_value=0,
                max_value=LARGEST,
                decimal_places=1 if is_storage else 0,
                help_text=_("Empty: that of the rules.") if is_storage else _("Empty: unlimited."),
                widget=forms.NumberInput(attrs={"placeholder": "" if is_storage else _("unlimited")}),
            )

    def asked(self, held: Offer | None = None) -> dict[str, Any]:
        """The values as `change_offer` takes them; features in the order of the offer when they are the same."""
        data = self.cleaned_data
        values = {name: data[name] for name in OFFER_FIELDS if name not in {"limits", "features"}}
        limits = {dimension: data[f"limit_{dimension}"] for dimension in Dimension.values}
        features = data["features"]
        return {
            **values,
            "limits": {name: _stored(name, limit) for name, limit in limits.items() if limit is not None},
            "features": held.features if held and set(held.features) == set(features) else features,
        }


class NewOfferForm(OfferForm):
    """A plan or option to add."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OfferKind.choices)
    key = forms.SlugField(
        label=_("Key"), max_length=40, help_text=_("Small letters, digits and hyphens; it never changes.")
    )
    field_order = ("kind", "key", "name")


class RulesForm(forms.ModelForm[SaasSettings]):
    """The publisher's rules for everybody."""

    premium_features = forms.MultipleChoiceField(
        label=_("Premium functions"), choices=Feature.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that an unpaid workshop loses first."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = SaasSettings
        fields = tuple(SETTINGS_FIELDS)

    def __init__(self, *args: Any, held: SaasSettings, **kwargs: Any) -> None:
        names = [*SETTINGS_FIELDS, "version"]
        kwargs["initial"] = {name: getattr(held, name) for name in names}
        super().__init__(*args, **kwargs)
        self.held = held

    def validate_constraints(self) -> None:
        """The service says in words what the database would refuse."""

    def asked(self) -> dict[str, Any]:
        """The values as `change_settings` takes them."""
        values = {name: self.cleaned_data[name] for name in SETTINGS_FIELDS}
        if set(values["premium_features"]) == set(self.held.premium_features):
            values["premium_features"] = self.held.premium_features
        return values


class OveragesForm(forms.Form):
    """For each dimension: the price beyond the quota, for how many units, published or not."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, held: Mapping[str, OveragePrice], version: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version}
        super().__init__(*args, **kwargs)
        for dimension in Dimension:
            price = held.get(dimension)
            per = price.per_units if price else GIGABYTE if dimension == Dimension.STORAGE else 1
            unit = _("GB") if dimension == Dimension.STORAGE else _("units")
            self.fields[f"{dimension}_price"] = forms.DecimalField(
                label=_("%(what)s: price before VAT (EUR)") % {"what": dimension.label}, required=False, min_value=0,
                max_digits=8, decimal_places=4, initial=price.unit_price if price else None,
            )  # fmt: skip
            self.fields[f"{dimension}_per"] = forms.IntegerField(
                label=_("for how many %(unit)s") % {"unit": unit}, min_value=1, max_value=1_000_000, required=False,
                initial=per // GIGABYTE if dimension == Dimension.STORAGE else per,
            )  # fmt: skip
            self.fields[f"{dimension}_on"] = forms.BooleanField(
                label=_("published"), required=False, initial=bool(price and price.is_active)
            )

    def asked(self) -> dict[Dimension, Overage]:
        """The prices as `change_overages` takes them; one without a price is not published."""
        return {dimension: self._overage(dimension) for dimension in Dimension}

    def _overage(self, dimension: Dimension) -> Overage:
        data = self.cleaned_data
        price, per = data[f"{dimension}_price"], data[f"{dimension}_per"] or 1
        units = per * GIGABYTE if dimension == Dimension.STORAGE else per
        return Overage(price or Decimal(0), units, bool(price is not None and data[f"{dimension}_on"]))


class HistoryFilters(forms.Form):
    """What the history shows, from the address."""

    nature = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ChangeKind.choices])
    quoi = forms.CharField(label=_("What or who"), required=False, max_length=120)
    du = DayField(label=_("From"), required=False)
    au = DayField(label=_("To"), required=False)

    def asked(self) -> dict[str, Any]:
        """The filters as `list_changes` takes them; what was typed wrong is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "kind": data.get("nature", ""),
            "words": data.get("quoi", "").strip(),
            "first_day": data.get("du"),
            "last_day": data.get("au"),
        }


def _values_of(offer: Offer) -> dict[str, Any]:
    limits = {f"limit_{name}": _shown(name, limit) for name, limit in offer.limits.items()}
    return {**{name: getattr(offer, name) for name in OFFER_FIELDS}, **limits, "version": offer.version}


def _stored(name: str, limit: Decimal) -> int:
    return int(limit * GIGABYTE) if name == Dimension.STORAGE else int(limit)


def _shown(name: str, limit: int | None) -> Decimal | None:
    if limit is None:
        return None
    return Decimal(limit) / GIGABYTE if name == Dimension.STORAGE else Decimal(limit)
