"""The plans supplied with the product, and the days of the trial on which its mails leave."""

from dataclasses import dataclass
from decimal import Decimal

from app.entitlements.constants import Feature

CORE = (Feature.CRM, Feature.QUOTES, Feature.PROJECTS, Feature.PORTAL, Feature.BASIC_STOCK)


@dataclass(frozen=True)
class InitialPlan:
    """What a new installation starts from; the publisher changes it afterwards."""

    key: str
    name: str
    price_excl_tax: Decimal
    description: str
    features: tuple[str, ...]


INITIAL_PLANS = (
    InitialPlan(
        key="lite",
        name="Lite",
        price_excl_tax=Decimal("49.00"),
        description="Devis, projets, clients et stock de base : l’atelier au quotidien.",
        features=CORE,
    ),
    InitialPlan(
        key="pro",
        name="Pro",
        price_excl_tax=Decimal("99.00"),
        description="Tout Lite, avec le stock intelligent, les rapports avancés, les jantes et les intégrations.",
        features=tuple(Feature.values),
    ),
)

#: Day of the trial → kind of the mail (app/notify/kinds.py); the last one leaves when the trial is over.
TRIAL_MAILS = {7: "trial_day_7", 15: "trial_day_15", 25: "trial_day_25"}
TRIAL_END_MAIL = "trial_end"
#: Mails about the trial leave between these hours of the reader's own clock.
MORNING_HOURS = range(8, 12)
#: A trial that ended longer ago than this gets no mail about its end any more.
END_MAIL_DAYS = 3
