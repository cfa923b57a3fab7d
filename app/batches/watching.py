"""What batches have to say when a project or a part changes, and the powder of projects that are in no batch."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from app.documents.labels import spaced
from app.kernel.errors import RuleError
from app.projects.models import Part, Project, Step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .models import Batch, BatchItem
from .selectors import find_holding, list_holding_project, list_items
from .services.batching import remove_parts
from .services.consuming import powder_laid, reverse_project


class Watcher:
    """The answers of batches to the questions of projects."""

    def part_changes(self, *, workshop: Workshop, actor: Actor, part: Part, leave_batch: bool) -> None:
        """Refuse while a batch holds the part, unless it is open and the person has chosen to take the part out."""
        batch = find_holding([part.pk]).get(part.pk)
        if batch is None:
            return
        if batch.is_launched:
            message = _("This part is in %(batch)s, which is launched: it does not change before the batch is closed.")
            raise RuleError(message % {"batch": batch.number})
        if not leave_batch:
            message = _("This part is in %(batch)s, for what it is now: say whether it leaves the batch.")
            raise RuleError(message % {"batch": batch.number}, field="leave_batch")
        remove_parts(workshop=workshop, actor=actor, batch=batch, part_pks=[part.pk], reason=_("the part has changed"))

    def course_changes(self, *, workshop: Workshop, actor: Actor, project: Project) -> None:
        """Refuse while the powder is being laid: the batch is closed or cancelled first."""
        _refuse_launched(project)

    def site_changes(self, *, workshop: Workshop, actor: Actor, project: Project) -> None:
        """Refuse while a batch of the former site holds a part."""
        for batch in list_holding_project(project):
            message = _("%(project)s is in %(batch)s, which belongs to the former site: take its parts out first.")
            raise RuleError(message % {"project": project.number, "batch": batch.number}, field="site")

    def project_stops(self, *, workshop: Workshop, actor: Actor, project: Project, by_customer: bool) -> None:
        """Take the parts out of the open batches; a launched one refuses, but to a customer who withdraws."""
        if not by_customer:
            _refuse_launched(project)
        for batch in list_holding_project(project):
            if batch.is_open:
                _take_out(workshop, actor, batch, project)

    def powder_laid(self, *, workshop: Workshop, actor: Actor, project: Project, step: Step) -> None:
        """Refuse while a batch holds a part of the project; otherwise post the powder that no batch has posted."""
        for batch in list_holding_project(project):
            if batch.is_launched:
                message = _("%(batch)s is launched with parts of %(project)s: close the batch.")
            else:
                message = _("Parts of %(project)s wait in %(batch)s: launch it, or take them out first.")
            raise RuleError(message % {"project": project.number, "batch": batch.number})
        powder_laid(workshop=workshop, actor=actor, project=project, step=step)

    def powder_undone(self, *, workshop: Workshop, actor: Actor, project: Project, step: Step, reason: str) -> None:
        """Give back to the stock what the step had taken."""
        reverse_project(workshop=workshop, actor=actor, project=project, reason=reason)

    def report_lines(self, *, project: Project) -> list[str]:
        """Each closed batch of the project: its number, its day, the lot of its powder, its parts."""
        rows = BatchItem.objects.filter(part__project=project, done_at__isnull=False).select_related("batch", "part")
        parts: dict[Batch, list[str]] = {}
        for item in rows.order_by("batch_id", "part__position"):
            parts.setdefault(item.batch, []).append(spaced(item.part.code))
        return [_report_line(batch, codes) for batch, codes in parts.items()]


def _report_line(batch: Batch, codes: list[str]) -> str:
    day = date_format(timezone.localtime(batch.ended_at), "j F Y") if batch.ended_at else ""
    said = _("Batch %(batch)s, closed on %(day)s") % {"batch": batch.number, "day": day}
    lot = [_("lot %(lot)s") % {"lot": batch.lot}] if batch.lot else []
    return " · ".join([said, *lot, ", ".join(codes)])


def _refuse_launched(project: Project) -> None:
    for batch in list_holding_project(project):
        if batch.is_launched:
            message = _("%(project)s is in %(batch)s, which is launched: close or cancel the batch first.")
            raise RuleError(message % {"project": project.number, "batch": batch.number})


def _take_out(workshop: Workshop, actor: Actor, batch: Batch, project: Project) -> None:
    parts = [item.part_id for item in list_items(batch) if item.part.project_id == project.pk]
    remove_parts(workshop=workshop, actor=actor, batch=batch, part_pks=parts, reason=_("the project is cancelled"))
