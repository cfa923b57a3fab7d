"""The arithmetic of quotas, and the engine that counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from app.audit.models import AuditEntry
from app.entitlements.constants import Dimension, Feature, Renewal, Source
from app.entitlements.errors import FeatureRefusedError, QuotaReachedError
from app.entitlements.models import Usage, UsageDay
from app.entitlements.pages import needs_feature
from app.entitlements.quotas import (
    EPOCH,
    last_days,
    level_of,
    month_end_forecast,
    percent_used,
    period_start,
    renewal_of,
    renews_at,
)
from app.entitlements.selectors import get_quota, limit_of, list_alerts, list_days, list_quotas
from app.entitlements.services import (
    allow,
    clear_allowance,
    consume,
    count,
    grant,
    recount,
    release,
    require_feature,
    require_room,
    set_allowance,
    take_warnings,
)
from app.entitlements.tasks import recount_every_workshop
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

NOV = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
moments = st.integers(1_700_000_000, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def give(workshop: Workshop, **limits: int | None) -> None:
    allow(workshop=workshop, limits=limits, source=Source.PLAN)


def _consume_twice(workshop: Workshop) -> None:
    for _ in range(2):
        consume(workshop=workshop, dimension=Dimension.QUOTES)


def used(dimension: Dimension) -> int:
    return sum(Usage.objects.filter(dimension=dimension).values_list("used", flat=True))


# -- arithmetic


def test_a_month_is_that_of_the_workshops_clock() -> None:
    before_midnight_in_london = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 1 November, 00:30 in Paris
    assert period_start("quotes", before_midnight_in_london) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert renews_at("quotes", before_midnight_in_london) == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_an_hour_that_the_clocks_repeat_is_two_hours() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert period_start("api_requests", first) != period_start("api_requests", second)


def test_what_counts_what_exists_never_starts_again() -> None:
    assert period_start("storage", NOV) == EPOCH
    assert renews_at("storage", NOV) is None


@given(moments, st.sampled_from(Dimension.values))
def test_a_period_holds_its_moments_and_the_next_one_follows(now: datetime, dimension: str) -> None:
    start, end = period_start(dimension, now), renews_at(dimension, now)
    assert start <= now
    if end is None:
        assert renewal_of(dimension) == Renewal.NEVER
        return
    assert now < end
    assert period_start(dimension, end) == end
    assert period_start(dimension, end - timedelta(microseconds=1)) == start


@pytest.mark.spec("PLN-06")
@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_one_hundred_percent_means_reached(used: int, limit: int) -> None:
    assert (percent_used(used, limit) >= 100) == (used >= limit)
    assert (level_of(used, limit) == 100) == (used >= limit)
    assert level_of(used, None) == 0


@pytest.mark.parametrize(("used", "level"), [(0, 0), (79, 0), (80, 80), (99, 80), (100, 100), (140, 100)])
def test_the_thresholds(used: int, level: int) -> None:
    assert level_of(used, 100) == level


def test_a_refusal_near_the_limit_counts_as_reached_and_not_far_from_it() -> None:
    assert level_of(99, 100, refused=True) == 100
    assert level_of(50, 100, refused=True) == 0


@pytest.mark.spec("PLN-09")
@given(st.integers(0, 10**9), moments)
def test_a_forecast_is_never_below_what_is_used_nor_above_a_whole_month_of_the_first_day(
    used: int, now: datetime
) -> None:
    forecast = month_end_forecast(used, now)
    assert used <= forecast <= used * 31
    assert month_end_forecast(used + 1, now) >= forecast


@pytest.mark.spec("PLN-09")
def test_half_a_month_makes_twice_as_much_at_its_end() -> None:
    assert month_end_forecast(30, datetime(2026, 11, 15, 23, tzinfo=UTC)) == 60  # 16 November, 00:00 in Paris
    assert month_end_forecast(3, datetime(2026, 11, 1, 5, tzinfo=UTC)) == 90  # the first day counts for a whole one


def test_thirty_days_end_today() -> None:
    days = last_days(NOV.date())
    assert (len(days), days[-1], days[0]) == (30, NOV.date(), NOV.date() - timedelta(days=29))


# -- counting


@pytest.mark.django_db
class TestCounting:
    @pytest.mark.spec("PLN-05", "PLN-10")
    def test_the_limit_is_the_last_one_accepted(self, in_scope: Workshop) -> None:
        give(in_scope, quotes=2)
        for _ in range(2):
            consume(workshop=in_scope, dimension=Dimension.QUOTES)
        with pytest.raises(QuotaReachedError) as refused:
            consume(workshop=in_scope, dimension=Dimension.QUOTES)
        quota = refused.value.quota
        assert (quota.used, quota.limit, quota.dimension) == (2, 2, Dimension.QUOTES)
        assert quota.renews_at is not None
        assert used(Dimension.QUOTES) == 2

    def test_too_large_a_first_amount_leaves_no_counter(self, in_scope: Workshop) -> None:
        give(in_scope, storage=10)
        with pytest.raises(QuotaReachedError):
            consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=11)
        assert not Usage.objects.exists()
        consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=10)

    def test_a_limit_of_zero_refuses_all(self, in_scope: Workshop) -> None:
        give(in_scope, texts=0)
        with pytest.raises(QuotaReachedError):
            consume(workshop=in_scope, dimension=Dimension.TEXTS)

    def test_what_is_unlimited_is_counted_too(self, in_scope: Workshop) -> None:
        consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=7)
        assert (used(Dimension.QUOTES), limit_of(in_scope, Dimension.QUOTES)) == (7, None)

    def test_nothing_is_counted_for_nothing_and_less_than_nothing_is_a_mistake(self, in_scope: Workshop) -> None:
        give(in_scope, texts=0)
        consume(workshop=in_scope, dimension=Dimension.TEXTS, amount=0)
        count(workshop=in_scope, dimension=Dimension.TEXTS, amount=0)
        assert not Usage.objects.exists()
        with pytest.raises(ValueError, match="release"):
            consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=-1)

    def test_what_may_not_be_refused_is_counted_beyond_the_limit(self, in_scope: Workshop) -> None:
        give(in_scope, emails=1)
        for _ in range(3):
            count(workshop=in_scope, dimension=Dimension.EMAILS)
        assert get_quota(in_scope, Dimension.EMAILS).percent == 300

    def test_a_month_begins_from_zero_and_keeps_the_one_before(self, in_scope: Workshop) -> None:
        give(in_scope, quotes=1)
        with time_machine.travel(NOV, tick=False):
            consume(workshop=in_scope, dimension=Dimension.QUOTES)
            with pytest.raises(QuotaReachedError):
                consume(workshop=in_scope, dimension=Dimension.QUOTES)
        with time_machine.travel(NOV + timedelta(days=10), tick=False):
            consume(workshop=in_scope, dimension=Dimension.QUOTES)
        assert Usage.objects.count() == 2

    @pytest.mark.spec("PLN-10")
    def test_an_hour_of_requests(self, in_scope: Workshop) -> None:
        give(in_scope, api_requests=2)
        for minutes in (0, 29):
            consume(workshop=in_scope, dimension=Dimension.API_REQUESTS, now=NOV + timedelta(minutes=minutes))
        with pytest.raises(QuotaReachedError):
            consume(workshop=in_scope, dimension=Dimension.API_REQUESTS, now=NOV)
        consume(workshop=in_scope, dimension=Dimension.API_REQUESTS, now=NOV + timedelta(minutes=30))

    def test_what_is_given_back_makes_room_and_never_goes_below_zero(self, in_scope: Workshop) -> None:
        give(in_scope, users=1)
        consume(workshop=in_scope, dimension=Dimension.USERS)
        release(workshop=in_scope, dimension=Dimension.USERS)
        consume(workshop=in_scope, dimension=Dimension.USERS)
        release(workshop=in_scope, dimension=Dimension.USERS, amount=5)
        assert used(Dimension.USERS) == 0

    def test_room_asked_for_counts_nothing(self, in_scope: Workshop) -> None:
        give(in_scope, users=2)
        require_room(workshop=in_scope, dimension=Dimension.USERS, amount=2)
        assert not Usage.objects.exists()
        with pytest.raises(QuotaReachedError):
            require_room(workshop=in_scope, dimension=Dimension.USERS, amount=3)
        require_room(workshop=in_scope, dimension=Dimension.QUOTES, amount=10**6)

    def test_counting_asks_the_database_once(
        self, in_scope: Workshop, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        give(in_scope, quotes=100)
        consume(workshop=in_scope, dimension=Dimension.QUOTES)
        with django_assert_num_queries(1):
            consume(workshop=in_scope, dimension=Dimension.QUOTES)

    def test_one_workshop_never_uses_the_quota_of_another(self, workshop: Workshop, other_workshop: Workshop) -> None:
        with workshop_scope(workshop.pk):
            consume(workshop=workshop, dimension=Dimension.QUOTES)
        with workshop_scope(other_workshop.pk):
            assert list_quotas(other_workshop) == []

    def test_an_act_that_is_rolled_back_was_never_counted_and_its_refusal_is(self, workshop: Workshop) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, quotes=1)
        with pytest.raises(QuotaReachedError), workshop_scope(workshop.pk):
            _consume_twice(workshop)
        with workshop_scope(workshop.pk):
            assert used(Dimension.QUOTES) == 0
            assert [(row.added, row.refused) for row in UsageDay.objects.all()] == [(0, 1)]

    def test_a_refusal_that_the_page_explains_is_logged_too(self, workshop: Workshop) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, quotes=1)
            for _ in range(3):
                try:
                    consume(workshop=workshop, dimension=Dimension.QUOTES)
                except QuotaReachedError:
                    continue
        with workshop_scope(workshop.pk):
            assert [(row.added, row.refused) for row in UsageDay.objects.all()] == [(1, 2)]

    def test_the_log_says_what_each_day_added(self, in_scope: Workshop) -> None:
        for days, amount in ((0, 5), (0, 2), (1, 3)):
            consume(
                workshop=in_scope, dimension=Dimension.STORAGE, amount=amount, now=NOV + timedelta(days=days)
            )  # fmt: skip
        release(workshop=in_scope, dimension=Dimension.STORAGE, amount=4, now=NOV + timedelta(days=1))
        log = list_days("storage", NOV.date())
        assert [row.added for _day, row in sorted(log.items())] == [7, -1]


# -- what the publisher gives


@pytest.mark.django_db
@pytest.mark.spec("PLN-17")
def test_the_publisher_s_limit_replaces_the_plan_s_until_it_is_taken_back(in_scope: Workshop, actor: Actor) -> None:
    give(in_scope, storage=100)
    set_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE, limit=300)
    assert limit_of(in_scope, Dimension.STORAGE) == 300
    set_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE, limit=300)  # nothing to say
    set_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE, limit=None)
    assert limit_of(in_scope, Dimension.STORAGE) is None
    clear_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE)
    clear_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE)
    assert limit_of(in_scope, Dimension.STORAGE) == 100
    trail = AuditEntry.objects.filter(action="quota.changed").order_by("pk")
    assert [entry.changes["limit"] for entry in trail] == [["", 300], [300, "∞"], ["∞", ""]]


# -- features


@pytest.mark.django_db
@pytest.mark.spec("PLN-03")
def test_a_feature_that_is_not_granted_is_refused_in_words(in_scope: Workshop) -> None:
    with pytest.raises(FeatureRefusedError) as refused:
        require_feature(workshop=in_scope, feature=Feature.WHEELS)
    assert refused.value.feature == Feature.WHEELS
    grant(workshop=in_scope, features=[Feature.WHEELS], source=Source.OPTION, ends_at=None)
    require_feature(workshop=in_scope, feature=Feature.WHEELS)


@pytest.mark.django_db
@pytest.mark.spec("PLN-03", "SUB-03")
def test_a_page_of_a_feature_can_stay_readable(in_scope: Workshop, rf: RequestFactory) -> None:
    def view(request: Any) -> str:
        return "shown"

    request: Any = rf.get("/")
    request.workshop = in_scope
    assert needs_feature(Feature.WHEELS, only_to_write=True)(view)(request) == "shown"  # type: ignore[arg-type,comparison-overlap]
    grant(workshop=in_scope, features=[Feature.WHEELS], source=Source.PLAN, ends_at=None)
    assert needs_feature(Feature.WHEELS)(view)(request) == "shown"  # type: ignore[arg-type,comparison-overlap]


# -- warnings


@pytest.mark.django_db
@pytest.mark.spec("PLN-06")
class TestWarnings:
    def test_each_threshold_is_said_once_by_period(self, in_scope: Workshop) -> None:
        give(in_scope, quotes=10)
        consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=7, now=NOV)
        assert take_warnings(workshop=in_scope, now=NOV) == []
        consume(workshop=in_scope, dimension=Dimension.QUOTES, now=NOV)
        assert [level for _quota, level in take_warnings(workshop=in_scope, now=NOV)] == [80]
        assert take_warnings(workshop=in_scope, now=NOV) == []
        consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=2, now=NOV)
        assert [level for _quota, level in take_warnings(workshop=in_scope, now=NOV)] == [100]
        december = NOV + timedelta(days=10)
        consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=8, now=december)
        assert [level for _quota, level in take_warnings(workshop=in_scope, now=december)] == [80]

    def test_a_leap_over_both_thresholds_says_the_last_one(self, in_scope: Workshop) -> None:
        give(in_scope, storage=100)
        consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=100)
        assert [level for _quota, level in take_warnings(workshop=in_scope, now=NOV)] == [100]

    def test_what_has_been_emptied_is_said_again_when_it_is_full_again(self, in_scope: Workshop) -> None:
        give(in_scope, storage=100)
        consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=90)
        assert len(take_warnings(workshop=in_scope, now=NOV)) == 1
        release(workshop=in_scope, dimension=Dimension.STORAGE, amount=50)
        assert take_warnings(workshop=in_scope, now=NOV) == []
        consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=45)
        assert [level for _quota, level in take_warnings(workshop=in_scope, now=NOV)] == [80]

    def test_a_file_that_did_not_fit_near_the_limit_says_that_it_is_reached(self, workshop: Workshop) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, storage=100)
            consume(workshop=workshop, dimension=Dimension.STORAGE, amount=95, now=NOV)
            with pytest.raises(QuotaReachedError):
                consume(workshop=workshop, dimension=Dimension.STORAGE, amount=10, now=NOV)
        with workshop_scope(workshop.pk):
            assert [level for _quota, level in take_warnings(workshop=workshop, now=NOV)] == [100]

    def test_the_banner_s_list_costs_nothing_once_cached_and_follows_a_warning(
        self, in_scope: Workshop, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        give(in_scope, quotes=10)
        assert list_alerts(in_scope) == []
        with django_assert_num_queries(0):
            list_alerts(in_scope)
        with time_machine.travel(NOV, tick=False):
            consume(workshop=in_scope, dimension=Dimension.QUOTES, amount=10)
            take_warnings(workshop=in_scope, now=NOV)
            assert [(alert.dimension, alert.is_full) for alert in list_alerts(in_scope)] == [("quotes", True)]
        with time_machine.travel(NOV + timedelta(days=10), tick=False):
            assert list_alerts(in_scope) == []


# -- recounts


@pytest.mark.django_db
def test_the_counters_of_old_hours_are_dropped_and_the_log_of_days_stays(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        for days in (0, 1, 3, 40):
            consume(
                workshop=workshop, dimension=Dimension.API_REQUESTS, now=timezone.now() - timedelta(days=days)
            )  # fmt: skip
            consume(workshop=workshop, dimension=Dimension.QUOTES, now=timezone.now() - timedelta(days=days))
        months = Usage.objects.filter(dimension=Dimension.QUOTES).count()
    recount_every_workshop()
    with workshop_scope(workshop.pk):
        assert Usage.objects.filter(dimension=Dimension.API_REQUESTS).count() == 2
        assert Usage.objects.filter(dimension=Dimension.QUOTES).count() == months
        assert UsageDay.objects.filter(dimension=Dimension.API_REQUESTS).count() == 4


@pytest.mark.django_db
@pytest.mark.spec("BOF-24")
def test_a_recount_repairs_what_differs_and_says_it(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    factories.member(workshop)
    with workshop_scope(workshop.pk):
        for _ in range(3):
            factories.customer(workshop)
        Usage.objects.create(workshop=workshop, dimension=Dimension.CONTACTS, period=EPOCH, used=50)
        assert recount(workshop=workshop) == {"users": (0, 1), "contacts": (50, 3)}
        assert recount(workshop=workshop) == {}
        Usage.objects.filter(dimension=Dimension.USERS).update(used=9)
    call_command("recount_usage")
    assert f"{workshop.slug} users: 9 -> 1" in capsys.readouterr().out
    with workshop_scope(workshop.pk):
        Usage.objects.filter(dimension=Dimension.USERS).update(used=9)
    recount_every_workshop()
    with workshop_scope(workshop.pk):
        assert used(Dimension.USERS) == 1
