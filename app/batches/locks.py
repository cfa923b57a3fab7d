"""Rows held until the end of the transaction. Projects come first, in the order of their keys, then the batch."""

from collections.abc import Iterable

from app.projects.models import Part, Project

from .models import Batch


def lock_projects(project_pks: Iterable[int]) -> dict[int, Project]:
    """The projects, held; always in one order, so that two people never wait for each other."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("customer", "site")
    return {project.pk: project for project in rows.filter(pk__in=set(project_pks)).order_by("pk")}


def lock_batch(batch_pk: int) -> Batch:
    """The batch, held, with its powder and its site; Batch.DoesNotExist when it is not in this workshop."""
    return Batch.objects.select_for_update(of=("self",)).select_related("powder", "site").get(pk=batch_pk)


def lock_parts(part_pks: Iterable[int]) -> None:
    """Hold these parts, in one order: a piece that a load takes is not taken by another one at the same time."""
    list(Part.objects.select_for_update(no_key=True).filter(pk__in=set(part_pks)).order_by("pk").values_list("pk"))
