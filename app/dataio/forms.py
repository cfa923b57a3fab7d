"""Parsing of the steps of an import. Forms never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from app.crm.constants import Criterion, CustomerType

from .columns import TARGETS
from .constants import Decision


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(label=_("CSV file"), allow_empty_file=True)


class MappingForm(forms.Form):
    """Which column gives which field."""

    def __init__(self, *args: Any, header: Sequence[str], mapping: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", "—"), *((str(index), name) for index, name in enumerate(header))]
        for name, target in TARGETS.items():
            self.fields[name] = forms.ChoiceField(
                label=target.label, choices=columns, required=False, initial=str(mapping.get(name, ""))
            )

    def mapping(self) -> dict[str, int]:
        """The columns chosen."""
        return {name: int(value) for name, value in self.cleaned_data.items() if value}


class RulesForm(forms.Form):
    """What counts as a duplicate, what to do with it, the tags that every line receives."""

    criteria = forms.MultipleChoiceField(
        label=_("Two customers look alike when they share"), choices=Criterion.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Identical lines are never created twice, whatever you choose."),
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=_("When the customer exists already"), choices=Decision.choices, widget=forms.RadioSelect
    )
    tags = SimpleArrayField(
        forms.CharField(max_length=40), label=_("Tags to add to every customer"), required=False, max_length=10,
        help_text=_("Separated by commas: “builder, account, VIP”."),
    )  # fmt: skip


class FilterForm(forms.Form):
    """The filters of the list of customers, as the address of an export writes them."""

    q = forms.CharField(required=False)
    type = forms.ChoiceField(choices=[("", ""), *CustomerType.choices], required=False)
    tag = forms.CharField(required=False)

    def filters(self) -> dict[str, str]:
        """The filters as the selector takes them; a wrong one keeps everybody."""
        self.is_valid()
        values = self.cleaned_data
        return {"search": values.get("q", ""), "type": values.get("type", ""), "tag": values.get("tag", "")}
