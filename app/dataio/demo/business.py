"""Small workshops with eighteen months of subscriptions, so that the publisher's figures are computed from something.

Their names say that they are demonstrations, nobody signs in to them, and nothing of them exists at the payment
service: only our own rows, as a real life would have left them. Everything follows from `LIVES`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from app.billing.constants import BillingStatus, ExitReason
from app.billing.models import Offer, SaasInvoice, SubscribedItem, Subscription, Trial
from app.billing.services.access import apply_access
from app.billing.services.giving import give_plan
from app.entitlements.constants import Dimension
from app.entitlements.services import count
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

PUBLISHER = Actor(label="ThermoGestion", origin=Origin.PUBLISHER)
SLUG = "demo-"
TRIAL_DAYS = 30
VAT = Decimal("0.20")
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Life:
    """A workshop: when it opened, what it held from when to when (days ago; None: still), how it stands."""

    name: str
    city: str
    opened: int
    held: tuple[tuple[str, int, int | None], ...] = ()
    storage_gb: int = 1
    unpaid_for: int | None = None
    left_for: ExitReason | None = None
    words: str = ""
    given: bool = False


LIVES = (
    Life("Alpes Laquage (démonstration)", "Annecy", 545, (("lite", 520, 300), ("pro", 300, None)), 14),
    Life("Bretagne Poudre (démonstration)", "Rennes", 510, (("pro", 485, None),), 17),
    Life("Cévennes Métal (démonstration)", "Alès", 470, (("lite", 445, None),), 6),
    Life(
        "Dauphiné Revêtement (démonstration)", "Valence", 430, (("lite", 402, 150),), 3,
        left_for=ExitReason.CLOSING, words="Départ en retraite, merci pour tout.",
    ),
    Life("Écrins Jantes (démonstration)", "Briançon", 380, (("pro", 352, None),), 19),
    Life(
        "Flandre Finition (démonstration)", "Lille", 340, (("pro", 315, 60),), 8,
        left_for=ExitReason.PRICE, words="Nous ne nous servions pas des rapports.",
    ),
    Life("Garonne Thermo (démonstration)", "Toulouse", 290, (("lite", 262, None),), 4),
    Life("Hérault Couleurs (démonstration)", "Béziers", 230, (("lite", 204, None),), 2, unpaid_for=9),
    Life("Isère Portails (démonstration)", "Voiron", 160, (("pro", 131, None),), 5),
    Life("Jura Poudrage (démonstration)", "Dole", 95),
    Life("Loire Pilote (démonstration)", "Tours", 70, storage_gb=2, given=True),
    Life("Mistral Laquage (démonstration)", "Orange", 11),
)  # fmt: skip


def load_business(now: datetime | None = None) -> int:
    """Make the workshops that are missing; how many. A second call makes none."""
    now = now or timezone.now()
    offers = {offer.key: offer for offer in Offer.objects.filter(key__in=["lite", "pro"])}
    if len(offers) < 2:
        return 0
    with platform_scope():
        known = set(Workshop.objects.filter(slug__startswith=SLUG).values_list("slug", flat=True))
    wanted = [(rank, life) for rank, life in enumerate(LIVES, start=1) if _slug(rank) not in known]
    for rank, life in wanted:
        _live(rank, life, offers, now)
    return len(wanted)


def _slug(rank: int) -> str:
    return f"{SLUG}{rank:02}"


def _live(rank: int, life: Life, offers: dict[str, Offer], now: datetime) -> None:
    opened = now - timedelta(days=life.opened)
    with platform_scope():
        workshop: Workshop = Workshop.objects.create(
            name=life.name, slug=_slug(rank), email=f"contact@{_slug(rank)}.test", city=life.city, onboarded_at=opened
        )
        Workshop.objects.filter(pk=workshop.pk).update(created_at=opened)
    with workshop_scope(workshop.pk):
        ends = opened + timedelta(days=TRIAL_DAYS)
        Trial.objects.create(workshop=workshop, started_at=opened, ends_at=ends)
        if life.held:
            _subscribe(workshop, life, offers, now)
        if life.given:
            give_plan(workshop=workshop, actor=PUBLISHER, plan=offers["pro"], until=None, reason="Atelier pilote")
        apply_access(workshop=workshop, now=now)
        count(workshop=workshop, dimension=Dimension.STORAGE, amount=life.storage_gb * GIGABYTE)


def _subscribe(workshop: Workshop, life: Life, offers: dict[str, Offer], now: datetime) -> None:
    key, _start, end = life.held[-1]
    ended_at = None if end is None else now - timedelta(days=end)
    running = BillingStatus.PAST_DUE if life.unpaid_for else BillingStatus.ACTIVE
    subscription = Subscription.objects.create(
        workshop=workshop,
        plan=offers[key],
        status=BillingStatus.CANCELED if ended_at else running,
        ended_at=ended_at,
        cancel_at=ended_at,
        past_due_since=now - timedelta(days=life.unpaid_for) if life.unpaid_for else None,
        exit_reason=life.left_for or "",
        exit_comment=life.words,
    )
    for key, start, end in life.held:
        until = None if end is None else now - timedelta(days=end)
        _hold(workshop, subscription, offers[key], now - timedelta(days=start), until)
    _invoice(workshop, life, offers, now)


def _hold(workshop: Workshop, subscription: Subscription, offer: Offer, start: datetime, end: datetime | None) -> None:
    SubscribedItem.objects.create(
        workshop=workshop, subscription=subscription, offer=offer, unit_price=offer.price_excl_tax or 0,
        starts_at=start, ends_at=end,
    )  # fmt: skip


def _invoice(workshop: Workshop, life: Life, offers: dict[str, Offer], now: datetime) -> None:
    """One invoice every thirty days of what was held; the latest is open when the workshop is unpaid."""
    rows = []
    for key, start, end in life.held:
        for ago in range(start, end or 0, -30):
            issued = now - timedelta(days=ago)
            excl = offers[key].price_excl_tax or Decimal(0)
            rows.append(
                SaasInvoice(
                    workshop=workshop, stripe_invoice_id=f"demonstration-{workshop.pk}-{ago}", status="paid",
                    number=f"DEMO-{workshop.pk}-{ago:03}", issued_at=issued, paid_at=issued, total_excl_tax=excl,
                    tax=excl * VAT, total_incl_tax=excl * (1 + VAT),
                )
            )  # fmt: skip
    if life.unpaid_for:
        last = rows[-1]
        last.status, last.paid_at, last.amount_due = "open", None, last.total_incl_tax
        last.issued_at = now - timedelta(days=life.unpaid_for)
    SaasInvoice.objects.bulk_create(rows)
