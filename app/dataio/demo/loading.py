"""Making the two demonstration workshops, whole or not at all."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from app.billing.models import Offer
from app.billing.services.giving import give_plan
from app.billing.services.trial import start_trial
from app.projects.services.workflows import default_workflow, save_workflow
from app.quotes.models import QuoteSettings
from app.quotes.services.settings import save_settings
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

from .business import load_business
from .catalogues import CustomerBook, create_powders, raise_prices
from .clock import at, working_time
from .jobs import FOR_COMPANIES, FOR_PEOPLE
from .outbox import settle_mails
from .people import (
    ACCOUNTANT,
    ADMIN,
    OPERATORS,
    OWNER,
    TEAM,
    VIEWER,
    SignIn,
    editor_sign_ins,
    has_editors,
    join,
    open_editors,
    open_publisher,
    publisher_sign_in,
    sign_in,
)
from .plans import ATELIER, JANTES, Plan
from .removing import remove_workshop
from .stories import Case, Stage, tell
from .timeline import play
from .troubles import WHEELS

SEED = 7016
PUBLISHER = Actor(label="ThermoGestion", origin=Origin.PUBLISHER)
OPENED_DAYS_AGO = 185
TRIAL_DAYS_AGO = 24
RISE_DAYS_AGO = 60
#: The SIRET is the one that INSEE's documentation uses as its example.
ATELIER_IDENTITY: dict[str, Any] = {
    "name": "Atelier Démo",
    "slug": "atelier-demo",
    "email": "contact@atelier-demo.test",
    "phone": "+33465711001",
    "street": "12 rue des Forges",
    "postcode": "38600",
    "city": "Fontaine",
    "legal_form": "SARL",
    "capital": Decimal(20000),
    "siret": "73282932000074",
    "register_city": "Grenoble",
    "vat_number": "FR44732829320",
    "insurance": "Responsabilité civile professionnelle, contrat d’exemple n° 000000, France métropolitaine",
    "mediator": "Médiateur d’exemple, 1 rue de l’Exemple, 75000 Paris",
    "accent": "#9a3412",
}
JANTES_IDENTITY: dict[str, Any] = {
    "name": "Jantes du Lac",
    "slug": "jantes-du-lac",
    "email": "contact@jantes-du-lac.test",
    "phone": "+33465712001",
    "street": "3 quai des Pêcheurs",
    "postcode": "73100",
    "city": "Aix-les-Bains",
    "legal_form": "EURL",
    "capital": Decimal(5000),
    "siret": "73282932000074",
    "register_city": "Chambéry",
    "vat_number": "FR44732829320",
    "accent": "#1d4ed8",
}


@dataclass
class Loaded:
    """What a program needs to use the demonstration."""

    workshop: str
    workshops: list[str] = field(default_factory=list)
    sign_ins: list[SignIn] = field(default_factory=list)


def load_demo(*, reset: bool = False) -> tuple[Loaded, bool]:
    """Make what is missing of the demonstration; with `reset`, all of it anew. Also whether anything was made."""
    made = False
    with translation.override("fr"), transaction.atomic():
        for identity, furnish in ((ATELIER_IDENTITY, _furnish_atelier), (JANTES_IDENTITY, _furnish_jantes)):
            if reset:
                remove_workshop(identity["slug"])
            if not _exists(identity["slug"]):
                furnish(identity)
                made = True
        if made or not has_editors():
            open_editors()
            open_publisher()
        made = bool(load_business()) or made
    slugs = [ATELIER_IDENTITY["slug"], JANTES_IDENTITY["slug"]]
    return Loaded(
        slugs[0], slugs, [*(sign_in(person) for person in TEAM), *editor_sign_ins(), publisher_sign_in()]
    ), made


def _exists(slug: str) -> bool:
    with platform_scope():
        return Workshop.objects.filter(slug=slug).exists()


def _furnish_atelier(identity: dict[str, Any]) -> None:
    """The whole team, six months of work, every feature."""
    with at(working_time(timezone.localdate(), OPENED_DAYS_AGO, 9)):
        workshop = _open(identity)
        with workshop_scope(workshop.pk):
            team = {person: join(workshop, person) for person in (OWNER, ADMIN, *OPERATORS, ACCOUNTANT, VIEWER)}
    with workshop_scope(workshop.pk):
        plan = Offer.objects.filter(key="pro").first()
        if plan:
            give_plan(workshop=workshop, actor=PUBLISHER, plan=plan, until=None, reason="Atelier de démonstration")
        office = [team[OWNER], team[ADMIN], team[ACCOUNTANT]]
        operators = [team[person] for person in OPERATORS]
        _live(workshop, office, operators, plans=ATELIER, days=OPENED_DAYS_AGO, kind="")
        for furnish in settings.DEMO_FURNISHERS:  # apps beside this one
            import_string(furnish)(workshop=workshop, office=office, operators=operators)
            settle_mails(timezone.now())


def _furnish_jantes(identity: dict[str, Any]) -> None:
    """A smaller workshop of the same owner, in the middle of its trial."""
    with at(working_time(timezone.localdate(), TRIAL_DAYS_AGO, 9)):
        workshop = _open(identity)
        with workshop_scope(workshop.pk):
            owner = join(workshop, OWNER)
            start_trial(workshop=workshop, actor=owner)
    with workshop_scope(workshop.pk):
        _live(workshop, [owner], [owner], plans=JANTES, days=TRIAL_DAYS_AGO, kind="particulier")


def _open(identity: dict[str, Any]) -> Workshop:
    with platform_scope():
        now = timezone.now()
        return Workshop.objects.create(**identity, onboarded_at=now, checklist_closed_at=now)


def _live(
    workshop: Workshop, office: list[Actor], operators: list[Actor], *, plans: list[Plan], days: int, kind: str
) -> None:
    """The catalogue first, then every story at its time."""
    random = Random(SEED)  # noqa: S311  the same demonstration each time
    with at(working_time(timezone.localdate(), days, 10)):
        default_workflow(workshop=workshop)
        save_workflow(workshop=workshop, actor=office[0], name="Jantes", steps=WHEELS)
        _set_prices(workshop, office[0])
        powders = create_powders(workshop, office[0])
    if days > RISE_DAYS_AGO:
        with at(working_time(timezone.localdate(), RISE_DAYS_AGO, 7)):
            raise_prices(workshop, office[0], powders, brand="Alpicolor")
    stage = Stage(workshop, office, operators, powders, random, timezone.localdate())
    book = CustomerBook(workshop, office[0], kind=kind)
    stories = [tell(stage, case) for case in _cases(plans, book, random)]
    play(stories, until=timezone.now() - timedelta(minutes=1), after_each=settle_mails)


def _set_prices(workshop: Workshop, actor: Actor) -> None:
    prices = QuoteSettings(
        workshop=workshop,
        payment_terms="Acompte de 30 % à la commande, solde à l’enlèvement",
        lead_time="10 jours ouvrés après réception des pièces",
        conditions="Les pièces sont remises propres, sans silicone ni plomb. Teintes RAL indicatives à l’écran.",
    )
    save_settings(workshop=workshop, actor=actor, prices=prices)


def _cases(plans: list[Plan], book: CustomerBook, random: Random) -> list[Case]:
    """Each plan with a customer, every one of them once before any comes back, and an order of their kind."""
    turn = list(range(len(book)))
    random.shuffle(turn)
    cases = []
    for number, plan in enumerate(plans):
        who = turn[number % len(turn)]
        asked = FOR_COMPANIES if book.is_company(who) else FOR_PEOPLE
        orders = [order for order in asked if order.trades & book.tags(who)] or asked
        cases.append(Case(plan, orders[number % len(orders)], lambda who=who: book.get(who)))  # type: ignore[misc]
    return cases
