"""What a customer is made of, made comparable: the one place that tidies, checks and keys what people type."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum import exceptions as stdnum_errors
from stdnum.eu import vat
from stdnum.fr import siret

from app.kernel.phones import normalise_phone as parse_phone
from app.kernel.text import fold

from .constants import CustomerType
from .models import Customer

TAG_LONGEST = 40
MOST_TAGS = 20
SORT_LONGEST, PERSON_LONGEST, PHONE_LONGEST = 250, 170, 20
DIGITS = re.compile(r"\D")
#: What nobody sees and files bring along: control characters, zero widths, marks that turn the text round.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: The last numbers that were understood: what tidying wrote need not be parsed again to be checked.
_normalised: deque[str] = deque(maxlen=8)


@lru_cache(maxsize=4096)
def normalise_phone(raw: str) -> str | None:
    """The number in E.164 or None. One record asks several times, and parsing a number costs more than all the rest."""
    return raw if raw in _normalised else _parsed(raw)


def _parsed(raw: str) -> str | None:
    number = parse_phone(raw)
    if number:
        _normalised.append(number)
    return number


@dataclass(frozen=True, slots=True)
class CustomerData:
    """The fields of a customer as people enter them; names are those of the model."""

    type: str = CustomerType.PRIVATE.value
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    language: str = "fr"
    siret: str = ""
    vat_number: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """The folded columns by which lists sort and look-alikes are found."""

    sort_key: str
    email_key: str
    phone_key: str
    name_key: str


FIELDS = tuple(field.name for field in fields(CustomerData))
#: How long each text may be: what the database holds, and notes that stay readable.
LIMITS = {
    field.name: field.max_length
    for field in Customer._meta.concrete_fields
    if field.name in FIELDS and field.name not in ("type", "siret", "country", "language") and field.max_length
} | {"notes": 10_000}
KEYS = tuple(field.name for field in fields(Keys))


def data_of(customer: Customer) -> CustomerData:
    """The fields of a row."""
    values = {name: getattr(customer, name) for name in FIELDS} | {"tags": tuple(customer.tags)}
    return CustomerData(**values)


def tidy(data: CustomerData) -> CustomerData:
    """Spaces, telephone, SIRET, VAT number and tags written in one way; what cannot be understood is left as typed."""
    typed = {name: getattr(data, name) for name in FIELDS}
    flat: dict[str, Any] = {
        name: " ".join(UNSEEN.sub("", value).split()) for name, value in typed.items() if isinstance(value, str)
    }
    return replace(
        data,
        **flat
        | {
            "email": flat["email"].lower(),
            "phone": normalise_phone(flat["phone"]) or flat["phone"],
            "siret": DIGITS.sub("", flat["siret"]) if siret_like(flat["siret"]) else flat["siret"],
            "vat_number": re.sub(r"[\s.-]", "", flat["vat_number"]).upper(),
            "country": flat["country"].upper() or "FR",
            "language": flat["language"] or "fr",
            "tags": tidy_tags(data.tags),
            "notes": UNSEEN.sub("", data.notes).strip(),
        },
    )


def tidy_tags(tags: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The tags without blanks nor repeats (case and accents ignored), in order."""
    short = [" ".join(tag.split())[:TAG_LONGEST].rstrip() for tag in reversed(tags)]
    named = {fold(tag): tag for tag in short if fold(tag)}
    return tuple(reversed(named.values()))[:MOST_TAGS]


def tag_token(tag: str) -> str:
    """The one word by which customers with this tag are found."""
    return fold(tag).replace(" ", "")[:TAG_LONGEST]


def siret_like(text: str) -> bool:
    """Whether the text is only digits, once spaces and dots are removed."""
    return bool(text) and not re.sub(r"[\d\s.\u00a0]", "", text)


def keys_of(data: CustomerData) -> Keys:
    """The keys of tidied fields.

    A person is the words of their names in any order, so that `MARTIN Jean` in one column is the person of two;
    a company without a contact stands under its own name.
    """
    person = " ".join(sorted(fold(f"{data.last_name} {data.first_name}").split()))
    name = data.company or f"{data.last_name} {data.first_name}".strip() or data.email or data.phone
    return Keys(
        sort_key=fold(name)[:SORT_LONGEST],
        email_key=data.email.strip().lower(),
        phone_key=phone_key(data.phone),
        name_key=(person or fold(data.company))[:PERSON_LONGEST],
    )


def phone_key(phone: str) -> str:
    """A telephone however it is written, as digits; empty when there are none."""
    return DIGITS.sub("", normalise_phone(phone) or phone)[:PHONE_LONGEST]


def search_texts(data: CustomerData) -> list[str]:
    """The texts whose words find the customer; a telephone by its French and its international digits."""
    digits = phone_key(data.phone)
    national = "0" + digits[2:] if data.phone.startswith("+33") else ""
    return [
        data.company,
        data.first_name,
        data.last_name,
        data.email,
        data.city,
        data.postcode,
        data.siret,
        digits,
        national,
    ]


def problems(data: CustomerData) -> Iterator[tuple[str, str]]:
    """What is wrong with tidied fields, as (field, message)."""
    if not (data.company or data.last_name or data.first_name or data.email):
        yield "last_name", _("Enter a name, a company or an e-mail address.")
    if data.type not in CustomerType.values:
        yield "type", _("Choose professional or private person.")
    if data.email and not _is_email(data.email):
        yield "email", _("“%(value)s” is not an e-mail address.") % {"value": data.email[:80]}
    if data.phone and normalise_phone(data.phone) is None:
        yield "phone", _("“%(value)s” is not a telephone number.") % {"value": data.phone[:40]}
    if data.siret and not siret.is_valid(data.siret):
        yield "siret", _("“%(value)s” is not a SIRET number: 14 digits are expected.") % {"value": data.siret[:20]}
    if data.vat_number and not _is_vat_number(data.vat_number):
        yield "vat_number", _("“%(value)s” is not a VAT number.") % {"value": data.vat_number[:20]}
    if len(data.country) != 2:
        yield "country", _("“%(value)s” is not a country.") % {"value": data.country[:40]}
    for name, limit in LIMITS.items():
        if len(getattr(data, name)) > limit:
            yield name, _("At most %(limit)d characters.") % {"limit": limit}


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_vat_number(text: str) -> bool:
    """Checked by the rule of its country inside the Union; outside, letters and digits of a plausible length."""
    if text[:2].lower() not in vat.MEMBER_STATES | {"el"}:
        return bool(re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2,18}", text))
    try:
        vat.validate(text)
    except stdnum_errors.ValidationError:
        return False
    return True
