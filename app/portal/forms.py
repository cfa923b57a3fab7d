"""What a customer types."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from app.documents.constants import IMAGE_MAX_BYTES, SignatureMethod
from app.documents.services import NAME_LONGEST

PNG_PREFIX = "data:image/png;base64,"


class LinkForm(forms.Form):
    """The address to which a link is sent."""

    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class WithdrawalForm(forms.Form):
    """Who withdraws, and where the receipt goes."""

    name = forms.CharField(
        label=_("First and last name"),
        max_length=NAME_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Address for the receipt"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class SignatureForm(forms.Form):
    """A signature, drawn, uploaded or typed, with the name and the consent."""

    method = forms.ChoiceField(
        label=_("How do you want to sign?"),
        choices=SignatureMethod,
        widget=forms.RadioSelect,
        initial=SignatureMethod.DRAWN,
    )
    name = forms.CharField(
        label=_("First and last name"),
        max_length=NAME_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    signature_image = forms.CharField(required=False, widget=forms.HiddenInput)
    upload = forms.ImageField(
        label=_("Image of your signature"),
        required=False,
        help_text=_("PNG, JPEG or WebP, 2 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    consent = forms.BooleanField(label=_("I have read the quote and accept it, with an obligation to pay."))
    early_start = forms.BooleanField(
        required=False,
        label=_("I ask that the work start before the end of the 14-day withdrawal period."),
        help_text=_(
            "Once the work is fully done, the right of withdrawal is lost (C. conso. art. L221-25 and L221-28)."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """The image of the chosen method, whatever the others hold."""
        data: dict[str, Any] = super().clean() or {}
        data["image"] = b""
        if data.get("method") == SignatureMethod.DRAWN:
            data["image"] = self._drawn(data.get("signature_image", ""))
        elif data.get("method") == SignatureMethod.UPLOADED:
            upload = data.get("upload")
            if upload is None and "upload" not in self.errors:
                self.add_error("upload", _("Choose the image of your signature."))
            elif upload and upload.size > IMAGE_MAX_BYTES:
                self.add_error("upload", _("The image is larger than 2 MB."))
            elif upload:
                upload.seek(0)
                data["image"] = upload.read()
        return data

    def _drawn(self, text: str) -> bytes:
        if text.startswith(PNG_PREFIX):
            try:
                return base64.b64decode(text.removeprefix(PNG_PREFIX), validate=True)
            except binascii.Error:
                pass
        self.add_error(None, _("Draw your signature in the frame."))
        return b""
