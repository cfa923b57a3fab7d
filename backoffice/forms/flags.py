"""A feature flag."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.billing.models import FeatureFlag
from app.billing.selectors import list_plans
from app.billing.services.flags import FIELDS

from ..selectors.flags import keys_of_slugs, slugs_of_keys


class FlagForm(forms.Form):
    """To whom a function that is being tried is open."""

    description = forms.CharField(label=_("What it opens"), max_length=200)
    is_on = forms.BooleanField(
        label=_("Switched on"), required=False, help_text=_("Off, it is off for everybody at once.")
    )
    percent = forms.IntegerField(label=_("Share of the people (%)"), min_value=0, max_value=100, initial=0)
    plans = forms.MultipleChoiceField(
        label=_("Every workshop that holds"), required=False, widget=forms.CheckboxSelectMultiple
    )
    workshops = forms.CharField(
        label=_("These workshops"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their addresses, separated by spaces."),
    )  # fmt: skip
    variants = forms.CharField(
        label=_("Groups of an A/B test"), required=False, max_length=200,
        help_text=_("Their names, separated by spaces; a person stays in its group."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, flag: FeatureFlag | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _values_of(flag) if flag else {}
        super().__init__(*args, **kwargs)
        field = self.fields["plans"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(plan.key, plan.name) for plan in list_plans()]

    def clean_workshops(self) -> list[int]:
        slugs = self.cleaned_data["workshops"].split()
        found = keys_of_slugs(slugs)
        if missing := [slug for slug in slugs if slug not in found]:
            raise forms.ValidationError(_("No such workshop: %(slugs)s."), params={"slugs": ", ".join(missing)})
        return sorted(found.values())

    def clean_variants(self) -> list[str]:
        names: list[str] = self.cleaned_data["variants"].split()
        if len(names) == 1 or len(set(names)) != len(names) or any(len(name) > 20 for name in names):
            raise forms.ValidationError(_("At least two different names, of 20 characters at most."))
        return names

    def asked(self) -> dict[str, Any]:
        """The values as the services take them."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class NewFlagForm(FlagForm):
    """A flag to add."""

    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("Small letters, digits and hyphens; it never changes.")
    )
    field_order = ("key", "description")


def _values_of(flag: FeatureFlag) -> dict[str, Any]:
    values = {name: getattr(flag, name) for name in (*FIELDS, "version")}
    return {**values, "workshops": " ".join(slugs_of_keys(flag.workshops)), "variants": " ".join(flag.variants)}
