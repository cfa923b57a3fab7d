"""What goes wrong in the demonstration, and what is done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.projects.constants import TermKind
from app.projects.models import Project, QualityTerm
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import close_nonconformity, declare_nonconformity, edit_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.workflows import StepData
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

#: The steps of the supplied workflow that matter here, from 0.
POWDERING, CURING = 3, 4


#: A second workflow, with the rules that a step may have.
WHEELS = (
    StepData("Réception et démontage", ("Voile contrôlé", "Capteurs et valves déposés"), needs_photo=True),
    StepData("Décapage chimique"),
    StepData("Sablage"),
    StepData("Dégazage", ("20 minutes à 220 °C",)),
    StepData("Poudrage", lays_powder=True),
    StepData("Cuisson"),
    StepData("Vernis"),
    StepData("Retouche", is_rework=True, lays_powder=True),
    StepData("Contrôle", ("Teinte", "Épaisseur entre 60 et 120 µm", "Portées de roulement nues"), needs_photo=True),
    StepData("Remontage et équilibrage"),
)


@dataclass(frozen=True)
class Trouble:
    """One story of a defect; `defect` and `cause` are ranks in the lists supplied with the product."""

    defect: int
    cause: int
    comment: str
    action: str
    minutes: int
    cost: str


TROUBLES = (
    Trouble(2, 0, "Grains sous le film, face visible.", "Ponçage, dégraissage puis nouvelle couche.", 70, "38.50"),
    Trouble(0, 3, "Coulure en partie basse.", "Débit du pistolet ramené à 60 %, pièce repoudrée.", 55, "24"),
    Trouble(1, 4, "Manque dans l’angle intérieur.", "Accroche reprise, tension abaissée à 40 kV.", 40, "18"),
    Trouble(4, 3, "45 µm mesurés, 60 demandés.", "Seconde passe, 72 µm mesurés ensuite.", 50, "31.20"),
    Trouble(6, 1, "Bulles : la fonderie dégaze.", "Préchauffage à 220 °C pendant 20 minutes.", 95, "46"),
    Trouble(8, 6, "Rayure faite au décrochage.", "Retouche, cales de mousse sur le chariot.", 30, "12"),
)


def declare(workshop: Workshop, project: Project, declarer: Actor, trouble: Trouble, *, to_rework: bool) -> None:
    """Note the defect at the step in progress; the project goes back to powdering, or to rework."""
    supply_terms(workshop=workshop)
    steps = list_steps(project)
    at = next((step for step in steps if not step.is_done), steps[-1])
    declare_nonconformity(
        workshop=workshop,
        actor=declarer,
        project=project,
        step=at,
        defect=_word(TermKind.DEFECT, trouble.defect),
        comment=trouble.comment,
        return_to=None if to_rework else steps[POWDERING],
    )


def settle(workshop: Workshop, project: Project, closer: Actor, trouble: Trouble) -> None:
    """Say what caused it and what was done, and close it."""
    found = project.nonconformities.get(closed_at=None)
    held = edit_nonconformity(
        workshop=workshop,
        actor=closer,
        nonconformity=found,
        cause=_word(TermKind.CAUSE, trouble.cause),
        corrective_action=trouble.action,
        rework_minutes=trouble.minutes,
        cost=Decimal(trouble.cost),
    )
    close_nonconformity(workshop=workshop, actor=closer, nonconformity=held)


def again(moment: datetime) -> Iterator[datetime]:
    """When the defect is found, and when each of the two steps is done again, the same day."""
    for minutes in (20, 70, 125):
        yield moment + timedelta(minutes=minutes)


def _word(kind: TermKind, rank: int) -> QualityTerm:
    return list_terms(kind)[rank]
