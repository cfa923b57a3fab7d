"""What the publisher wants to reach. `key` names the value that is measured; many have none yet."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    EUROS = "euros"


@dataclass(frozen=True)
class Target:
    """An indicator: its group, the target in words, the bound that the value must reach, and the value."""

    key: str
    group: str | Promise
    label: str | Promise
    words: str | Promise
    unit: Unit = Unit.COUNT
    bound: Decimal | None = None
    is_ceiling: bool = False
    value: Decimal | None = None

    @property
    def is_reached(self) -> bool | None:
        """Whether the value reaches the target; None while it is not measured."""
        if self.value is None or self.bound is None:
            return None
        return self.value < self.bound if self.is_ceiling else self.value >= self.bound


_ACQUISITION, _ACTIVATION, _USE = _("Acquisition"), _("Activation"), _("Engagement")
_RETENTION, _REVENUE, _SATISFACTION = _("Retention"), _("Revenue"), _("Satisfaction")

TARGETS = (
    Target("visits", _ACQUISITION, _("Visits of the site in a month"), _("5,000 to 10,000")),
    Target("trials", _ACQUISITION, _("Trials started in 30 days"), _("100 to 200"), bound=Decimal(100)),
    Target("conversion", _ACQUISITION, _("Trials that became subscriptions"), "15 %", Unit.PERCENT, Decimal(15)),
    Target("cac", _ACQUISITION, _("Cost of acquiring a customer"), _("under 150 €"), Unit.EUROS),
    Target("first_value", _ACTIVATION, _("Time to first value"), _("under 10 minutes")),
    Target("first_quote", _ACTIVATION, _("Workshops that wrote a first quote"), "80 %", Unit.PERCENT, Decimal(80)),
    Target("integration", _ACTIVATION, _("Workshops that connected an integration"), "40 %", Unit.PERCENT),
    Target("campaign", _ACTIVATION, _("Workshops that sent a first campaign"), "30 %", Unit.PERCENT),
    Target("dau_mau", _USE, _("People of the day among those of the month"), _("above 40%"), Unit.PERCENT),
    Target("sessions", _USE, _("Sessions a person and a week"), _("more than 5")),
    Target("adoption", _USE, _("Core features adopted, of ten"), _("more than 4")),
    Target("monthly_churn", _RETENTION, _("Churn last month"), _("under 5%"), Unit.PERCENT, Decimal(5), True),
    Target("yearly_churn", _RETENTION, _("Churn over a year"), _("under 30%"), Unit.PERCENT, Decimal(30), True),
    Target("nps", _RETENTION, _("Net promoter score"), _("above 50")),
    Target("renewal", _RETENTION, _("Payers of a year ago who still pay"), _("above 85%"), Unit.PERCENT, Decimal(85)),
    Target("mrr", _REVENUE, _("Monthly recurring revenue"), _("10,000 € at 6 months, 50,000 € at 12"), Unit.EUROS,
           Decimal(10_000)),
    Target("arpu", _REVENUE, _("Revenue per payer and month"), "150 €", Unit.EUROS, Decimal(150)),
    Target("ltv", _REVENUE, _("Revenue of a payer over 12 months"), _("1,800 €"), Unit.EUROS, Decimal(1800)),
    Target("ltv_cac", _REVENUE, _("That revenue against the cost of acquisition"), _("above 3")),
    Target("first_answer", _SATISFACTION, _("First answer of the support"), _("under 2 hours")),
    Target("resolution", _SATISFACTION, _("Resolution"), _("under 24 hours")),
    Target("store_mark", _SATISFACTION, _("Mark in the application stores"), _("above 4.5 of 5")),
    Target("reviews", _SATISFACTION, _("Mark on G2 and Capterra"), _("above 4.5 of 5")),
)  # fmt: skip
