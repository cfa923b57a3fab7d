"""The codes that operators type on shared tablets, and the key by which a tablet signs what each of them does."""

import secrets
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop

from ..constants import PIN_LOCKED_FOR, PIN_TRIES
from ..incoming import sign
from ..locks import lock_seat
from ..models import OperatorPin, Seat, Tablet


@dataclass(frozen=True)
class Opening:
    """What typing a code gives: the seat, or how many tries are left, or for how many seconds none is accepted."""

    seat: Seat | None = None
    left: int = 0
    locked_seconds: int = 0


def set_pin(*, workshop: Workshop, actor: Actor, membership: Membership, code: str) -> None:
    """Set a member's code: 4 to 6 digits. Set by somebody else, the keys of the member's tablets end too."""
    _require_code(code)
    with transaction.atomic():
        OperatorPin.objects.update_or_create(
            workshop=workshop, membership=membership, defaults={"code_hash": make_password(code)}
        )
        if actor.user_id != membership.user_id:
            Seat.objects.filter(membership=membership).delete()
        record(workshop=workshop, actor=actor, action="pin.set", subject=membership)


def open_seat(*, workshop: Workshop, tablet: Tablet, membership: Membership, code: str, actor: Actor) -> Opening:
    """Let an operator sit down at a tablet; five wrong codes close the seat for five minutes, and are told."""
    with transaction.atomic():
        seat = _seat(workshop, tablet, membership)
        now = timezone.now()
        if seat.locked_until and seat.locked_until > now:
            return Opening(locked_seconds=int((seat.locked_until - now).total_seconds()) + 1)
        pin = OperatorPin.objects.filter(membership=membership).first()
        if pin is None or not check_password(code, pin.code_hash):
            return _wrong(workshop, seat, membership, actor)
        seat.failures, seat.locked_until = 0, None
        seat.signing_key = seat.signing_key or secrets.token_hex(32)
        seat.save()
        tablet.seen_at = now
        tablet.save(update_fields=["seen_at"])
    return Opening(seat=seat)


def open_again(*, tablet: Tablet, membership_pk: int, nonce: str, proof: str) -> Seat | None:
    """The seat of an operator who typed the code without network: the tablet proves that it could open their key."""
    seat = Seat.objects.filter(tablet=tablet, membership=membership_pk).first()
    if seat is None or not seat.signing_key:
        return None
    expected = sign(seat.signing_key, f"open:{nonce}")
    return seat if secrets.compare_digest(expected, proof) else None


def find_signer(*, tablet: Tablet, membership_pk: int | None, signed: str, signature: str) -> Seat | None:
    """The seat whose key signed this text at this tablet, or None."""
    if membership_pk is None or not signature.isascii():
        return None
    seat = Seat.objects.select_related("membership__user").filter(tablet=tablet, membership=membership_pk).first()
    if seat is None or not seat.signing_key:
        return None
    return seat if secrets.compare_digest(sign(seat.signing_key, signed), signature) else None


def _seat(workshop: Workshop, tablet: Tablet, membership: Membership) -> Seat:
    seat, _created = Seat.objects.get_or_create(workshop=workshop, tablet=tablet, membership=membership)
    return lock_seat(seat.pk)


def _wrong(workshop: Workshop, seat: Seat, membership: Membership, actor: Actor) -> Opening:
    seat.failures += 1
    locked = seat.failures >= PIN_TRIES
    if locked:
        seat.failures, seat.locked_until = 0, timezone.now() + PIN_LOCKED_FOR
        changes = {"tablet": str(seat.tablet), "tries": PIN_TRIES}
        record(workshop=workshop, actor=actor, action="pin.locked", subject=membership, changes=changes)
    seat.save()
    return Opening(
        left=0 if locked else PIN_TRIES - seat.failures,
        locked_seconds=int(PIN_LOCKED_FOR.total_seconds()) if locked else 0,
    )


def _require_code(code: str) -> None:
    if not (code.isascii() and code.isdecimal() and 4 <= len(code) <= 6):
        raise RuleError(_("A code has 4 to 6 digits."), field="code")
    steps = {int(after) - int(before) for before, after in pairwise(code)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        raise RuleError(_("This code is too easy to guess."), field="code")
