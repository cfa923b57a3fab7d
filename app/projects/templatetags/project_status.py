"""The state of a project as its pill says it, and the number of a part as its label prints it."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from app.documents.labels import spaced
from app.kernel.templatetags.quick import choice, day, draw_kept, pill
from app.tenancy.links import workshop_url

from ..constants import ProjectStatus
from ..models import Project

register = template.Library()

TONES = {
    ProjectStatus.OPEN: "neutral",
    ProjectStatus.IN_PROGRESS: "info",
    ProjectStatus.READY: "ember",
    ProjectStatus.DELIVERED: "ok",
    ProjectStatus.CANCELLED: "neutral",
}

register.filter("part_number", spaced)


@register.simple_tag(takes_context=True)
def project_row(context: Context, project: Project) -> SafeString:
    """A row of the list of projects: {% project_row project %}."""
    return draw_kept(
        "projects/project_row.html",
        address=workshop_url(context["workshop"], "projects:project_detail", project_pk=project.pk),
        number=project.number,
        customer=str(project.customer),
        title=project.title,
        promised=day(project.promised_on),
        priority=choice(project, "priority"),
        state=project_pill(project),
    )


@register.simple_tag
def project_pill(project: Project) -> SafeString:
    """Late, else its launched batch, else the step in progress, else the status: {% project_pill project %}."""
    if project.is_late():
        return pill("bad", _("Late"))
    if project.batch_number and project.is_running:
        return pill("info", _("In batch %(batch)s") % {"batch": project.batch_number})
    status = ProjectStatus(project.status)
    at_step = status == ProjectStatus.IN_PROGRESS and project.current_step
    return pill(TONES[status], project.current_step if at_step else status.label)
