"""Telling the people of a workshop, once a day at most, which projects are late."""

from collections.abc import Sequence
from datetime import date

from django.utils import formats, translation
from django.utils.translation import ngettext

from app.notify.events import StaffEvent
from app.notify.services import News, queue_email
from app.notify.services.staff import list_listeners, queue_push
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop

from ..models import Project
from ..selectors import list_late

LATENESS = Actor.system("late projects")
MOST_NAMED = 20


def tell_late(*, workshop: Workshop, today: date) -> None:
    """Tell each member who works on projects, as they chose to hear of it, which ones are late. Safe to repeat.

    The key of a message is the day and the person: a task that died in the middle, or that runs twice, sends nobody
    a second one. Nothing leaves from a workshop that may not work.
    """
    late = list(list_late(today))
    if not late or workshop.is_suspended or workshop.is_read_only():
        return
    path = f"{workshop_url(workshop, 'projects:project_list')}?retard=1"
    for listener in list_listeners(StaffEvent.PROJECT_LATE):
        member = listener.member
        with translation.override(member.user.language):
            count = ngettext("%(count)s late project", "%(count)s late projects", len(late)) % {"count": len(late)}
            named = _named(late, today)
        if listener.by_email:
            queue_email(
                workshop=workshop,
                kind="late_projects",
                to=member.user.email,
                context={
                    "prenom": member.user.first_name or workshop.name,
                    "retards": count,
                    "projets": named,
                    "lien": absolute_url(path),
                },
                actor=LATENESS,
                dedupe_key=f"late:{today}:{member.pk}",
                language=member.user.language,
            )
        if listener.by_push:
            news = News(count, ", ".join(project.number for project in late))
            queue_push(
                workshop=workshop, member=member, event=StaffEvent.PROJECT_LATE, news=news, path=path,
                dedupe_key=str(today),
            )  # fmt: skip


def _named(late: Sequence[Project], today: date) -> str:
    """One line a project, the oldest promise first; how many more there are."""
    lines = [_line(project, today) for project in late[:MOST_NAMED]]
    more = len(late) - MOST_NAMED
    if more > 0:
        lines.append(ngettext("and %(more)s other", "and %(more)s others", more) % {"more": more})
    return "\n".join(lines)


def _line(project: Project, today: date) -> str:
    assert project.promised_on  # what makes a project late
    days = (today - project.promised_on).days
    text = ngettext(
        "%(number)s · %(title)s · %(customer)s: promised on %(day)s, %(days)s day late",
        "%(number)s · %(title)s · %(customer)s: promised on %(day)s, %(days)s days late",
        days,
    )
    return text % {
        "number": project.number,
        "title": project.title,
        "customer": project.customer,
        "day": formats.date_format(project.promised_on, "j F"),
        "days": days,
    }
