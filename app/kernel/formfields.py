"""Fields of forms that several apps share."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day that can be counted from: the ends of the calendar, on which dates overflow, are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        message = _("Choose a day between 1900 and 2199.")
        self.validators += [MinValueValidator(FIRST_DAY, message), MaxValueValidator(LAST_DAY, message)]
