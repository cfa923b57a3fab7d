"""The measured uptime of a month."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class MonthForm(forms.Form):
    """What was measured, and by what."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        help_text=_("A month that is over."),
    )  # fmt: skip
    uptime_percent = forms.DecimalField(
        label=_("Measured uptime (%)"), min_value=Decimal(0), max_value=Decimal(100), max_digits=6, decimal_places=3
    )
    source = forms.CharField(label=_("Measured by"), max_length=200)

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if month.year < 2020:
            raise forms.ValidationError(_("The product did not exist."))
        return month
