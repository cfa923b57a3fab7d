"""What a workshop may do, from facts alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.access import DAY, Facts, Held, closes_at, decide_access, rights_of_options, rights_of_plan
from app.billing.constants import OPEN_STATUSES, AccessState, BillingStatus, SubscriptionOrigin

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
facts = st.builds(
    Facts,
    trial_ends_at=st.none() | moments,
    origin=st.sampled_from(SubscriptionOrigin.values),
    status=st.sampled_from(BillingStatus.values),
    period_end=st.none() | moments,
    past_due_since=st.none() | moments,
    ended_at=st.none() | moments,
)


@pytest.mark.spec("ONB-10", "SUB-05", "SUB-06", "ACC-25")
@pytest.mark.parametrize(
    ("known", "state"),
    [
        (Facts(), AccessState.READ_ONLY),
        (Facts(trial_ends_at=NOW + DAY), AccessState.TRIAL),
        (Facts(trial_ends_at=NOW), AccessState.READ_ONLY),
        (Facts(status=BillingStatus.ACTIVE), AccessState.ACTIVE),
        (Facts(status=BillingStatus.INCOMPLETE, trial_ends_at=NOW + DAY), AccessState.TRIAL),
        (Facts(status=BillingStatus.PAST_DUE, past_due_since=NOW), AccessState.UNPAID),
        (Facts(status=BillingStatus.PAST_DUE, past_due_since=NOW - 7 * DAY), AccessState.LIMITED),
        (Facts(status=BillingStatus.PAST_DUE, past_due_since=NOW - 14 * DAY), AccessState.SUSPENDED),
        (Facts(status=BillingStatus.CANCELED, past_due_since=NOW - 20 * DAY), AccessState.SUSPENDED),
        (Facts(status=BillingStatus.CANCELED, ended_at=NOW), AccessState.READ_ONLY),
        (Facts(status=BillingStatus.ACTIVE, origin=SubscriptionOrigin.PUBLISHER), AccessState.ACTIVE),
        (
            Facts(status=BillingStatus.ACTIVE, origin=SubscriptionOrigin.PUBLISHER, period_end=NOW),
            AccessState.READ_ONLY,
        ),
        (Facts(status=BillingStatus.ACTIVE, trial_ends_at=NOW + DAY), AccessState.ACTIVE),
    ],
)
def test_the_state_follows_from_the_facts(known: Facts, state: AccessState) -> None:
    assert decide_access(known, NOW) == state


@pytest.mark.spec("SUB-05", "SUB-06")
def test_an_unpaid_workshop_is_limited_before_it_is_suspended() -> None:
    unpaid = Facts(status=BillingStatus.PAST_DUE, past_due_since=NOW, days_before_limit=3, days_before_suspension=5)
    states = [decide_access(unpaid, NOW + day * DAY) for day in range(7)]
    assert states == [AccessState.UNPAID] * 3 + [AccessState.LIMITED] * 2 + [AccessState.SUSPENDED] * 2
    assert closes_at(unpaid, AccessState.SUSPENDED) == NOW + 5 * DAY


@given(known=facts, hours=st.integers(0, 24 * 400))
def test_without_a_payment_time_never_gives_back_a_right(known: Facts, hours: int) -> None:
    order = list(AccessState)
    later = decide_access(known, NOW + timedelta(hours=hours))
    now = decide_access(known, NOW)
    if known.past_due_since and known.past_due_since <= NOW and known.origin == SubscriptionOrigin.STRIPE:
        assert order.index(later) >= order.index(now)
    if now == AccessState.READ_ONLY:
        assert later == AccessState.READ_ONLY


@given(known=facts)
def test_a_closed_workshop_knows_since_when_and_an_open_one_has_no_end_in_the_past(known: Facts) -> None:
    state = decide_access(known, NOW)
    end = closes_at(known, state)
    if state in {AccessState.ACTIVE, AccessState.UNPAID, AccessState.LIMITED}:
        assert end is None
    if state == AccessState.TRIAL:
        assert end is not None and end > NOW
    if state == AccessState.SUSPENDED:
        assert end is not None and end <= NOW


@pytest.mark.spec("PLN-03", "PLN-10", "SUB-06")
def test_premium_functions_go_first_and_options_add_up() -> None:
    plan = Held(["crm", "api"], {"users": 3, "storage": 20})
    options = [Held(["wheels"], {"storage": 100}, quantity=2), Held([], {"users": 1})]
    assert rights_of_plan(AccessState.ACTIVE, plan, ["api"]).features == {"crm", "api"}
    limited = rights_of_plan(AccessState.LIMITED, plan, ["api"])
    assert (limited.features, limited.limits) == ({"crm"}, {"users": 3, "storage": 20})
    assert rights_of_plan(AccessState.SUSPENDED, plan, []).features == frozenset()
    added = rights_of_options(AccessState.LIMITED, options, ["wheels"])
    assert (added.features, added.limits) == (frozenset(), {"storage": 200, "users": 1})


def test_every_status_of_the_payment_service_is_open_or_closed() -> None:
    for status in BillingStatus:
        state = decide_access(Facts(status=status), NOW)
        assert state == (AccessState.ACTIVE if status in OPEN_STATUSES else AccessState.READ_ONLY)
