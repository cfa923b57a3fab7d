"""The rows of a project's page (its course, its parts), each drawn once for what it says."""

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from app.documents.labels import spaced
from app.kernel.templatetags.display import number
from app.kernel.templatetags.quick import draw_kept, moment, powder
from app.tenancy.links import workshop_url

from ..constants import ProjectStatus
from ..models import Nonconformity, Part, Project, Step
from ..passes import Event

register = template.Library()


@register.simple_tag(takes_context=True)
def course_event(context: Context, event: Event, waiting: Step | None) -> SafeString:
    """A step or a non-conformity of the story, with the pass that begins there: {% course_event event waiting %}."""
    said = _nonconformity(context, event.nonconformity) if event.nonconformity else _step(event.step, waiting)
    if not event.begins:
        return said
    return draw_kept("projects/pass_begins.html", number=event.begins) + said


def _step(step: Step | None, waiting: Step | None) -> SafeString:
    assert step is not None  # an event is the one or the other
    if not step.is_done:
        is_next = step == waiting
        return draw_kept("projects/step_to_do.html", name=step.name, is_next=is_next, needs_photo=step.needs_photo)
    return draw_kept(
        "projects/step_done.html",
        name=step.name,
        at=moment(timezone.localtime(step.done_at)),
        who=step.done_by_name,
        tone="bad" if step.has_failure else "ok",
        comment=step.comment,
        answers=tuple([(said["item"], said["answer"], said.get("remark", "")) for said in step.answers]),
    )


def _nonconformity(context: Context, found: Nonconformity) -> SafeString:
    where = {"project_pk": found.project_id, "nonconformity_pk": found.pk}
    return draw_kept(
        "projects/nonconformity_event.html",
        defect=str(found.defect),
        at=moment(timezone.localtime(found.declared_at)),
        who=found.declared_by_name,
        comment=found.comment,
        returned_to=found.returned_to,
        address=workshop_url(context["workshop"], "projects:nonconformity_detail", **where),
    )


@register.simple_tag(takes_context=True)
def part_row(context: Context, part: Part, project: Project, can_update: bool) -> SafeString:
    """A part with its powder and how it is coated; of a project that is not over, with the way to its record."""
    where = {"project_pk": project.pk, "part_pk": part.pk}
    is_over = project.status in (ProjectStatus.DELIVERED, ProjectStatus.CANCELLED)
    laid = part.powder
    return draw_kept(
        "projects/part_row.html",
        code=part.code,
        number=spaced(part.code),
        quantity=number(part.quantity),
        designation=part.designation,
        surface=number(part.surface_m2, 4) if part.surface_m2 else "",
        powder=laid
        and powder(f"{laid.colour_code or laid.reference} {laid.colour_name}", "", laid.hex, laid.finish, str(laid)),
        coats=part.coats,
        primer=part.primer,
        varnish=part.varnish,
        curing_celsius=part.curing_celsius,
        curing_minutes=part.curing_minutes,
        address="" if is_over or not can_update else workshop_url(context["workshop"], "projects:part_edit", **where),
    )
