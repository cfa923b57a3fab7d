"""Feature flags: to whom a function is open, for ever the same people, and off at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.billing.flags import bucket, is_on, variant
from app.billing.models import CatalogChange, FeatureFlag, Offer
from app.billing.services.catalogue import load_plans
from app.billing.services.flags import change_flag, create_flag, switch_off
from app.billing.services.giving import give_plan
from app.kernel.errors import RuleError
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-16", "OPS-06")]
PEOPLE = range(1, 2001)
#: Enough of them where it is open to all or to nobody.
FEW = range(1, 21)


@pytest.fixture
def capture(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> DjangoCaptureOnCommitCallbacks:
    return django_capture_on_commit_callbacks


def _flag(capture: DjangoCaptureOnCommitCallbacks, **values: Any) -> FeatureFlag:
    given = {"description": "Essai", "is_on": True, "percent": 0, "plans": [], "workshops": [], "variants": []}
    with capture(execute=True):
        return create_flag(actor=factories.ACTOR, key="essai", values={**given, **values})


def _open(workshop: Workshop, people: range = PEOPLE) -> set[int]:
    with workshop_scope(workshop.pk):
        return {person for person in people if is_on("essai", workshop=workshop, user_id=person)}


def test_a_share_is_of_people_evenly_spread_and_only_grows(
    workshop: Workshop, capture: DjangoCaptureOnCommitCallbacks
) -> None:
    flag = _flag(capture, percent=10)
    few = _open(workshop)
    assert 0.07 < len(few) / len(PEOPLE) < 0.13
    with capture(execute=True):
        change_flag(flag_pk=flag.pk, actor=factories.ACTOR, values={"percent": 50}, version=1)
    assert few < _open(workshop)
    with capture(execute=True):
        change_flag(flag_pk=flag.pk, actor=factories.ACTOR, values={"percent": 100}, version=2)
    assert _open(workshop) == set(PEOPLE)
    with pytest.raises(RuleError):
        change_flag(flag_pk=flag.pk, actor=factories.ACTOR, values={"percent": 0}, version=2)


def test_a_plan_or_a_workshop_opens_it_to_its_own(
    workshop: Workshop, other_workshop: Workshop, capture: DjangoCaptureOnCommitCallbacks
) -> None:
    load_plans()
    flag = _flag(capture, plans=["pro"])
    assert _open(workshop, FEW) == _open(other_workshop, FEW) == set()
    with workshop_scope(workshop.pk):
        pro = Offer.objects.get(key="pro")
        give_plan(workshop=workshop, actor=factories.ACTOR, plan=pro, until=None, reason="test")
    assert (len(_open(workshop, FEW)), len(_open(other_workshop, FEW))) == (len(FEW), 0)
    with capture(execute=True):
        change_flag(
            flag_pk=flag.pk, actor=factories.ACTOR, values={"plans": [], "workshops": [other_workshop.pk]}, version=1
        )
    assert (len(_open(workshop, FEW)), len(_open(other_workshop, FEW))) == (0, len(FEW))


def test_off_is_off_everywhere_at_once(workshop: Workshop, capture: DjangoCaptureOnCommitCallbacks) -> None:
    flag = _flag(capture, percent=100, workshops=[workshop.pk], variants=["A", "B"])
    assert _open(workshop, FEW) == set(FEW)
    with capture(execute=True):
        switch_off(flag_pk=flag.pk, actor=factories.ACTOR)
    with workshop_scope(workshop.pk):
        assert not is_on("essai", workshop=workshop, user_id=1)
        assert variant("essai", workshop=workshop, user_id=1) is None
        assert not is_on("inconnu", workshop=workshop, user_id=1)
        with at_most(0):
            is_on("essai", workshop=workshop, user_id=1)
    assert [change.kind for change in CatalogChange.objects.all()] == ["flag", "flag"]


def test_the_groups_of_a_test_are_even_stable_and_not_the_share(
    workshop: Workshop, capture: DjangoCaptureOnCommitCallbacks
) -> None:
    _flag(capture, percent=50, variants=["A", "B"])
    with workshop_scope(workshop.pk):
        groups = [variant("essai", workshop=workshop, user_id=person) for person in PEOPLE]
        again = [variant("essai", workshop=workshop, user_id=person) for person in PEOPLE]
    assert groups == again
    assert groups.count(None) == len(PEOPLE) - len(_open(workshop))
    assert 0.4 < groups.count("A") / (groups.count("A") + groups.count("B")) < 0.6


@given(key=st.text(max_size=20), user=st.integers(0, 10**9))
def test_a_person_stands_somewhere_for_ever(key: str, user: int) -> None:
    assert 0 <= bucket(key, user) < 10_000
    assert bucket(key, user) == bucket(key, user)


def test_the_key_of_a_flag_is_its_own(capture: DjangoCaptureOnCommitCallbacks) -> None:
    _flag(capture)
    with pytest.raises(RuleError):
        _flag(capture)
