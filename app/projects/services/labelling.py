"""Labels of parts: asked for on a screen, made by a worker, forgotten once they are surely printed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from app.documents.labels import MOST_LABELS, Label, Marks, Size, labels_pdf
from app.documents.services import store_pdf
from app.files.models import StoredFile
from app.files.services import delete_file
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url
from app.tenancy.models import Workshop

from ..models import LabelPrint, Part, Project

LABELS_TASK = "projects.make_labels"
KEPT_FOR = timedelta(days=7)
FORGETTER = Actor.system("old labels")


def ask_labels(
    *, workshop: Workshop, actor: Actor, project: Project, part: Part | None, size: Size, marks: Marks,
    per_piece: bool, skipped: int,
) -> LabelPrint:  # fmt: skip
    """Have a worker make the labels of a project, or of one of its parts; RuleError when there are too many."""
    wanted = _count(project, part, per_piece=per_piece)
    if wanted > MOST_LABELS:
        raise RuleError(
            _("%(wanted)s labels are too many for one file: at most %(most)s. Print part by part.")
            % {"wanted": wanted, "most": MOST_LABELS}
        )
    with transaction.atomic():
        asked = LabelPrint.objects.create(
            workshop=workshop, project=project, part=part, size=size.name, marks=marks, per_piece=per_piece,
            skipped=skipped % size.value.per_page, labels=wanted, user_id=actor.user_id,
        )  # fmt: skip
        send_on_commit(LABELS_TASK, workshop_id=workshop.pk, print_pk=asked.pk)
    return asked


def make_labels(*, workshop: Workshop, print_pk: int) -> None:
    """Make and keep the file, once."""
    with transaction.atomic():
        asked = LabelPrint.objects.select_for_update(of=("self",)).select_related("project").get(pk=print_pk)
        if asked.made_at:
            return
        labels = _labels(workshop, asked)
        number = asked.project.number
        content = labels_pdf(
            labels, Size[asked.size].value, Marks(asked.marks), skip=asked.skipped, title=_("Labels %s") % number
        )
        stored = store_pdf(workshop=workshop, name=f"etiquettes-{number}.pdf", kind="labels", content=content)
        asked.file_id, asked.made_at = stored.public_id, timezone.now()
        asked.save(update_fields=["file_id", "made_at"])


def forget_labels() -> int:
    """Remove the files of the labels made long ago in the workshop in scope; how many."""
    old = LabelPrint.objects.exclude(file_id=None).filter(made_at__lt=timezone.now() - KEPT_FOR)
    files = list(StoredFile.objects.filter(public_id__in=old.values("file_id")))
    for stored in files:
        delete_file(actor=FORGETTER, stored=stored)
    old.update(file_id=None)
    return len(files)


def _chosen(project: Project, part: Part | None) -> Sequence[Part]:
    """The parts, and each of their powders once, with no more than a label says of them."""
    if part:
        return [part]
    parts = Part.objects.filter(project=project).order_by("position", "pk").prefetch_related("powder")
    return list(parts.only("workshop_id", "project_id", "powder_id", "code", "designation", "quantity"))


def _count(project: Project, part: Part | None, *, per_piece: bool) -> int:
    if not per_piece:
        return 1 if part else Part.objects.filter(project=project).count()
    return sum(chosen.pieces for chosen in _chosen(project, part))


def _labels(workshop: Workshop, asked: LabelPrint) -> Iterator[Label]:
    project = asked.project
    promise = _("Promised %s") % date_format(project.promised_on, "j N Y") if project.promised_on else ""
    shared = (f"{project.number} · {project.title}", promise)
    address = absolute_url(f"/E/{workshop.pk}/").upper()
    powders: dict[int | None, str] = {None: ""}
    for part in _chosen(project, asked.part):
        powder = part.powder
        if powder and powder.pk not in powders:
            powders[powder.pk] = f"{powder.colour_code} {powder.colour_name} · {powder}"
        lines = tuple(line for line in (part.designation, *shared, powders[part.powder_id]) if line.strip())
        pieces = part.pieces if asked.per_piece else 1
        for piece in range(1, pieces + 1):
            yield Label(
                code=part.code,
                scan_text=f"{address}{part.code}",
                lines=lines,
                colour=powder.hex if powder else "",
                piece=f"{piece}/{pieces}" if pieces > 1 else "",
            )
