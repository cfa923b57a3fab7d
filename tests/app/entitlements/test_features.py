"""The one question about plans: may this workshop use this feature?"""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from app.audit.models import AuditEntry
from app.entitlements.constants import Feature, Source
from app.entitlements.models import Grant
from app.entitlements.selectors import has_feature
from app.entitlements.services import grant, set_modules
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PLN-03", "TEN-10")]


def test_nothing_is_granted_by_itself(in_scope: Workshop) -> None:
    assert not any(has_feature(in_scope, feature) for feature in Feature.values)


@pytest.mark.parametrize("source", Source.values)
def test_any_source_grants(in_scope: Workshop, source: Source) -> None:
    grant(workshop=in_scope, features=[Feature.API], source=source, ends_at=None)
    assert has_feature(in_scope, Feature.API)
    assert not has_feature(in_scope, Feature.WHEELS)


def test_a_grant_ends_at_its_time_even_when_it_was_cached(in_scope: Workshop) -> None:
    now = timezone.now()
    grant(workshop=in_scope, features=[Feature.API], source=Source.TRIAL, ends_at=now + timedelta(seconds=30))
    assert has_feature(in_scope, Feature.API)
    cache.clear()
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        assert not has_feature(in_scope, Feature.API)


@pytest.mark.spec("PRF-04")
def test_a_source_gives_what_it_says_last_and_leaves_the_others(
    workshop: Workshop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        grant(workshop=workshop, features=[Feature.API, Feature.CRM], source=Source.PLAN, ends_at=None)
        grant(workshop=workshop, features=[Feature.WHEELS], source=Source.OPTION, ends_at=None)
        assert has_feature(workshop, Feature.API)
        grant(workshop=workshop, features=[Feature.CRM], source=Source.PLAN, ends_at=None)
    with workshop_scope(workshop.pk):  # the cache was forgotten at the commit
        assert [has_feature(workshop, name) for name in (Feature.API, Feature.CRM, Feature.WHEELS)] == [
            False,
            True,
            True,
        ]
        assert Grant.objects.count() == 2


def test_a_second_question_asks_the_database_nothing(
    in_scope: Workshop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    has_feature(in_scope, Feature.CRM)
    with django_assert_num_queries(0):
        assert not has_feature(in_scope, Feature.API)


@pytest.mark.spec("PRF-04")
def test_one_workshop_is_never_given_what_is_cached_for_another(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=[Feature.API], source=Source.PLAN, ends_at=None)
        assert has_feature(workshop, Feature.API)
    with workshop_scope(other_workshop.pk):
        assert not has_feature(other_workshop, Feature.API)


def test_a_module_left_out_is_off_though_granted_and_the_core_cannot_be(in_scope: Workshop, actor: Actor) -> None:
    grant(workshop=in_scope, features=Feature.values, source=Source.TRIAL, ends_at=None)
    set_modules(workshop=in_scope, actor=actor, wanted=[])
    assert not has_feature(in_scope, Feature.WHEELS)
    assert has_feature(in_scope, Feature.CRM)
    set_modules(workshop=in_scope, actor=actor, wanted=[Feature.WHEELS])
    assert has_feature(in_scope, Feature.WHEELS)
    assert AuditEntry.objects.filter(action="settings.modules").count() == 2
