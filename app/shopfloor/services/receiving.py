"""The ledger: every action of a device is written once, with what became of it, in the transaction of its effect.

The same key again answers what was decided the first time. What cannot be done now but may be later (the storage is
full, the server failed) is not written: the device keeps it, with what follows it in the same project, and says so. The
actions of other projects do not wait for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.entitlements.errors import QuotaReachedError
from app.kernel.errors import RuleError
from app.projects.models import Project
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission

from ..constants import CLOCK_TOLERANCE, ActionKind, Outcome
from ..incoming import Batch, Incoming
from ..locks import lock_projects
from ..models import DeviceAction, Tablet
from .applying import HANDLERS
from .batches import projects_of
from .cases import Case, Verdict
from .pins import find_signer
from .weighing import apply_weighing

ACTS: dict[str, str] = {
    Outcome.APPLIED: "device.applied",
    Outcome.OVERTAKEN: "device.overtaken",
    Outcome.CONFLICT: "device.conflict",
    Outcome.REFUSED: "device.refused",
}


#: The outcome of what is not written: the device keeps it and tries again.
LATER = "later"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Author:
    """Who made an action; `refusal` says why nothing of theirs is done."""

    actor: Actor
    tablet: Tablet | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Answer:
    """What the device is told; `later` asks it to keep the action and to try again."""

    key: str
    outcome: str
    reason: str = ""
    result: dict[str, Any] | None = None


def authors_of(
    *, batch: Batch, actor: Actor, tablet: Tablet | None, permissions: frozenset[Permission]
) -> list[Author]:
    """Who made each action: the person signed in, or on a shared tablet whoever's key has signed it."""
    refusal = "" if Permission.PROJECTS_UPDATE in permissions else _("Your role does not change projects.")
    return [
        _left(action, actor, tablet)
        if action.left_by
        else _signer(action, actor, tablet)
        if tablet
        else Author(actor, refusal=refusal)
        for action in batch.actions
    ]


def _left(action: Incoming, actor: Actor, tablet: Tablet | None) -> Author:
    """What somebody had not sent when another person signed in: nobody can say any more that it was them."""
    said = _("%(who)s was signed out of the device before it was sent.") % {"who": action.left_by}
    return Author(actor, tablet, said)


def _signer(action: Incoming, actor: Actor, tablet: Tablet) -> Author:
    seat = find_signer(
        tablet=tablet, membership_pk=action.operator_pk, signed=action.signed, signature=action.signature
    )
    if seat is None:
        return Author(actor, tablet, _("This action bears no valid signature of an operator of this tablet."))
    member = seat.membership
    author = replace(actor, label=str(member.user), user_id=member.user_id)
    if not member.is_active or not member.user.is_active or Permission.PROJECTS_UPDATE not in member.permissions:
        return Author(author, tablet, _("The access to the workshop was withdrawn."))
    return Author(author, tablet)


def receive(*, workshop: Workshop, batch: Batch, authors: Sequence[Author]) -> list[Answer]:
    """Do what a device asks, in its order, each action once; one author for each action."""
    lock_projects(_projects_of(workshop, batch.actions))
    now, held, answers = timezone.now(), dict[int | None, str](), list[Answer]()
    for action, author in zip(batch.actions, authors, strict=True):
        project = _project_pk(action)
        answer = _take(
            workshop, author, action, batch.moment(action.made_at, now), batch.clock_error, held.get(project, "")
        )
        if answer.outcome == LATER and project is not None:
            held[project] = answer.reason
        answers.append(answer)
    return answers


def _take(
    workshop: Workshop, author: Author, action: Incoming, at: datetime, clock_error: timedelta, held: str
) -> Answer:
    """What becomes of one action; `held` says why an earlier one of its project waits, and this one with it."""
    known = DeviceAction.objects.filter(key=action.key).first()
    if known:
        return _again(known, author)
    if held:
        return Answer(str(action.key), LATER, held)
    try:
        with transaction.atomic():
            return _first_time(workshop, author, action, at, clock_error)
    except QuotaReachedError as error:
        return Answer(str(action.key), LATER, error.message)
    except IntegrityError:  # the same request twice at once: the other one wrote the row
        known = DeviceAction.objects.filter(key=action.key).first()
        if known is None:
            raise
        return _again(known, author)
    except (OperationalError, InterfaceError):  # the database: nothing else will work either
        raise
    except Exception:  # a fault of ours: the rest of the tablet's work does not wait until it is corrected
        log.exception("device_action_failed", kind=action.kind, key=str(action.key))
        return Answer(str(action.key), LATER, _("The server could not do it: it is kept and will be tried again."))


