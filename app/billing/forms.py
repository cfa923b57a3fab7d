"""What a person chooses about the subscription."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .constants import ExitReason
from .models import Offer
from .selectors import list_options, public_plans


class OfferField(forms.ModelChoiceField):
    """Plans by name, found by their key."""

    def label_from_instance(self, obj: Offer) -> str:
        return obj.name


class ChoiceForm(forms.Form):
    """A plan and the options beside it."""

    plan = OfferField(label=_("Plan"), queryset=None, to_field_name="key", empty_label=None)
    options = forms.MultipleChoiceField(label=_("Options"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, held_plan: Offer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = public_plans().exclude(price_excl_tax=None)
        held = Offer.objects.filter(pk=held_plan.pk) if held_plan else Offer.objects.none()
        self.fields["plan"].queryset = plans | held  # type: ignore[attr-defined]
        self.fields["options"].choices = [(offer.key, offer.name) for offer in list_options()]  # type: ignore[attr-defined]

    @property
    def keys(self) -> list[str]:
        """The keys of the offers chosen, the plan first."""
        return [self.cleaned_data["plan"].key, *self.cleaned_data["options"]]


class ExitForm(forms.Form):
    """Why a workshop leaves; it may say nothing."""

    reason = forms.ChoiceField(
        label=_("What makes you leave?"),
        required=False,
        choices=[("", _("I would rather not say")), *ExitReason.choices],
    )
    comment = forms.CharField(
        label=_("What should we have done better?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )
