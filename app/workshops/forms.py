"""Parsing of members, invitations, identity and address."""

from typing import Any

from allauth.account.fields import SetPasswordField
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret

from app.accounts.forms import photo_field
from app.accounts.models import User
from app.kernel.formfields import DayField
from app.kernel.zones import zone_choices
from app.tenancy.constants import MemberStatus
from app.tenancy.formfields import limit_choices
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.permissions import GRANTABLE_ROLES, Role

from .contrast import READABLE, contrast
from .countries import country_choices
from .selectors import list_managers
from .services.identity import IDENTITY
from .services.invitations import InvitationData
from .services.members import MemberData

#: The two backgrounds of our light pages: the accent is written on them.
PAGE_BACKGROUNDS = ("#ffffff", "#faf8f5")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SiteForm(forms.Form):
    """The name of a site."""

    name = forms.CharField(label=_("Name"), max_length=80)


class MemberFilters(forms.Form):
    """Search and filters of the team, from the address."""

    q = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(
        required=False, choices=[("", _("All roles")), *[(r.value, r.label) for r in GRANTABLE_ROLES]]
    )
    statut = forms.ChoiceField(required=False, choices=[("", _("All")), *MemberStatus.choices])


class ManagerField(forms.ModelChoiceField):
    """Members by name."""

    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.user)


class MemberForm(forms.Form):
    """Roles and place of a member; an Admin is not offered what only an Owner can give."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    department = forms.CharField(label=_("Team or department"), max_length=80, required=False)
    manager = ManagerField(label=_("Manager"), queryset=None, required=False, empty_label=_("None"))
    starts_on = DayField(label=_("Start date"), required=False, widget=DATE)

    def __init__(self, *args: Any, by: Membership, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = member.roles if member else []
        given = [role for role in Role if role in GRANTABLE_ROLES or role in held]
        if Role.OWNER not in by.roles:
            given = [role for role in given if role is not Role.OWNER]
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)
        roles.choices = [(role.value, role.label) for role in given]
        limit_choices(self, "manager", list_managers(but=member))

    def data_of_member(self) -> MemberData:
        """What was typed."""
        data = self.cleaned_data
        return MemberData(tuple(data["roles"]), data["department"], data["manager"], data["starts_on"])


class InvitationForm(MemberForm):
    """A member to come."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"))

    field_order = ["first_name", "last_name", "email", "roles", "department", "manager", "starts_on"]

    def invitation_data(self) -> InvitationData:
        """What was typed."""
        data = self.cleaned_data
        return InvitationData(**{**data, "roles": tuple(data["roles"])})


class JoinForm(forms.Form):
    """The account of somebody who was invited and has none."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    photo = photo_field()
    password = SetPasswordField(label=_("Choose a password"))

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        assert isinstance(password, SetPasswordField)
        password.user = User(email=invitation.email)


class IdentityForm(forms.ModelForm):
    """The legal identity; French numbers are checked by their own check digits."""

    siret = forms.CharField(  # longer than it is kept: people write it with spaces
        label=_("SIRET"), required=False, max_length=20, help_text=_("14 digits, on your Kbis extract.")
    )
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("With the VAT number, it decides the VAT of your ThermoGestion invoices.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False,
        help_text=_("Hours and days of the workshop are told in it, to everybody who works there."),
    )  # fmt: skip
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or WebP, 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip

    class Meta:
        model = Workshop
        fields = IDENTITY
        help_texts = {
            "accent": _("Colour of buttons and titles on your quotes and your customers' pages, such as #9a3412."),
            "insurance": _("Insurer and cover, if your work requires it."),
            "mediator": _("Name and site of the mediator, if you sell to consumers."),
        }
        widgets = {"accent": forms.TextInput(attrs={"placeholder": "#9a3412", "maxlength": "7"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capital"].validators.append(MinValueValidator(0))
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean_time_zone(self) -> str:
        """The one that it has, when none was sent."""
        return str(self.cleaned_data["time_zone"] or self.initial["time_zone"])

    def clean_name(self) -> str:
        """On one line: it signs every message."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_siret(self) -> str:
        number = siret.compact(self.cleaned_data["siret"])
        if number and not siret.is_valid(number):
            raise ValidationError(gettext("This SIRET is not valid: check its 14 digits."))
        return str(number)

    def clean_vat_number(self) -> str:
        typed = self.cleaned_data["vat_number"]
        if not typed:
            return ""
        try:
            return str(vat.validate(typed))
        except NumberError as error:
            raise ValidationError(
                gettext("This VAT number is not valid; a French one reads FR 12 345678901.")
            ) from error

    def clean_accent(self) -> str:
        accent = self.cleaned_data["accent"].strip().lower()
        if not accent:
            return ""
        if len(accent) != 7 or accent[0] != "#" or set(accent[1:]) - set("0123456789abcdef"):
            raise ValidationError(gettext("Write the colour as # and six digits, such as #9a3412."))
        lowest = min(contrast(accent, background) for background in PAGE_BACKGROUNDS)
        if lowest < READABLE:
            raise ValidationError(
                gettext("Too light to be read: its contrast is %(ratio).1f and 4.5 is needed. Choose a darker colour.")
                % {"ratio": lowest}
            )  # fmt: skip
        return str(accent)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        number, company = data.get("vat_number", ""), data.get("siret", "")[:9]
        if number.startswith("FR") and company and number[4:] != company:
            self.add_error("vat_number", gettext("This VAT number belongs to another company than the SIRET."))
        return data


class AddressForm(forms.Form):
    """The workshop's name in addresses."""

    slug = forms.CharField(label=_("Address"), max_length=60, min_length=3)

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip().lower()
