"""What the demonstration shows of its ovens: a week of work on which planning visibly saves something."""

import pytest

from app.batches.models import Oven, OvenDay
from app.batches.oven_demo import WEEK_OF_WORK, furnish
from app.batches.oven_pages import gain_of
from app.batches.oven_selectors import list_curable_parts
from app.projects.models import Project
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories

from .ovens import found_plan


@pytest.mark.spec("BEY-02")
def test_planning_the_week_of_the_demonstration_saves_loads_hours_and_euros(in_scope: Workshop, actor: Actor) -> None:
    for _number in range(5):
        factories.powder(in_scope)
    factories.customer(in_scope)
    furnish(workshop=in_scope, office=[actor], operators=[actor])
    assert Project.objects.count() == len(WEEK_OF_WORK)
    assert OvenDay.objects.exists()
    plan = found_plan(in_scope, [Oven.objects.get(name="Four 7 m")], [held.part for held in list_curable_parts()])
    gain = gain_of(plan)
    assert gain is not None
    assert gain.loads >= 2 and gain.hours > 0 and gain.euros > 0 and gain.late >= 0


def test_a_workshop_without_customers_gets_its_ovens_all_the_same(in_scope: Workshop, actor: Actor) -> None:
    furnish(workshop=in_scope, office=[actor], operators=[actor])
    assert Oven.objects.count() == 2
    assert not Project.objects.exists()
