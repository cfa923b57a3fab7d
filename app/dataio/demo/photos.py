"""The photos of the demonstration: what came in, what left, and a run that was shown with an arrow."""

from functools import cache

from app.projects.constants import PhotoMoment
from app.projects.marks import Mark
from app.projects.models import Project
from app.projects.selectors import list_parts
from app.projects.services.photo_versions import begin_versions, finish_versions
from app.projects.services.photos import add_photo, draw_marks
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .pictures import picture

#: Only the latest projects have photos: drawing them all would make the demonstration wait.
PHOTOGRAPHED_SINCE = 38  # days
STEEL = "#8a8d8f"
RUN: list[Mark] = [
    {"shape": "circle", "colour": "yellow", "points": [[500, 640], [560, 700]]},
    {"shape": "arrow", "colour": "yellow", "points": [[700, 420], [560, 590]]},
    {"shape": "text", "colour": "white", "points": [[960, 390]], "text": "À surveiller : ancienne soudure"},
]


def photograph(workshop: Workshop, project: Project, actor: Actor, moment: PhotoMoment) -> None:
    """Take a photo of the first part, as it came in or in its powder, with its versions."""
    part = list_parts(project)[0]
    coated = moment == PhotoMoment.AFTER
    colour = part.powder.hex if part.powder and part.powder.hex else STEEL
    subject = "wheel" if "jante" in part.designation.lower() else "gate"
    content = _drawn(subject, colour if coated else "", project.pk % 3)
    photo = add_photo(
        workshop=workshop, actor=actor, project=project, content=content, name="", moment=moment, part=part
    )
    if not coated and project.pk % 3 == 0:
        draw_marks(workshop=workshop, actor=actor, photo=photo, marks=RUN, version=0)
    if begin_versions(photo_pk=photo.pk):
        finish_versions(workshop=workshop, photo_pk=photo.pk)


@cache
def _drawn(subject: str, colour: str, seed: int) -> bytes:
    return picture(subject, colour or STEEL, coated=bool(colour), seed=seed)
