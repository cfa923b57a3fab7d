"""Parsing of customers, interactions and settings. Forms never save."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from app.kernel.errors import RuleError
from app.kernel.renderers import of_language

from .constants import Criterion, CustomerType, InteractionKind
from .identity import FIELDS, CustomerData, problems, tidy
from .models import Customer

FARTHEST = timedelta(days=36_525)


@of_language
def countries() -> tuple[tuple[str, str], ...]:
    """Every country in the reader's language, France first."""
    return _countries(get_language() or "fr")


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language.replace("-", "_")).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code != "FR"]
    return (("FR", names["FR"]), *sorted(found, key=lambda country: country[1]))


class BaseCustomerForm(forms.ModelForm[Customer]):
    """What forms of customers share: telephone and numbers are accepted however they are written."""

    class Meta:
        model = Customer
        fields: Sequence[str] = FIELDS
        widgets = {"type": forms.RadioSelect, "notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, keyboard in (("email", "email"), ("phone", "tel"), ("siret", "numeric"), ("postcode", "text")):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"autocomplete": "off", "inputmode": keyboard}
        if "siret" in self.fields:
            self.fields["siret"].validators = []
            self.fields["siret"].widget.attrs["maxlength"] = 20
        if "language" in self.fields:
            self.fields["language"].required = False
        if "country" in self.fields:
            self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=countries, initial="FR")

    def clean(self) -> dict[str, Any]:
        """Everything that is wrong with the fields, each message beside its own; the others written in one way."""
        data: dict[str, Any] = super().clean() or {}
        tidied = tidy(self.data_typed())
        for field, message in problems(tidied):
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, message)
        return {name: list(tidied.tags) if name == "tags" else getattr(tidied, name) for name in data}

    def data_typed(self) -> CustomerData:
        """The fields as the services take them."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
        return CustomerData(**typed | {"tags": tuple(typed.get("tags") or ())})

    def refuse(self, error: RuleError) -> None:
        """Show a refusal of the services beside its field."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class CustomerForm(BaseCustomerForm):
    """The whole record."""

    tags = SimpleArrayField(
        forms.CharField(max_length=40),
        label=_("Tags"),
        required=False,
        help_text=_("Separated by commas: “builder, account, VIP”."),
    )


class QuickCustomerForm(BaseCustomerForm):
    """What is asked in front of the customer, the rest can wait."""

    class Meta(BaseCustomerForm.Meta):
        fields = ["type", "company", "first_name", "last_name", "email", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Shown inside another form, which must neither post these fields nor be posted by them.
            field.widget.attrs["form"] = "none"


class FilterForm(forms.Form):
    """The filters of the list, as the address writes them."""

    q = forms.CharField(required=False)
    type = forms.ChoiceField(choices=[("", ""), *CustomerType.choices], required=False)
    tag = forms.CharField(required=False)


class InteractionForm(forms.Form):
    """A call, a mail, an appointment or a note."""

    kind = forms.ChoiceField(label=_("Kind"), choices=InteractionKind.choices, initial=InteractionKind.CALL)
    happened_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Now, when left empty."),
    )
    text = forms.CharField(label=_("What was said"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_happened_at(self) -> datetime:
        """Now unless said; a moment that nobody has lived was mistyped, and the first ones of time cannot be kept."""
        moment: datetime = self.cleaned_data["happened_at"] or timezone.now()
        if abs(moment - timezone.now()) > FARTHEST:
            raise forms.ValidationError(_("Check the date: it is more than a century away."))
        return moment


class MergeForm(forms.Form):
    """The record that goes into the other."""

    merged = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class SettingsForm(forms.Form):
    """What makes two customers look alike."""

    duplicate_criteria = forms.MultipleChoiceField(
        label=_("Two customers look alike when they share"),
        choices=Criterion.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Capitals, accents, spaces and the way telephones are written do not count."),
    )
