"""States of the subscription, the offers supplied with the product, and the days of the trial's mails."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from app.entitlements.constants import Feature

GIGABYTE = 1_000_000_000


class OfferKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    OPTION = "option", _("Option")


class SupportLevel(models.TextChoices):
    EMAIL = "email", _("by e-mail")
    CHAT = "chat", _("by e-mail and chat")
    PRIORITY = "priority", _("priority")
    ALWAYS = "always", _("day and night, every day")


class SubscriptionOrigin(models.TextChoices):
    STRIPE = "stripe", _("Stripe")
    PUBLISHER = "publisher", _("Given by the publisher")


class BillingStatus(models.TextChoices):
    """Stripe's own words, and NONE before the first subscription."""

    NONE = "none", _("none")
    INCOMPLETE = "incomplete", _("payment not finished")
    INCOMPLETE_EXPIRED = "incomplete_expired", _("payment abandoned")
    TRIALING = "trialing", _("trial")
    ACTIVE = "active", _("active")
    PAST_DUE = "past_due", _("unpaid")
    UNPAID = "unpaid", _("unpaid, attempts over")
    CANCELED = "canceled", _("ended")
    PAUSED = "paused", _("paused")


class AccessState(models.TextChoices):
    """What a workshop may do today; decided by access.py from the projection alone."""

    TRIAL = "trial", _("in trial")
    ACTIVE = "active", _("subscribed")
    UNPAID = "unpaid", _("unpaid, everything still works")
    LIMITED = "limited", _("premium functions suspended")
    SUSPENDED = "suspended", _("suspended")
    READ_ONLY = "read_only", _("ended, reading only")


class ChangeKind(models.TextChoices):
    PRICE = "price", _("Price")
    RULE = "rule", _("Rule")
    QUOTA = "quota", _("Quota")
    OFFER = "offer", _("Offer")
    FLAG = "flag", _("Feature flag")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("to do")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class CreditState(models.TextChoices):
    DUE = "due", _("due")
    APPLIED = "applied", _("on the next invoice")
    NOTHING = "nothing", _("nothing to invoice")


class OrderKind(models.TextChoices):
    """What a person may ask of the payment service."""

    CHECKOUT = "checkout", _("Subscribe")
    PORTAL = "portal", _("Open the billing portal")
    CARD = "card", _("Change the payment method")
    PREVIEW = "preview", _("Work out a change")
    CHANGE = "change", _("Change the subscription")
    WITHDRAW = "withdraw", _("Give up the change")
    CANCEL = "cancel", _("Cancel the subscription")
    UNDO = "undo", _("Undo the cancellation")


class ExitReason(models.TextChoices):
    PRICE = "price", _("The price")
    MISSING = "missing", _("A missing function")
    DIFFICULT = "difficult", _("Too difficult to use")
    SUPPORT = "support", _("The support")
    OTHER_TOOL = "other_tool", _("Another tool")
    CLOSING = "closing", _("The workshop closes or is sold")
    OTHER = "other", _("Something else")


class OrderState(models.TextChoices):
    WAITING = "waiting", _("in progress")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


#: Subscriptions that give rights: paid, or unpaid for a time that access.py measures.
OPEN_STATUSES = frozenset({BillingStatus.ACTIVE, BillingStatus.TRIALING, BillingStatus.PAST_DUE, BillingStatus.UNPAID})

CORE = (Feature.CRM, Feature.QUOTES, Feature.PROJECTS, Feature.PORTAL, Feature.BASIC_STOCK)
_PRO = (*CORE, Feature.SMART_STOCK, Feature.REPORTING, Feature.API, Feature.WHEELS)


@dataclass(frozen=True)
class InitialOffer:
    """What a new installation starts from; the publisher changes it afterwards."""

    key: str
    name: str
    price_excl_tax: Decimal | None
    description: str
    features: tuple[str, ...] = ()
    limits: dict[str, int] = field(default_factory=dict)
    kind: OfferKind = OfferKind.PLAN
    support_level: SupportLevel = SupportLevel.EMAIL
    guaranteed_uptime: Decimal | None = None
    is_public: bool = False
    is_active: bool = False


INITIAL_OFFERS = (
    InitialOffer(
        key="lite",
        name="Lite",
        price_excl_tax=Decimal("49.00"),
        description="Devis, projets, clients et stock de base : l’atelier au quotidien.",
        features=CORE,
        guaranteed_uptime=Decimal("99.5"),
        is_public=True,
        is_active=True,
    ),
    InitialOffer(
        key="pro",
        name="Pro",
        price_excl_tax=Decimal("99.00"),
        description="Tout Lite, avec le stock intelligent, les rapports avancés, les jantes et les intégrations.",
        features=_PRO,
        guaranteed_uptime=Decimal("99.9"),
        is_public=True,
        is_active=True,
    ),
)

#: Day of the trial → kind of the mail (app/notify/kinds.py); the last one leaves when the trial is over.
TRIAL_MAILS = {7: "trial_day_7", 15: "trial_day_15", 25: "trial_day_25"}
TRIAL_END_MAIL = "trial_end"
#: Mails about the trial leave between these hours of the reader's own clock.
MORNING_HOURS = range(8, 12)
#: A trial that ended longer ago than this gets no mail about its end any more.
END_MAIL_DAYS = 3
