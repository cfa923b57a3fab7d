"""Sign-up and the person's own profile."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from app.kernel.phones import normalise_phone
from app.kernel.zones import zone_choices

from .constants import DOCUMENT_PATHS, Document
from .models import User
from .selectors import find_person
from .services import keep_sign_up

#: Field name of a consent → the documents that it accepts: the terms are in two texts, accepted together.
CONSENTS = {
    "accepts_terms": (Document.TERMS, Document.SALE),
    "accepts_privacy": (Document.PRIVACY,),
    "accepts_processing": (Document.PROCESSING,),
}
CAMPAIGN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class WorkshopForm(forms.Form):
    """The workshop that somebody opens: its name, a telephone, three consents."""

    workshop_name = forms.CharField(
        label=_("Name of your workshop"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    telephone = forms.CharField(
        label=_("Telephone"), max_length=32, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    accepts_terms = forms.BooleanField()
    accepts_privacy = forms.BooleanField()
    accepts_processing = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, documents in CONSENTS.items():
            self.fields[name].label = _consent_label(documents)
            self.fields[name].error_messages["required"] = gettext("Your agreement is needed to open the workshop.")

    def clean_telephone(self) -> str:
        number = normalise_phone(self.cleaned_data["telephone"])
        if number is None:
            raise ValidationError(gettext("Write a telephone number such as 06 12 34 56 78 or +32 470 12 34 56."))
        return number

    def clean_workshop_name(self) -> str:
        name = " ".join(self.cleaned_data["workshop_name"].split())
        if not any(character.isalnum() for character in name):
            raise ValidationError(gettext("Write the name of the workshop."))
        return name

    def ask(self, *, user: User, ip: str | None, campaign: str = "") -> None:
        """Keep what a valid form asks for, with each consent at the version in force."""
        keep_sign_up(
            user=user,
            workshop_name=self.cleaned_data["workshop_name"],
            phone=self.cleaned_data["telephone"],
            documents=[document for documents in CONSENTS.values() for document in documents],
            ip=ip,
            campaign=campaign,
        )


class WorkshopSignupForm(WorkshopForm, SignupForm):  # type: ignore[misc]
    """What opens a workshop for somebody without an account: the Owner's name, address and password besides."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    campagne = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["workshop_name", "first_name", "last_name", "email", "telephone", "password1", *CONSENTS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your e-mail")
        for name in ("email", "password1"):  # the label says it already
            self.fields[name].widget.attrs.pop("placeholder", None)
        # allauth hides its trap by an inline style, which the content policy refuses; the template hides it.
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    def try_save(self, request: HttpRequest) -> Any:
        """The account with all that goes with it, or nothing.

        An address sent twice at once makes one account: the second one is answered as if it had come later.
        """
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if find_person(self.cleaned_data["email"]) is None:
                raise
            self.account_already_exists = True
            return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """allauth's step between the account and its address, in the transaction of both (see `try_save`)."""
        self.ask(user=user, ip=get_adapter().get_client_ip(request), campaign=self.cleaned_data["campagne"])

    def clean_campagne(self) -> str:
        """The name of a campaign; anything else is no reason to refuse a sign-up."""
        name: str = self.cleaned_data["campagne"]
        return name if CAMPAIGN.fullmatch(name) else ""


def _consent_label(documents: tuple[Document, ...]) -> str:
    text = {
        Document.TERMS: gettext("I accept the {link}terms of use{end} and the {second}terms of sale{end}."),
        Document.PRIVACY: gettext("I have read and accept the {link}privacy policy{end}."),
        Document.PROCESSING: gettext("I accept the {link}data processing agreement{end}."),
    }[documents[0]]
    opening = '<a class="link" href="{}" target="_blank" rel="noopener">'
    links = [format_html(opening, DOCUMENT_PATHS[document]) for document in documents]
    return format_html(text, link=links[0], second=links[-1], end=format_html("</a>"))


class ResendForm(forms.Form):
    """The address to which the confirmation is sent again."""

    email = forms.EmailField(label=_("E-mail"))


def photo_field() -> forms.FileField:
    """The photo of a person, which nobody has to give."""
    return forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, 5 MB at most. The place and the date that the file holds are removed."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class ProfileForm(forms.ModelForm):
    """A person's own name, photo and screen preferences."""

    photo = photo_field()
    no_photo = forms.BooleanField(label=_("Show my initials instead of a photo"), required=False)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "language", "time_zone", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        if not self.instance.photo_file_id:
            del self.fields["no_photo"]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=zone_choices(),
            help_text=_("For the pages of your account; a workshop tells the hours of its own zone."),
        )  # fmt: skip
