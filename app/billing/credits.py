"""What is owed for a month whose uptime fell under the guaranteed one: no clock, no database.

See docs/algorithms/service-credits.md.
"""

from decimal import ROUND_HALF_UP, Decimal

#: The whole credit, in per cent of the month's invoice before VAT.
CREDIT_PERCENT = Decimal(10)
CENT = Decimal("0.01")


def share_exceeded(*, guaranteed: Decimal, measured: Decimal) -> Decimal:
    """How much of the allowed downtime was passed, from 0 (kept) to 1; both uptimes in per cent.

    ValueError for a guarantee of 100 % or more: nobody can promise it, and it allows no downtime to share.
    """
    if guaranteed >= 100:
        raise ValueError("a guarantee leaves some downtime")
    share = (guaranteed - measured) / (100 - guaranteed)
    return min(max(share, Decimal(0)), Decimal(1))


def credit_of(*, invoiced: Decimal, guaranteed: Decimal, measured: Decimal) -> Decimal:
    """The credit in EUR excluding tax, to the cent (half up); nothing invoiced, nothing owed."""
    share = share_exceeded(guaranteed=guaranteed, measured=measured)
    return (max(invoiced, Decimal(0)) * CREDIT_PERCENT / 100 * share).quantize(CENT, ROUND_HALF_UP)