def _again(known: DeviceAction, author: Author) -> Answer:
    """What was decided; a key that somebody else's device has used answers nothing of theirs.

    A shared tablet is told of all that left it: the key that signed may have ended since, and what was done is done.
    """
    left_here = author.tablet is not None and known.tablet_id == author.tablet.pk
    if known.user_id != author.actor.user_id and not left_here:
        return Answer(str(known.key), Outcome.REFUSED, _("This key belongs to somebody else's action."))
    return Answer(str(known.key), known.outcome, known.reason, known.result)


def _first_time(workshop: Workshop, author: Author, action: Incoming, at: datetime, clock_error: timedelta) -> Answer:
    row = DeviceAction.objects.create(
        workshop=workshop,
        key=action.key,
        kind=action.kind,
        user_id=author.actor.user_id,
        user_name=author.actor.label,
        tablet=author.tablet,
        project=Project.objects.filter(pk=_project_pk(action) or 0).first(),
        made_at=action.made_at,
        at=at,
        payload=action.payload,
        base=action.base,
        outcome=Outcome.APPLIED,
    )
    verdict = _decide(workshop, author, action, row)
    row.outcome, row.reason = verdict.outcome, verdict.reason[:300]
    row.theirs, row.result = verdict.theirs, verdict.result
    row.save()
    _tell(workshop, author, row, clock_error)
    return Answer(str(row.key), row.outcome, row.reason, row.result)


def _decide(workshop: Workshop, author: Author, action: Incoming, row: DeviceAction) -> Verdict:
    if author.refusal:
        return Verdict(Outcome.REFUSED, author.refusal)
    if action.kind == ActionKind.WEIGH:
        return _do(lambda: apply_weighing(workshop=workshop, actor=author.actor, row=row))
    project = row.project
    if project is None:
        return Verdict(Outcome.REFUSED, _("This project is not in this workshop."))
    return _do(lambda: HANDLERS[action.kind](Case(workshop, author.actor, project, row)))


def _do(act: Callable[[], Verdict]) -> Verdict:
    """Do it, or nothing of it and say which rule refused."""
    try:
        with transaction.atomic():
            return act()
    except QuotaReachedError:
        raise
    except RuleError as error:
        return Verdict(Outcome.REFUSED, error.message)


def _tell(workshop: Workshop, author: Author, row: DeviceAction, clock_error: timedelta) -> None:
    """What the services do not say by themselves: refusals, conflicts, what was overtaken, clocks that are wrong."""
    facts: dict[str, Any] = {}
    if row.tablet:
        facts["tablet"] = row.tablet.name
    if abs(clock_error) > CLOCK_TOLERANCE:
        facts["device_at"] = row.made_at
    if row.outcome == Outcome.APPLIED and not facts:
        return
    facts |= {"kind": row.get_kind_display(), "at": row.at}
    if row.reason:
        facts["reason"] = row.reason
    if row.outcome != Outcome.APPLIED:
        facts["kept"] = row.payload
    record(
        workshop=workshop,
        actor=author.actor,
        action=ACTS[row.outcome],
        subject=row.project or row,
        changes=facts,
    )


def _projects_of(workshop: Workshop, actions: Sequence[Incoming]) -> set[int]:
    """Every project that the actions touch, those of a batch included: all are held before the first one is done."""
    batches = [action.payload for action in actions if action.kind == ActionKind.BATCH]
    named = {_project_pk(action) or 0 for action in actions}
    return named.union(*(projects_of(workshop, payload) for payload in batches))


def _project_pk(action: Incoming) -> int | None:
    found = action.payload.get("project")
    return found if isinstance(found, int) and 0 < found < 2**63 else None
