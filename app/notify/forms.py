"""Parsing of the mailbox, of the workshop's words and of the filters. Forms never save."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.notify.constants import EmailState, Provider
from app.notify.events import StaffEvent
from app.notify.models import EmailTemplate, Mailbox
from app.notify.services.mailboxes import MailboxData

#: The ports on which mail servers take mail from their users; others would be a way to probe networks.
SUBMISSION_PORTS = (25, 465, 587, 2525)
FIELDS_OF = {
    Provider.SMTP: ("address", "host", "port", "security", "username", "secret"),
    Provider.SENDGRID: ("address", "secret"),
    Provider.MAILGUN: ("address", "username", "secret"),
}


class MailboxForm(forms.ModelForm[Mailbox]):
    """The account of a provider that takes a password or an API key."""

    secret = forms.CharField(
        label=_("Password or API key"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Encrypted in our database, never shown again."),
    )

    class Meta:
        model = Mailbox
        fields = ["address", "host", "port", "security", "username"]

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        for name in [name for name in self.fields if name not in FIELDS_OF[provider]]:
            del self.fields[name]
        for name in ("host", "username"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_port(self) -> int:
        """Only the ports of mail submission."""
        port: int = self.cleaned_data["port"]
        if port not in SUBMISSION_PORTS:
            ports = ", ".join(str(port) for port in SUBMISSION_PORTS)
            raise forms.ValidationError(_("Mail is sent on one of these ports: %(ports)s."), params={"ports": ports})
        return port

    def mailbox_data(self) -> MailboxData:
        """The valid form as the service takes it."""
        return MailboxData(provider=self.provider, **self.cleaned_data)


class TemplateForm(forms.ModelForm[EmailTemplate]):
    """The words of one kind of message."""

    class Meta:
        model = EmailTemplate
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}


class SentFilterForm(forms.Form):
    """The filters of the sent messages, as the address writes them."""

    q = forms.CharField(required=False)
    etat = forms.ChoiceField(choices=[("", ""), *EmailState.choices], required=False)


class PreferencesForm(forms.Form):
    """For each event that the member may hear of: by mail, by push."""

    def __init__(self, data: Any, *, held: Mapping[StaffEvent, tuple[bool, bool]]) -> None:
        super().__init__(data)
        self.events = list(held)
        for event, (by_email, by_push) in held.items():
            for way, label, chosen in (("mail", _("By e-mail"), by_email), ("push", _("On my devices"), by_push)):
                self.fields[f"{way}_{event}"] = forms.BooleanField(label=label, required=False, initial=chosen)

    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """The events with their two boxes, as the page shows them."""
        return [(str(event.label), self[f"mail_{event}"], self[f"push_{event}"]) for event in self.events]

    def wanted(self) -> dict[StaffEvent, tuple[bool, bool]]:
        """What was chosen; valid once `is_valid()` said so."""
        data = self.cleaned_data
        return {event: (data[f"mail_{event}"], data[f"push_{event}"]) for event in self.events}


class NewsForm(forms.Form):
    """Whether the month's news of the product come by mail, to the person and not to the workshop."""

    news = forms.BooleanField(label=_("The month's news of ThermoGestion, by e-mail"), required=False)


class DeviceForm(forms.Form):
    """What a browser says of itself: where to send, and the two keys of RFC 8291 (65 and 16 bytes, base64url)."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    p256dh = forms.RegexField(regex=r"^[A-Za-z0-9_-]{86,88}=*$", max_length=100)
    auth = forms.RegexField(regex=r"^[A-Za-z0-9_-]{21,24}=*$", max_length=40)
    name = forms.CharField(max_length=80)
