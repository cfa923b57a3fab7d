"""Batches and planned loads on a tablet: opened, emptied, launched, closed. The screen asks for the network first."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from app.batches.models import Batch, OvenLoad
from app.batches.oven_selectors import get_load
from app.batches.recommending import list_group
from app.batches.selectors import get_batch, get_parts, list_held_projects
from app.batches.services.batching import open_batch_of, remove_parts
from app.batches.services.launching import Checked, close_batch, launch_batch
from app.batches.services.unhanging import take_out_pieces
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.errors import RuleError
from app.projects.constants import CheckAnswer
from app.tenancy.models import Workshop

from ..constants import Outcome
from ..payloads import COMMENT_LONGEST, text_of, whole
from .cases import Case, Verdict

LOT_LONGEST = 60


def apply_batch(case: Case) -> Verdict:
    """Do what `act` says; the project of the action is the first one of the batch."""
    payload = case.row.payload
    act = payload.get("act")
    if act == "open":
        return _open(case)
    if act == "unhang":
        return _unhang(case)
    batch = _batch(payload.get("batch"))
    if act == "launch":
        lot = text_of(payload.get("lot"), LOT_LONGEST)
        launch_batch(workshop=case.workshop, actor=case.actor, batch=batch, lot=lot)
    elif act == "close":
        close_batch(workshop=case.workshop, actor=case.actor, batch=batch, checked=_checked(payload))
    elif act == "remove":
        part_pk = _whole_or_refused(payload.get("part"))
        remove_parts(workshop=case.workshop, actor=case.actor, batch=batch, part_pks=[part_pk])
    else:
        raise RuleError(_("This is not what a tablet sends."))
    return Verdict(Outcome.APPLIED, result={"batch": batch.pk})


def projects_of(workshop: Workshop, payload: Mapping[str, object]) -> set[int]:
    """The projects that such an action will hold: those of its batch, or of the parts that would make one."""
    if payload.get("act") == "open":
        parts = list_group(workshop, text_of(payload.get("group"), 120))
        return set(parts.order_by().values_list("project_id", flat=True))
    return list_held_projects(whole(payload.get("batch")) or 0)


def _open(case: Case) -> Verdict:
    parts = list_group(case.workshop, text_of(case.row.payload.get("group"), 120))
    found = get_parts(parts.values_list("pk", flat=True))
    if not found:
        raise RuleError(_("These parts wait no longer."))
    batch = open_batch_of(workshop=case.workshop, actor=case.actor, parts=found)
    return Verdict(Outcome.APPLIED, result={"batch": batch.pk, "number": batch.number})


def _unhang(case: Case) -> Verdict:
    """Take pieces of a part out of a planned load."""
    payload = case.row.payload
    if not has_feature(case.workshop, Feature.SMART_STOCK):
        raise RuleError(_("This is not what a tablet sends."))
    part_pk = _whole_or_refused(payload.get("part"))
    pieces = None if payload.get("pieces") is None else _whole_or_refused(payload["pieces"])
    try:
        load = get_load(_whole_or_refused(payload.get("load")))
    except OvenLoad.DoesNotExist as error:
        raise RuleError(_("This load is not in this workshop.")) from error
    take_out_pieces(workshop=case.workshop, actor=case.actor, load=load, part_pk=part_pk, pieces=pieces)
    return Verdict(Outcome.APPLIED, result={"load": load.pk})


def _whole_or_refused(value: object) -> int:
    """A number above nothing; a number that cannot be read must not be taken for “all of them”."""
    number = whole(value)
    if number is None:
        raise RuleError(_("This is not what a tablet sends."))
    return number


def _batch(pk: object) -> Batch:
    try:
        return get_batch(whole(pk) or 0)
    except Batch.DoesNotExist as error:
        raise RuleError(_("This batch is not in this workshop.")) from error


def _checked(payload: dict[str, object]) -> Checked:
    """The answers by item of the checklists; an item without a good answer is left out, and refused by the step."""
    answers = payload.get("answers")
    given = answers if isinstance(answers, dict) else {}
    kept = {str(item): str(said) for item, said in given.items() if said in CheckAnswer.values}
    return Checked(kept, {}, text_of(payload.get("comment"), COMMENT_LONGEST))
