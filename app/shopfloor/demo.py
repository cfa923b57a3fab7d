"""What the demonstration workshop shows of the workshop mode: a shared tablet, codes, a conflict to decide."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from app.projects.constants import RUNNING
from app.projects.models import Part
from app.projects.services.working import record_part
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop

from .constants import ActionKind
from .incoming import Batch, Incoming
from .payloads import PartValues
from .services.pins import set_pin
from .services.receiving import Author, receive
from .services.tablets import register_tablet

TABLET = "Cabine de poudrage"
CODE = "2580"


def furnish(*, workshop: Workshop, office: Sequence[Actor], operators: Sequence[Actor]) -> None:
    """Furnish the workshop in scope; every operator has the same code, which the demonstration tells."""
    register_tablet(workshop=workshop, actor=office[0], name=TABLET)
    for operator in operators:
        member = Membership.objects.select_related("user").get(user=operator.user_id or 0)
        set_pin(workshop=workshop, actor=operator, membership=member, code=CODE)
    _disagree(workshop, operators[0], operators[-1])


def _disagree(workshop: Workshop, noted: Actor, sent: Actor) -> None:
    """One noted 200 °C; the other had noted 180 °C without network, which arrives afterwards."""
    parts = Part.objects.select_related("powder").filter(project__status__in=RUNNING, curing_celsius=None)
    part = parts.order_by("project__promised_on", "pk").first()
    if part is None:
        return
    before = PartValues.of(part)
    record_part(workshop=workshop, actor=noted, part=part, **{**before.arguments(), "curing_celsius": 200})
    payload = {"project": part.project_id, "part": part.pk, **before.shown(), "curing_celsius": 180}
    made_at = timezone.now() - timedelta(minutes=12)
    action = Incoming(uuid4(), ActionKind.PART, made_at, payload, before.shown())
    receive(workshop=workshop, batch=Batch((action,), timedelta(0)), authors=[Author(sent)])
