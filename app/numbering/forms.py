"""The formats of the numbers to come."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .formats import DEFAULT_PATTERNS, PatternError, check_pattern, number_text
from .services import pattern_of

SERIES: dict[str, str | Promise] = {"quote": _("Quotes"), "project": _("Projects"), "batch": _("Batches")}


class FormatsForm(forms.Form):
    """One pattern per series, with what the next numbers look like."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        for series in DEFAULT_PATTERNS:
            pattern = pattern_of(series)
            self.fields[series] = forms.CharField(
                label=str(SERIES[series]),
                max_length=40,
                initial=pattern,
                validators=[_require_pattern],
                help_text=gettext("Today the 7th number reads %(number)s.")
                % {"number": number_text(pattern, today, 7)},
            )


def _require_pattern(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except PatternError as error:
        raise ValidationError(
            gettext("Write {number} once, and {month} only with {year} or {yy}; otherwise letters, digits and - / . _")
        ) from error
