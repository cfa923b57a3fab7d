"""Fields of forms that several apps share."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


SPACES = re.compile(r"\s")


class SpacedDecimalField(forms.DecimalField):
    """A number as people write it and copy it from our own pages: `1 234,56`, whatever the space."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)


class SpacedIntegerField(forms.IntegerField):
    """The same, whole: `12 500`."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A day that can be counted from: the ends of the calendar, on which dates overflow, are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        message = _("Choose a day between 1900 and 2199.")
        self.validators += [MinValueValidator(FIRST_DAY, message), MaxValueValidator(LAST_DAY, message)]
