"""Projects at the step that lays the powder, with parts of a powder."""

from decimal import Decimal
from typing import Any

from app.powders.models import Powder
from app.projects.models import Part, Project
from app.projects.selectors import list_steps
from app.projects.services.starting import open_project
from app.projects.services.working import validate_step
from app.tenancy.models import Workshop
from tests import factories


def project_of(workshop: Workshop, powder: Powder | None, *, parts: int = 1, **fields: Any) -> Project:
    """A project of parts of 2 pieces of 1.5 m² each; `part` holds fields of the parts."""
    said = {"designation": "Portail", "quantity": Decimal(2), "surface_m2": Decimal("1.5"), **fields.pop("part", {})}
    row = Project(
        workshop=workshop, customer=fields.pop("customer", None) or factories.customer(workshop), title="Portail"
    )
    for name, value in fields.items():
        setattr(row, name, value)
    rows = [Part(powder=powder, **said) for _number in range(parts)]
    return open_project(workshop=workshop, actor=factories.ACTOR, project=row, parts=rows)


def ready_project(workshop: Workshop, powder: Powder | None, **fields: Any) -> Project:
    """The same, with the steps before the powder validated."""
    project = project_of(workshop, powder, **fields)
    to_powder(workshop, project)
    project.refresh_from_db()
    return project


def to_powder(workshop: Workshop, project: Project) -> None:
    """Validate the steps up to the one that lays the powder."""
    for step in list_steps(project):
        if step.lays_powder:
            return
        if not step.is_done:
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step)


def parts_of(*projects: Project) -> list[Part]:
    """The parts of projects, read with all that they are grouped by."""
    rows = Part.objects.filter(project__in=projects).select_related("powder", "project__site", "project__quote")
    return list(rows.order_by("pk"))
