"""What the demonstration workshop shows of batches: one that is done, one at the booth, one in preparation; then the
loads that what waits would make."""

from collections.abc import Sequence

from app.projects.models import Part
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .oven_candidates import list_candidates
from .oven_selectors import list_ovens
from .recommending import Recommendation, list_group, recommended
from .selectors import get_parts
from .services.batching import open_batch_of
from .services.launching import Checked, close_batch, launch_batch, list_unready
from .services.planning import ask_plan

LOTS = ("L26-0418", "L26-0377")
#: What the search of the plan is given: whoever has just started the product waits for the same processors.
SEARCH_S = 3


def furnish(*, workshop: Workshop, office: Sequence[Actor], operators: Sequence[Actor]) -> None:
    """Furnish the workshop in scope from the parts that wait for their powder there."""
    ready = [(group, _ready_parts(workshop, group)) for group in recommended(workshop, with_stock=False).rows]
    ready = [(group, parts) for group, parts in ready if parts]
    for rank, (_group, parts) in enumerate(ready[: len(LOTS)]):
        actor = operators[rank % len(operators)]
        batch = open_batch_of(workshop=workshop, actor=actor, parts=parts)
        launch_batch(workshop=workshop, actor=actor, batch=batch, lot=LOTS[rank])
        if rank == 0 and not _asks(parts):
            close_batch(workshop=workshop, actor=actor, batch=batch, checked=Checked())
    waiting = recommended(workshop, with_stock=False).rows
    if waiting:
        parts = get_parts(list_group(workshop, waiting[0].key).values_list("pk", flat=True))
        open_batch_of(workshop=workshop, actor=office[0], parts=parts[:6])
    _ask_plan(workshop, office[0])


def _ask_plan(workshop: Workshop, actor: Actor) -> None:
    """The next loads of the first oven; a worker looks for them once there is one."""
    ovens, waiting = list(list_ovens()[:1]), list_candidates().part_pks
    if ovens and waiting:
        plan = ask_plan(workshop=workshop, actor=actor, ovens=ovens, part_pks=waiting)
        plan.problem["time_limit_s"] = SEARCH_S
        plan.save(update_fields=["problem"])


def _ready_parts(workshop: Workshop, group: Recommendation) -> list[Part]:
    """The parts of a group whose projects are at the step that lays the powder."""
    parts = get_parts(list_group(workshop, group.key).values_list("pk", flat=True))
    late = {project.pk for project in list_unready({part.project_id: part.project for part in parts}.values())}
    return [part for part in parts if part.project_id not in late]


def _asks(parts: Sequence[Part]) -> bool:
    """Whether a step of these parts wants checks or photos, which only people give."""
    steps = [step for part in parts for step in part.project.steps.all() if step.lays_powder and not step.is_done]
    return any(step.checklist or step.needs_photo for step in steps)
