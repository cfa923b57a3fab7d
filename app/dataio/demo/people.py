"""The people of the demonstration and how they sign in."""

import base64
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.utils.crypto import salted_hmac

from app.accounts.models import User
from app.entitlements.constants import Dimension
from app.entitlements.services import count
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import SECOND_FACTOR_ROLES, Role

SALT = "demonstration sign-in"
DOMAIN = "atelier-demo.test"
WRITER_EMAIL = "redaction@thermogestion.test"
CHIEF_EDITOR_EMAIL = "publication@thermogestion.test"
PUBLISHER_EMAIL = "editeur@thermogestion.test"
#: The groups of those who write the site and of those who publish it, as `load_site` makes them.
WRITERS, CHIEF_EDITORS = "Rédacteur", "Responsable éditorial"


@dataclass(frozen=True)
class Person:
    """A member of the demonstration workshop."""

    first_name: str
    last_name: str
    role: Role
    department: str

    @property
    def email(self) -> str:
        return f"{self.first_name.lower().replace('é', 'e')}@{DOMAIN}"


OWNER = Person("Claire", "Fournier", Role.OWNER, "Direction")
ADMIN = Person("Mathieu", "Girard", Role.ADMIN, "Bureau")
ACCOUNTANT = Person("Nathalie", "Roux", Role.ACCOUNTANT, "Bureau")
OPERATORS = (
    Person("Sofiane", "Benali", Role.OPERATOR, "Poudrage et cuisson"),
    Person("Léa", "Marchand", Role.OPERATOR, "Sablage et préparation"),
)
VIEWER = Person("Paul", "Lemoine", Role.VIEWER, "Associé")
TEAM = (OWNER, ADMIN, *OPERATORS, ACCOUNTANT, VIEWER)


@dataclass(frozen=True)
class SignIn:
    """What somebody needs to sign in as a member; no secret for those who have no second factor."""

    email: str
    password: str
    role: str
    totp_secret: str | None


def sign_in(person: Person) -> SignIn:
    """The same on each load, and different in each installation: derived from its secret key."""
    return _credentials(person.email, person.role.value, second_factor=person.role in SECOND_FACTOR_ROLES)


def editor_sign_ins() -> list[SignIn]:
    """Who writes the pages of the site, and who approves and publishes them."""
    return [
        _credentials(WRITER_EMAIL, "writer", second_factor=True),
        _credentials(CHIEF_EDITOR_EMAIL, "chief_editor", second_factor=True),
    ]


def has_editors() -> bool:
    """Whether both accounts are there: an older demonstration had one."""
    return User.objects.filter(email__in=(WRITER_EMAIL, CHIEF_EDITOR_EMAIL)).count() == 2


def open_editors() -> None:
    """The accounts of the site's editors, made or put back as they were."""
    writer, chief = editor_sign_ins()
    for access, first_name, group in ((writer, "Rédaction", WRITERS), (chief, "Publication", CHIEF_EDITORS)):
        user = _account(access, first_name, "ThermoGestion")
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=False)
        user.groups.set(Group.objects.filter(name=group))


def publisher_sign_in() -> SignIn:
    """Who sells the product: the backoffice, and nothing else."""
    return _credentials(PUBLISHER_EMAIL, "publisher", second_factor=True)


def open_publisher() -> User:
    """The publisher's account, made or put back as it was."""
    user = _account(publisher_sign_in(), "Alix", "Morel")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return user


def _credentials(email: str, role: str, *, second_factor: bool) -> SignIn:
    digest = salted_hmac(SALT, email, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()
    password = "-".join(["demo", *(letters[start : start + 4].lower() for start in (0, 4, 8))])
    return SignIn(email, password, role, letters[12:44] if second_factor else None)


def join(workshop: Workshop, person: Person) -> Actor:
    """Make the person a member, with their account, and return them as an author. In the workshop's scope."""
    user = _account(sign_in(person), person.first_name, person.last_name)
    Membership.objects.create(workshop=workshop, user=user, roles=[person.role.value], department=person.department)
    count(workshop=workshop, dimension=Dimension.USERS)
    return Actor(label=str(user), origin=Origin.SCREEN, user_id=user.pk)


def _account(access: SignIn, first_name: str, last_name: str) -> User:
    """The account of somebody, made or put back as it was."""
    user, _made = User.objects.get_or_create(
        email=access.email, defaults={"first_name": first_name, "last_name": last_name}
    )
    user.set_password(access.password)
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=access.email, defaults={"verified": True, "primary": True})
    Authenticator.objects.filter(user=user).delete()
    if access.totp_secret:
        TOTP.activate(user, access.totp_secret)
    return user
