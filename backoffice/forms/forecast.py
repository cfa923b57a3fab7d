"""The assumptions of the forecast, from the address: nothing is kept."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..forecast import CUSTOMERS, HUNDRED, MIX, Horizon, Share, forecast

MOST_CUSTOMERS, HIGHEST_PRICE = 1_000_000, Decimal(100_000)


class ForecastForm(forms.Form):
    """How many customers at each moment, the share and the price of each plan; the model's own until changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for month, customers in CUSTOMERS.items():
            self.fields[f"m{month}"] = forms.IntegerField(
                label=_("Customers in %(months)d months") % {"months": month},
                min_value=0, max_value=MOST_CUSTOMERS, initial=customers,
            )  # fmt: skip
        for place, share in enumerate(MIX):
            self.fields[f"part{place}"] = forms.DecimalField(
                label=_("%(plan)s, share (%%)") % {"plan": share.name},
                min_value=0, max_value=100, decimal_places=2, initial=share.percent,
            )  # fmt: skip
            self.fields[f"prix{place}"] = forms.DecimalField(
                label=_("%(plan)s, price a month (€)") % {"plan": share.name},
                min_value=0, max_value=HIGHEST_PRICE, decimal_places=2, initial=share.price,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The shares are those of all customers."""
        data: dict[str, Any] = super().clean() or {}
        parts = [data.get(f"part{place}") for place in range(len(MIX))]
        if None not in parts and sum(part for part in parts if part is not None) != HUNDRED:
            raise ValidationError(gettext("The shares must add up to 100 %."))
        return data

    def horizons(self) -> list[Horizon]:
        """The forecast of each moment, from what was typed; call it once the form is valid."""
        data = self.cleaned_data
        mix = [Share(share.name, data[f"part{n}"], data[f"prix{n}"]) for n, share in enumerate(MIX)]
        return [forecast(month=month, customers=data[f"m{month}"], mix=mix) for month in CUSTOMERS]
