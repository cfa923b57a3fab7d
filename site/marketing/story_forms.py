"""What a workshop tells when it offers its story."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import StoryProposal


class StoryForm(forms.ModelForm):
    """A story that a workshop offers to tell."""

    agrees_to_be_called = forms.BooleanField(label=_("You may write to me about this story."))
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    class Meta:
        model = StoryProposal
        fields = ["name", "workshop", "email", "text", "agrees_to_be_called"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "workshop": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "text": forms.Textarea(attrs={"rows": 6}),
        }

    @property
    def is_trapped(self) -> bool:
        """Whether the field that nobody sees was filled in: a robot did it."""
        return bool(self.cleaned_data.get("website"))
