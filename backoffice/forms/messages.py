"""What the publisher looks for among the messages, and says of one."""

from contact.constants import State, Subject
from django import forms
from django.utils.translation import gettext_lazy as _


class MessageFilters(forms.Form):
    """The list's filters; what is not understood is not asked."""

    etat = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
    sujet = forms.ChoiceField(label=_("Subject"), required=False, choices=[("", _("All")), *Subject.choices])
    q = forms.CharField(label=_("Name, e-mail or workshop"), required=False, max_length=100)

    def asked(self) -> dict[str, str]:
        """The arguments of `list_messages`."""
        self.is_valid()
        found = self.cleaned_data
        return {"state": found.get("etat", ""), "subject": found.get("sujet", ""), "text": found.get("q", "")}


class HandlingForm(forms.Form):
    """What became of a message."""

    state = forms.ChoiceField(label=_("State"), choices=State.choices)
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))
