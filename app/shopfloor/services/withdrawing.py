"""What is sent by somebody who may not act any more: written down as refused, so that nothing vanishes."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..incoming import parse_batch
from ..models import Tablet
from .receiving import Author, receive


def keep_refused(*, workshop: Workshop, actor: Actor, raw: bytes, tablet: Tablet | None = None) -> list[dict[str, Any]]:
    """Write what a former member, or a tablet out of service, sends as refused; what the device is told of each."""
    try:
        batch = parse_batch(raw)
    except RuleError:
        return []
    author = Author(actor, tablet, refusal=_("The access to the workshop was withdrawn."))
    answers = receive(workshop=workshop, batch=batch, authors=[author] * len(batch.actions))
    return [asdict(answer) for answer in answers]
