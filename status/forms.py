"""The subscription to the notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .constants import Component


class SubscribeForm(forms.Form):
    """An address and the components that interest it; `website` is a trap that people do not see."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    components = forms.MultipleChoiceField(
        label=_("Only these elements"), choices=Component, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything."),
    )  # fmt: skip
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="sub_%s")

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled what nobody sees."""
        return bool(self.data.get("website"))
