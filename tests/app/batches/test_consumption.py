"""The powder that leaves the theoretical stock: once for a part and a pass, by its batch or by its project."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batches.consumption import missing_kg, share_to_the_gram
from app.batches.demand import powder_demand
from app.batches.figures import kg_by_project
from app.batches.models import Batch, PowderShare
from app.batches.services.batching import open_batch_of
from app.batches.services.consuming import post_batch
from app.batches.services.launching import cancel_batch, close_batch, launch_batch
from app.batches.services.rules import save_batch_settings
from app.powders.models import Powder
from app.projects.constants import TermKind
from app.projects.demand import quote_demand
from app.projects.models import Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.starting import start_project
from app.projects.services.terms import supply_terms
from app.projects.services.working import undo_step, validate_step
from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote
from app.stock.constants import Source
from app.stock.models import Movement
from app.stock.selectors import levels
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project

RULES = {"tolerance_minutes": 0, "same_lot": False}


@pytest.fixture
def powder(in_scope: Workshop) -> Powder:
    return factories.powder(in_scope)


def stock(workshop: Workshop, powder: Powder) -> Decimal:
    return levels(workshop, [powder.pk])[powder.pk]


def lay_powder(workshop: Workshop, project: Project) -> None:
    """Validate the step that lays the powder, by hand."""
    step = next(one for one in list_steps(project) if one.lays_powder and not one.is_done)
    validate_step(workshop=workshop, actor=factories.ACTOR, step=step)


@pytest.mark.spec("BAT-10")
@given(st.decimals(0, 500, places=3), st.lists(st.decimals(0, 100, places=4), min_size=1, max_size=30))
def test_shares_add_up_to_the_gram(total: Decimal, weights: list[Decimal]) -> None:
    shares = share_to_the_gram(total, weights)
    assert sum(shares) == (total if sum(weights) else 0)
    assert all(share >= 0 for share in shares)
    exact = [total * weight / sum(weights) for weight in weights] if sum(weights) else [Decimal(0)] * len(weights)
    assert all(abs(share - part) <= Decimal("0.001") for share, part in zip(shares, exact, strict=True))


@pytest.mark.spec("BAT-10")
@pytest.mark.parametrize("posting", ["launch", "closing"])
def test_a_batch_takes_its_powder_once_when_the_workshop_says(
    in_scope: Workshop, powder: Powder, actor: Actor, posting: str
) -> None:
    save_batch_settings(workshop=in_scope, actor=actor, wanted={**RULES, "posting": posting})
    small = ready_project(in_scope, powder, part={"surface_m2": Decimal("1.111")})
    large = ready_project(in_scope, powder, parts=2, part={"surface_m2": Decimal("2.222")})
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(small, large))
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    assert stock(in_scope, powder) == (Decimal("-1.111") if posting == "launch" else 0)
    for _twice in range(2):
        close_batch(workshop=in_scope, actor=actor, batch=batch)
        post_batch(workshop=in_scope, actor=actor, batch=batch)
    [movement] = Movement.objects.all()
    assert (movement.quantity, movement.source, movement.source_name) == (Decimal("-1.111"), Source.BATCH, batch.number)
    assert kg_by_project(batch) == {small.pk: Decimal("0.222"), large.pk: Decimal("0.889")}


@pytest.mark.spec("BAT-10")
@pytest.mark.parametrize(("before", "after"), [("launch", "closing"), ("closing", "launch")])
def test_a_batch_takes_its_powder_once_though_the_setting_changes_while_it_is_launched(
    in_scope: Workshop, powder: Powder, actor: Actor, before: str, after: str
) -> None:
    save_batch_settings(workshop=in_scope, actor=actor, wanted={**RULES, "posting": before})
    first, _other = parts_of(ready_project(in_scope, powder, parts=2))  # the other part keeps the project at its step
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=[first])
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    save_batch_settings(workshop=in_scope, actor=actor, wanted={**RULES, "posting": after})
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert stock(in_scope, powder) == Decimal("-0.300")
    assert list(PowderShare.objects.values_list("part_id", "batch_id")) == [(first.pk, batch.pk)]


@pytest.mark.spec("PRJ-10")
def test_a_project_without_a_batch_takes_its_powder_when_it_is_laid(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    project = ready_project(in_scope, powder, parts=2)
    assert stock(in_scope, powder) == 0
    lay_powder(in_scope, project)
    lay = next(step for step in list_steps(project) if step.lays_powder)
    validate_step(workshop=in_scope, actor=actor, step=lay)  # again: nothing
    assert stock(in_scope, powder) == Decimal("-0.600")
    assert {row.source for row in Movement.objects.all()} == {Source.PROJECT}
    assert PowderShare.objects.filter(batch=None).count() == 2


@pytest.mark.spec("PRJ-10", "BAT-10")
def test_a_project_in_batches_takes_nothing_by_itself(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    project = ready_project(in_scope, powder, parts=2)
    first, second = parts_of(project)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=[first])
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert stock(in_scope, powder) == Decimal("-0.300")
    lay_powder(in_scope, project)  # the second part, by hand
    assert stock(in_scope, powder) == Decimal("-0.600")
    shares = dict(PowderShare.objects.values_list("part_id", "batch_id"))
    assert shares == {first.pk: batch.pk, second.pk: None}


@pytest.mark.spec("PRJ-10")
def test_a_step_taken_back_gives_back_and_takes_again(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    project = ready_project(in_scope, powder)
    for _round in range(2):
        lay_powder(in_scope, project)
        assert stock(in_scope, powder) == Decimal("-0.300")
        lay = next(step for step in list_steps(project) if step.lays_powder)
        undo_step(workshop=in_scope, actor=actor, step=lay, reason="Erreur de projet")
        assert stock(in_scope, powder) == 0
    assert Movement.objects.count() == 4


@pytest.mark.spec("BAT-10")
def test_a_launched_batch_that_is_cancelled_gives_back(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    save_batch_settings(workshop=in_scope, actor=actor, wanted={**RULES, "posting": "launch"})
    project = ready_project(in_scope, powder)
    for _round in range(2):
        batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(project))
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
        assert stock(in_scope, powder) == Decimal("-0.300")
        cancel_batch(workshop=in_scope, actor=actor, batch=batch, reason="Four en panne")
        assert stock(in_scope, powder) == 0
    assert Batch.objects.filter(state="cancelled").count() == 2


@pytest.mark.spec("QUA-05", "BAT-10")
@pytest.mark.parametrize("in_batch", [False, True])
def test_rework_is_counted_apart(in_scope: Workshop, powder: Powder, actor: Actor, in_batch: bool) -> None:
    supply_terms(workshop=in_scope)
    project = ready_project(in_scope, powder, parts=2)
    lay_powder(in_scope, project)
    back = next(step for step in list_steps(project) if step.lays_powder)
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=list_steps(project)[4],
                          defect=list_terms(TermKind.DEFECT)[0], return_to=back, part=parts_of(project)[0])  # fmt: skip
    if in_batch:
        batch = open_batch_of(workshop=in_scope, actor=actor, parts=[parts_of(project)[0]])
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
        close_batch(workshop=in_scope, actor=actor, batch=batch)
    else:
        lay_powder(in_scope, project)
    taken = {}
    for row in Movement.objects.all():
        taken[row.source] = taken.get(row.source, 0) + row.quantity
    assert taken == {Source.PROJECT: Decimal("-0.600"), Source.REWORK: Decimal("-0.300")}


@pytest.mark.spec("BAT-10")
def test_what_cannot_be_reckoned_is_not_posted(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    told, untold = ready_project(in_scope, powder), ready_project(in_scope, powder, part={"surface_m2": None})
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(told, untold))
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert stock(in_scope, powder) == Decimal("-0.300")
    assert [share.part.project_id for share in PowderShare.objects.all()] == [told.pk]


@pytest.mark.spec("PRJ-10")
def test_what_is_demanded_is_what_has_not_left_the_stock(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    promise = date(2031, 5, 12)
    batched = ready_project(in_scope, powder, promised_on=promise)
    project_of(in_scope, powder, part={"surface_m2": None})
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(batched))
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    alone = ready_project(in_scope, powder, parts=2)
    ready_project(in_scope, powder, promised_on=promise)
    assert {demand.needed_on: demand.kg for demand in powder_demand(in_scope, [powder.pk])} == {
        promise: Decimal("0.600"), None: Decimal("0.600")}  # fmt: skip
    assert list(powder_demand(in_scope, [factories.powder(in_scope).pk])) == []
    assert len(list(powder_demand(in_scope, [powder.pk]))) == 2  # the two projects of one day together
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    lay_powder(in_scope, alone)
    assert [demand.kg for demand in powder_demand(in_scope, [powder.pk])] == [Decimal("0.300")]


@pytest.mark.spec("PRJ-10")
def test_an_accepted_quote_demands_its_powder_until_it_is_a_project(in_scope: Workshop, actor: Actor) -> None:
    quote = factories.quote(in_scope)
    wanted = [line.powder_id for line in quote.lines.all() if line.powder_id]
    assert list(quote_demand(in_scope, wanted)) == []
    Quote.objects.filter(pk=quote.pk).update(status=QuoteStatus.ACCEPTED, number="D-1")
    assert list(quote_demand(in_scope, [factories.powder(in_scope).pk])) == []
    [demand] = quote_demand(in_scope, wanted)
    assert (demand.kg, demand.needed_on) == (Decimal("0.600"), None)
    start_project(workshop=in_scope, actor=actor, quote=Quote.objects.get(pk=quote.pk))
    assert list(quote_demand(in_scope, wanted)) == []
    assert [demand.kg for demand in powder_demand(in_scope, wanted)] == [Decimal("0.600")]


@pytest.mark.parametrize(
    ("needed", "in_stock", "missing"),
    [
        ("4.2", "5", None),
        ("4.2", "4.2", None),
        ("4.2", "1", "3.2"),
        ("4.2", "-0.6", "4.2"),
        (None, "1", None),
        ("1", None, None),
    ],
)
def test_what_is_missing_is_never_more_than_what_is_needed(
    needed: str | None, in_stock: str | None, missing: str | None
) -> None:
    decimals = [None if value is None else Decimal(value) for value in (needed, in_stock, missing)]
    assert missing_kg(decimals[0], decimals[1]) == decimals[2]
