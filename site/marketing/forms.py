"""What a visitor may ask of the prices page, and what a measured page tells."""

from cms.page_cache import VARIANTS
from django import forms
from django.utils.translation import gettext_lazy as _


class CostForm(forms.Form):
    """A use to price; a GET form, whose address can be shared. Names are those of the address."""

    projets = forms.IntegerField(label=_("Projects a month"), min_value=0, max_value=100_000, initial=20)
    stockage = forms.IntegerField(
        label=_("Photos and documents to keep"),
        min_value=0,
        max_value=100_000,
        initial=10,
        help_text=_("A photo takes about 3 MB: 1 GB keeps some 300 of them."),
        widget=forms.NumberInput(attrs={"data-unit": _("GB")}),
    )


class MeasureForm(forms.Form):
    """What a page tells of the wording that was read: `what` is view or call."""

    experiment = forms.IntegerField(min_value=1, max_value=2**31)
    variant = forms.ChoiceField(choices=[(letter, letter) for letter in VARIANTS])
    what = forms.ChoiceField(choices=[("view", "view"), ("call", "call")])
