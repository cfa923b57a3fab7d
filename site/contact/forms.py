"""What somebody writes to us, refused clearly or kept whole."""

import uuid
from datetime import date, timedelta
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .constants import CALL_WITHIN, FASTEST, LONGEST_MESSAGE, OLDEST, Slot, Subject

SIGNER = TimestampSigner(salt="contact")


class ContactForm(forms.Form):
    """A message. `issued` is when the form was shown, signed: it tells programs and double posts."""

    subject = forms.ChoiceField(
        label=_("Subject"), choices=[choice for choice in Subject.choices if choice[0] != Subject.SET_UP]
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    workshop = forms.CharField(
        label=_("Your workshop"), max_length=120, required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Message"), widget=forms.Textarea({"rows": 6, "maxlength": LONGEST_MESSAGE}), min_length=10,
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))
    issued = forms.CharField(widget=forms.HiddenInput)

    VISIBLE: tuple[str, ...] = ("subject", "name", "email", "phone", "workshop", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("issued", new_stamp())

    def shown(self) -> list[forms.BoundField]:
        """The fields for people, in order."""
        return [self[name] for name in self.VISIBLE]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_phone(self) -> str:
        return _checked_phone(self.cleaned_data["phone"])

    def clean_issued(self) -> uuid.UUID:
        """The form's own number; a form filled too fast, or shown long ago, is shown again with what it held."""
        stamp = self.cleaned_data["issued"]
        try:
            token = uuid.UUID(SIGNER.unsign(stamp, max_age=OLDEST))
        except (BadSignature, ValueError) as error:
            raise ValidationError(gettext("This page was open for a long time. Check and send again.")) from error
        if _is_fresh(stamp):
            raise ValidationError(gettext("That was very fast. Check and send again."))
        return token

    def renew(self) -> None:
        """Give a form that is shown again a stamp of its own, unless its own still serves."""
        if "issued" in self.errors:
            self.data = {**self.data.dict(), "issued": new_stamp()}  # type: ignore[attr-defined]


class CallForm(ContactForm):
    """A set-up call: a day and a half-day, a number to call."""

    subject = forms.ChoiceField(choices=[(Subject.SET_UP, Subject.SET_UP.label)], widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    call_on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    call_at = forms.ChoiceField(label=_("When"), choices=Slot.choices)
    text = forms.CharField(
        label=_("What we should prepare"), required=False,
        widget=forms.Textarea({"rows": 4, "maxlength": LONGEST_MESSAGE}),
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],
    )  # fmt: skip

    VISIBLE = ("name", "email", "phone", "workshop", "call_on", "call_at", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("subject", Subject.SET_UP)
        first, last = bookable_days()
        self.fields["call_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_call_on(self) -> date:
        day: date = self.cleaned_data["call_on"]
        first, last = bookable_days()
        if not first <= day <= last or day.isoweekday() > 5:
            raise ValidationError(gettext("Choose a day from Monday to Friday, within six weeks."))
        return day


def bookable_days() -> tuple[date, date]:
    """The first and the last day on which a call may be asked for."""
    today = timezone.localdate()
    return today + timedelta(days=1), today + timedelta(days=CALL_WITHIN)


def _is_fresh(stamp: str) -> bool:
    """Whether the form was shown less than three seconds ago."""
    try:
        SIGNER.unsign(stamp, max_age=FASTEST)
    except SignatureExpired:
        return False
    return True


def _checked_phone(raw: str) -> str:
    """The number as France writes it, or with its country's code; "" for none."""
    if not raw.strip():
        return ""
    try:
        number = phonenumbers.parse(raw, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(gettext("Write a telephone number such as 06 12 34 56 78 or +32 470 12 34 56."))
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if number.country_code == 33 else formats.INTERNATIONAL)


def new_stamp() -> str:
    """A number for one form, with the moment when it is shown."""
    return SIGNER.sign(str(uuid.uuid4()))
