"""Filters of the history, from the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.kernel.formfields import DayField
from app.tenancy.selectors import list_members

from .labels import KINDS, LABELS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFilters(forms.Form):
    """Who, what, on which data, when."""

    qui = forms.ChoiceField(label=_("Who"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    objet = forms.ChoiceField(label=_("Data"), required=False)
    du = DayField(label=_("From"), required=False, widget=DAY)
    au = DayField(label=_("To"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(member.user_id), str(member.user)) for member in list_members()]
        acts = sorted(((action, str(label)) for action, label in LABELS.items()), key=lambda pair: pair[1])
        kinds = sorted(((kind, str(label)) for kind, label in KINDS.items()), key=lambda pair: pair[1])
        for name, choices in (("qui", people), ("action", acts), ("objet", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]

    def asked(self) -> dict[str, Any]:
        """The filters as `list_entries` takes them; what was typed wrong is left out, and said beside its field."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "user_pk": int(data["qui"]) if data.get("qui") else None,
            "action": data.get("action", ""),
            "subject_kind": data.get("objet", ""),
            "first_day": data.get("du"),
            "last_day": data.get("au"),
        }
