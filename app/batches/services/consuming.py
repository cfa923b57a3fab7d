"""The powder that the work takes from the theoretical stock: once for a part and a pass, by its batch or by itself."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from app.estimating.consumption import to_the_gram
from app.projects.models import Part, Project, Step
from app.stock.constants import Source
from app.stock.services.posting import Use, post_consumption, reverse_consumption
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..consumption import ZERO, exact_kg, share_to_the_gram, surface_of
from ..models import Batch, PowderShare
from ..selectors import list_items, list_pass_numbers, list_undone_parts


def post_batch(*, workshop: Workshop, actor: Actor, batch: Batch) -> list[PowderShare]:
    """Take the powder of a held batch out of the stock, shared among its parts pro rata to what each takes.

    Parts without a surface, or of a powder that is not known enough, take no share: the page says so. Parts whose
    powder was posted already in this pass are left out. Twice posts once.
    """
    items = [item for item in list_items(batch) if exact_kg(item.part) is not None]
    taken = _taken((item.part_id, item.pass_number) for item in items)
    items = [item for item in items if (item.part_id, item.pass_number) not in taken]
    weights = [exact_kg(item.part) or ZERO for item in items]
    shares = [
        _share(workshop, item.part, item.pass_number, kg, f"batch:{batch.pk}", batch)
        for item, kg in zip(items, share_to_the_gram(to_the_gram(sum(weights, ZERO)), weights), strict=True)
    ]
    uses = _uses_of_batch(batch, shares)
    return _post(workshop, actor, f"batch:{batch.pk}", shares, uses)


def reverse_batch(*, workshop: Workshop, actor: Actor, batch: Batch, reason: str) -> None:
    """Give back to the stock what a cancelled batch had taken; its parts can take powder again."""
    _reverse(workshop, actor, f"batch:{batch.pk}", reason)


def post_project(*, workshop: Workshop, actor: Actor, project: Project, parts: Sequence[Part]) -> list[PowderShare]:
    """Take the powder of the parts of a held project that were in no batch; the rework apart from the first pass."""
    number = list_pass_numbers([project.pk])[project.pk]
    taken = _taken((part.pk, number) for part in parts)
    fresh = [part for part in parts if (part.pk, number) not in taken and exact_kg(part) is not None]
    if not fresh:
        return []
    former = PowderShare.objects.filter(part__project=project, batch=None, reversed_at__isnull=False)
    key = f"project:{project.pk}:pass:{number}:{former.values('key').distinct().count()}"
    shares = [_share(workshop, part, number, to_the_gram(exact_kg(part) or ZERO), key) for part in fresh]
    source = Source.REWORK if number > 1 else Source.PROJECT
    uses = [
        Use(share.powder, share.kg, project.site, source, project.pk, f"{project.number}, {share.part.code}")
        for share in shares
    ]
    return _post(workshop, actor, key, shares, uses)


def reverse_project(*, workshop: Workshop, actor: Actor, project: Project, reason: str) -> None:
    """The step that laid the powder is taken back: so is what it took from the stock, but not what a batch took."""
    number = list_pass_numbers([project.pk])[project.pk]
    shares = PowderShare.objects.filter(part__project=project, pass_number=number, batch=None, reversed_at=None)
    for key in sorted(set(shares.values_list("key", flat=True))):
        _reverse(workshop, actor, key, reason)


def powder_laid(*, workshop: Workshop, actor: Actor, project: Project, step: Step) -> None:
    """A step that lays the powder is about to be noted as done: post what no batch has posted."""
    post_project(workshop=workshop, actor=actor, project=project, parts=list_undone_parts(project))


def _taken(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these parts and passes have had their powder posted."""
    wanted = set(pairs)
    rows = PowderShare.objects.filter(part__in={part for part, _pass in wanted}, reversed_at=None)
    return wanted & set(rows.values_list("part_id", "pass_number"))


def _share(
    workshop: Workshop, part: Part, number: int, kg: Decimal, key: str, batch: Batch | None = None
) -> PowderShare:
    assert part.powder is not None
    return PowderShare(
        workshop=workshop, part=part, pass_number=number, batch=batch, powder=part.powder,
        surface_m2=surface_of(part) or ZERO, kg=kg, key=key, posted_at=timezone.now(),
    )  # fmt: skip


def _uses_of_batch(batch: Batch, shares: Sequence[PowderShare]) -> list[Use]:
    """One line for the first passes and one for the rework, so that both are counted apart."""
    weights = {
        Source.BATCH: sum((share.kg for share in shares if share.pass_number == 1), ZERO),
        Source.REWORK: sum((share.kg for share in shares if share.pass_number > 1), ZERO),
    }
    return [Use(batch.powder, kg, batch.site, source, batch.pk, batch.number) for source, kg in weights.items() if kg]


def _post(
    workshop: Workshop, actor: Actor, key: str, shares: Sequence[PowderShare], uses: Sequence[Use]
) -> list[PowderShare]:
    with transaction.atomic():
        if not shares or not post_consumption(workshop=workshop, actor=actor, key=key, lines=uses):
            return []
        return PowderShare.objects.bulk_create(shares)


def _reverse(workshop: Workshop, actor: Actor, key: str, reason: str) -> None:
    with transaction.atomic():
        if reverse_consumption(workshop=workshop, actor=actor, key=key, reason=reason):
            PowderShare.objects.filter(key=key, reversed_at=None).update(reversed_at=timezone.now())
