"""What the apps above have to say before the work on a project changes, and do with the powder that is laid.

An app that has something to say names its watcher in its AppConfig: `project_watcher = "app.batches.watching.Watcher"`.
Each method runs in the transaction of the change, with the project held; a RuleError refuses it.
"""

from functools import cache
from typing import Protocol

from django.apps import apps
from django.utils.module_loading import import_string

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .models import Part, Project, Step


class ProjectWatcher(Protocol):
    """All the questions; a watcher answers each of them."""

    def part_changes(self, *, workshop: Workshop, actor: Actor, part: Part, leave_batch: bool) -> None:
        """The powder, the layers or the curing of a part are about to change."""

    def course_changes(self, *, workshop: Workshop, actor: Actor, project: Project) -> None:
        """A step is about to be taken back, added or removed."""

    def site_changes(self, *, workshop: Workshop, actor: Actor, project: Project) -> None:
        """The project is about to move to another site."""

    def project_stops(self, *, workshop: Workshop, actor: Actor, project: Project, by_customer: bool) -> None:
        """The project is about to be cancelled; what the customer has the right to do is not refused."""

    def powder_laid(self, *, workshop: Workshop, actor: Actor, project: Project, step: Step) -> None:
        """A step that lays the powder is about to be noted as done."""

    def powder_undone(self, *, workshop: Workshop, actor: Actor, project: Project, step: Step, reason: str) -> None:
        """A step that lays the powder has just been taken back."""

    def report_lines(self, *, project: Project) -> list[str]:
        """What the final report says of the powder besides the steps, a sentence each."""


@cache
def watchers() -> tuple[ProjectWatcher, ...]:
    """Who watches."""
    paths = [getattr(config, "project_watcher", "") for config in apps.get_app_configs()]
    return tuple(import_string(path)() for path in paths if path)
