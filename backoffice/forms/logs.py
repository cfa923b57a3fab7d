"""What the log shows, from the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.kernel.formfields import DayField

from ..constants import LogLevel


class LogFilters(forms.Form):
    """By workshop, level, words and period."""

    atelier = forms.CharField(label=_("Workshop"), required=False, max_length=120)
    niveau = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All")), *LogLevel.choices])
    mots = forms.CharField(label=_("Event or request"), required=False, max_length=120)
    du = DayField(label=_("From"), required=False)
    au = DayField(label=_("To"), required=False)

    def asked(self) -> dict[str, Any]:
        """The filters as `list_lines` takes them; what was typed wrong is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "workshop": data.get("atelier", "").strip(),
            "level": data.get("niveau", ""),
            "words": data.get("mots", "").strip(),
            "first_day": data.get("du"),
            "last_day": data.get("au"),
        }
