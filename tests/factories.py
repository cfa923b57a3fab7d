"""Rows for tests: the shortest way to something valid."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection

from app.accounts.models import User
from app.billing.models import CatalogChange, Offer
from app.crm.models import Customer
from app.powders.models import Powder
from app.powders.services.powders import PowderData, create_powder
from app.projects.models import Part, Project
from app.projects.services.starting import open_project
from app.quotes.models import Quote, QuoteLine
from app.quotes.services.drafting import new_draft, save_draft
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import SECOND_FACTOR_ROLES, Role
from app.tenancy.scope import platform_scope, workshop_scope

PASSWORD = "un mot de passe correct 42"
ACTOR = Actor.system("tests")
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


@contextmanager
def as_publisher() -> Iterator[None]:
    """Write the publisher's own tables from inside a workshop's scope, as no code of the product can."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        [role] = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE thermo_platform")
        yield
        cursor.execute(f"SET LOCAL ROLE {role}")


def offer(**fields: Any) -> Offer:
    """A plan that can be subscribed, unless the fields say otherwise."""
    number = next(_number)
    with as_publisher():
        return Offer.objects.create(**{"key": f"offre-{number}", "name": f"Offre {number}", **fields})


def catalog_change(**fields: Any) -> CatalogChange:
    """A line of the history of prices."""
    with as_publisher():
        return CatalogChange.objects.create(**{"actor": "tests", "kind": "price", "subject": "Lite", **fields})


def person(**fields: Any) -> User:
    """Somebody whose address is confirmed."""
    email = fields.pop("email", f"personne{next(_number)}@exemple.test")
    user = User.objects.create_user(email, PASSWORD, **{"first_name": "Camille", "last_name": "Martin", **fields})
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def add_second_factor(user: User) -> None:
    """Codes of an application, as the person would add them."""
    TOTP.activate(user, generate_totp_secret())


def member(workshop: Workshop, *roles: Role, second_factor: bool = True, **fields: Any) -> Membership:
    """A member with these roles; Owner and Admin get their second factor unless told otherwise."""
    user = fields.pop("user", None) or person(**fields)
    if second_factor and SECOND_FACTOR_ROLES.intersection(roles):
        add_second_factor(user)
    with workshop_scope(workshop.pk):
        return Membership.objects.create(workshop=workshop, user=user, roles=[role.value for role in roles])


def customer(workshop: Workshop, **fields: Any) -> Customer:
    """A private customer with an address; call it in the workshop's scope."""
    number = next(_number)
    defaults = {
        "first_name": "Camille",
        "last_name": f"Lefèvre {number}",
        "email": f"camille{number}@client.test",
        "phone": "+33612345678",
    }
    values = {**defaults, **fields}
    values.setdefault("sort_key", f"lefevre {number}")
    values.setdefault("email_key", values["email"].lower())
    return Customer.objects.create(workshop=workshop, **values)


def powder(workshop: Workshop, **fields: Any) -> Powder:
    """A powder of 100 g/m² at 20 €/kg; call it in the workshop's scope."""
    number = next(_number)
    price = fields.pop("price_per_kg", Decimal(20))
    data = {
        "brand": "Thermopoudre",
        "reference": f"TP-7016-{number}",
        "type": "polyester",
        "finish": "satin",
        "colour_code": "RAL 7016",
        "colour_name": "Gris anthracite",
        "hex": "#383e42",
        "consumption_g_per_m2": Decimal(100),
        "curing_temperature_c": 180,
        "curing_minutes": 20,
        **fields,
    }
    return create_powder(workshop=workshop, actor=ACTOR, data=PowderData(**data), price_per_kg=price)


def quote(workshop: Workshop, **fields: Any) -> Quote:
    """A draft of one line, 2 parts of 3 m² in one coat; call it in the workshop's scope."""
    draft = new_draft(workshop, fields.pop("customer", None) or customer(workshop))
    draft.title = "Portail coulissant"
    for name, value in fields.items():
        setattr(draft, name, value)
    line = QuoteLine(
        designation="Panneaux de portail",
        quantity=Decimal(2),
        surface_m2=Decimal(3),
        powder=powder(workshop),
        labour_minutes=60,
        hourly_rate=Decimal(45),
        vat_rate=Decimal(20),
    )
    return save_draft(workshop=workshop, actor=ACTOR, quote=draft, lines=[line])


def project(workshop: Workshop, **fields: Any) -> Project:
    """A project of one part, at its first step; call it in the workshop's scope."""
    row = Project(workshop=workshop, customer=fields.pop("customer", None) or customer(workshop), title="Jantes")
    for name, value in fields.items():
        setattr(row, name, value)
    part = Part(designation="Jante 17 pouces", quantity=Decimal(4), powder=powder(workshop))
    return open_project(workshop=workshop, actor=ACTOR, project=row, parts=[part])
