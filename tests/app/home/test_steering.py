"""The steering page: five figures with known answers, kept ten minutes, each to whoever may read it."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.batches.models import Batch, OvenDay
from app.batches.selectors import list_laid_batches
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import cancel_batch, launch_batch
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.home.steering import Steering, read_steering
from app.projects.constants import TermKind
from app.projects.models import Nonconformity, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.ovens import oven
from tests.app.batches.stage import parts_of
from tests.app.batches.test_margin import sold, weighed
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BEY-11")]


@pytest.fixture
def month(workshop: Workshop) -> Batch:
    """A batch sold 400 €, weighed 1 kg above its plan; an oven half full; one project of two done again for 80 €."""
    cache.clear()
    with workshop_scope(workshop.pk):
        powder = factories.powder(workshop)
        batch, _planned = weighed(workshop, powder, "400")
        today = timezone.localdate()
        OvenDay.objects.create(
            workshop=workshop, oven=oven(workshop), day=today, open_minutes=600, used_minutes=300,
            filled_minutes=Decimal(150), loads=4,
        )  # fmt: skip
        _done_again(workshop, sold(workshop, powder, "100"))
    return batch


def _done_again(workshop: Workshop, project: Project) -> None:
    supply_terms(workshop=workshop)
    first, second = list_steps(project)[:2]
    noted = declare_nonconformity(
        workshop=workshop, actor=factories.ACTOR, project=project, step=second,
        defect=list_terms(TermKind.DEFECT)[0], return_to=first,
    )  # fmt: skip
    cause = list_terms(TermKind.CAUSE)[0]
    Nonconformity.objects.filter(pk=noted.pk).update(cost=Decimal(80), rework_minutes=45, cause=cause)


def read(workshop: Workshop) -> Steering:
    with workshop_scope(workshop.pk):
        return read_steering(workshop, months=1, anew=True)


def test_each_figure_is_what_its_own_page_says(workshop: Workshop, month: Batch) -> None:
    found = read(workshop)
    assert (found.ovens.fill_percent, found.ovens.loads) == (50, 4)
    assert (found.quality.worked, found.quality.right_first_time) == (2, Decimal("50.0"))
    [cause] = found.quality.causes
    assert (cause.count, cause.minutes, cause.cost) == (1, 45, 80)
    [powder] = found.powders
    [(batch, margin)] = found.batches
    assert batch == month
    assert (powder.used, powder.gaps) == (margin.planned_kg + 1, -1)
    assert found.gap_percent == powder.gap_percent == 100 / margin.planned_kg
    assert (found.price, found.left, found.percent) == (margin.price, margin.left, margin.percent)
    assert margin.price == 400


def test_a_batch_counts_from_its_launch_unless_it_is_cancelled(in_scope: Workshop) -> None:
    before = timezone.now()
    parts = parts_of(sold(in_scope, factories.powder(in_scope), "100"))
    batch = open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts)
    assert not list_laid_batches(before, timezone.now())
    launch_batch(workshop=in_scope, actor=factories.ACTOR, batch=batch)
    after = timezone.now()
    assert list(list_laid_batches(before, after)) == [batch]
    assert not list_laid_batches(after, timezone.now())
    cancel_batch(workshop=in_scope, actor=factories.ACTOR, batch=batch, reason="Erreur de poudre")
    assert not list_laid_batches(before, after)


def test_a_workshop_that_begins_sees_no_figure_and_no_error(workshop: Workshop, owner_client: Client) -> None:
    cache.clear()
    found = read(workshop)
    assert (found.percent, found.gap_percent, found.ovens.fill) == (None, None, None)
    for asked in ("", "?mois=12", "?mois=0", "?mois=abc", "?mois=99"):
        assert owner_client.get(f"/app/{workshop.slug}/pilotage/{asked}").status_code == 200


@pytest.mark.spec("REP-34")
def test_the_figures_are_kept_ten_minutes_and_say_when_they_were_computed(
    workshop: Workshop, month: Batch, owner_client: Client
) -> None:
    cache.clear()
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=[Feature.SMART_STOCK], source=Source.PLAN, ends_at=None)
    address = f"/app/{workshop.slug}/pilotage/"
    with CaptureQueriesContext(connection) as first:
        shown = owner_client.get(address)
    kept = shown.context["steering"].computed_at
    text = shown.content.decode()
    assert f"{timezone.localtime(kept):%H:%M}" in text
    assert str(shown.context["steering"].powders[0].item.powder.reference) in text.partition("columns")[2]
    for part in (month.number, "50\u00a0%", "80,00", "?du="):
        assert part in text
    with CaptureQueriesContext(connection) as second:
        again = owner_client.get(address)
    assert again.context["steering"].computed_at == kept
    assert len(second) < len(first)
    assert owner_client.get(f"{address}?recalculer=1").context["steering"].computed_at > kept


@pytest.mark.spec("ROL-10")
def test_each_reads_what_is_theirs(workshop: Workshop, month: Batch, operator_client: Client) -> None:
    address = f"/app/{workshop.slug}/pilotage/"
    assert operator_client.get(address).status_code == 403
    accountant = signed_in(factories.member(workshop, Role.ACCOUNTANT))
    text = accountant.get(address).content.decode()
    assert "80,00" in text
    assert month.number not in text
