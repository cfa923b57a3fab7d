"""The closing of a batch as people do it: with the photos that the step asks for, kept with each project."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from app.projects.constants import PhotoMoment
from app.projects.services.photos import add_photo
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Batch
from .launching import Checked, close_batch, hold_batch, powder_steps


@dataclass(frozen=True)
class Picture:
    """A photo as it was sent."""

    content: bytes
    name: str


def close_with_photos(
    *, workshop: Workshop, actor: Actor, batch: Batch, checked: Checked, pictures: Sequence[Picture] = ()
) -> Batch:
    """Close a batch, its photos added to each project whose step asks for one; all of it, or nothing.

    Twice adds them once: the steps at which the projects of a closed batch stand are not its own.
    """
    with transaction.atomic():
        held, projects = hold_batch(batch)
        for step in powder_steps(list(projects)).values() if held.is_launched else ():
            for picture in pictures if step.needs_photo else ():
                add_photo(
                    workshop=workshop, actor=actor, project=projects[step.project_id], step=step,
                    content=picture.content, name=picture.name, moment=PhotoMoment.STEP,
                )  # fmt: skip
        return close_batch(workshop=workshop, actor=actor, batch=batch, checked=checked)
