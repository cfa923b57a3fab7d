"""Forms of the settings of shared tablets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import FloorSettings, Tablet


class TabletForm(forms.ModelForm[Tablet]):
    class Meta:
        model = Tablet
        fields = ["name"]
        help_texts = {"name": _("Where it hangs: Powder booth, Reception…")}


class LockForm(forms.ModelForm[FloorSettings]):
    class Meta:
        model = FloorSettings
        fields = ["lock_minutes"]


class PinForm(forms.Form):
    """A code, typed twice alike."""

    code = forms.CharField(
        label=_("Code"),
        min_length=4,
        max_length=6,
        help_text=_("4 to 6 digits, not a sequence."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("The same code again"),
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_again(self) -> str:
        """Refuse two codes that differ."""
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("code") not in (None, again):
            raise forms.ValidationError(_("The two codes are not the same."))
        return again
