"""Rows for tests: the shortest way to something valid."""

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from app.accounts.models import User
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import SECOND_FACTOR_ROLES, Role
from app.tenancy.scope import platform_scope, workshop_scope

PASSWORD = "un mot de passe correct 42"
_number = count(1)


def workshop(**fields: Any) -> Workshop:
    """A workshop with its legal identity filled in."""
    number = next(_number)
    defaults = {
        "name": f"Atelier {number}",
        "slug": f"atelier-{number}",
        "email": f"contact@atelier-{number}.test",
        "phone": "+33476000000",
        "street": "12 rue des Forges",
        "postcode": "38000",
        "city": "Grenoble",
        "siret": "73282932000074",
        "vat_number": "FR44732829320",
        "legal_form": "SARL",
        "capital": 20000,
        "register_city": "Grenoble",
    }
    with platform_scope():
        return Workshop.objects.create(**{**defaults, **fields})


def person(**fields: Any) -> User:
    """Somebody whose address is confirmed."""
    email = fields.pop("email", f"personne{next(_number)}@exemple.test")
    user = User.objects.create_user(email, PASSWORD, **{"first_name": "Camille", "last_name": "Martin", **fields})
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def member(workshop: Workshop, *roles: Role, second_factor: bool = True, **fields: Any) -> Membership:
    """A member with these roles; Owner and Admin get their second factor unless told otherwise."""
    user = fields.pop("user", None) or person(**fields)
    if second_factor and SECOND_FACTOR_ROLES.intersection(roles):
        TOTP.activate(user, generate_totp_secret())
    with workshop_scope(workshop.pk):
        return Membership.objects.create(workshop=workshop, user=user, roles=[role.value for role in roles])
