"""What the demonstration shows of batches: one of each state, and never an error where nothing waits."""

import pytest

from app.batches.demo import furnish
from app.batches.models import Batch
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories
from tests.app.batches.stage import project_of, ready_project


@pytest.mark.parametrize("asks", [False, True])
def test_a_batch_is_done_one_is_at_the_booth_and_one_waits(in_scope: Workshop, actor: Actor, asks: bool) -> None:
    for _number in range(2):
        powder = factories.powder(in_scope)
        ready = ready_project(in_scope, powder)
        project_of(in_scope, powder)
        if asks:
            ready.steps.filter(lays_powder=True).update(needs_photo=True)
    furnish(workshop=in_scope, office=[actor], operators=[actor])
    states = list(Batch.objects.order_by("pk").values_list("state", flat=True))
    assert states == (["launched", "launched", "open"] if asks else ["closed", "launched", "open"])


def test_a_workshop_where_nothing_waits_stays_as_it_is(in_scope: Workshop, actor: Actor) -> None:
    furnish(workshop=in_scope, office=[actor], operators=[actor])
    assert not Batch.objects.exists()
