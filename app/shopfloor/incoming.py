"""What a device sends, as values: read carefully, since anybody may write to the address."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

from .constants import MOST_AT_ONCE, ActionKind


@dataclass(frozen=True)
class Incoming:
    """One action: its key, its kind, when the device's clock says it was made, and by whom on a shared tablet.

    `left_by` names somebody who was signed out before it was sent: it is written down and not done.
    """

    key: UUID
    kind: str
    made_at: datetime
    payload: dict[str, Any]
    base: dict[str, Any]
    operator_pk: int | None = None
    signature: str = ""
    signed: str = ""
    left_by: str = ""


@dataclass(frozen=True)
class Batch:
    """What one request brings, and how late the device's clock is."""

    actions: tuple[Incoming, ...]
    clock_error: timedelta

    def moment(self, made_at: datetime, now: datetime) -> datetime:
        """When it really was: the error of the clock taken away, and never in the future."""
        try:
            return min(now, made_at + self.clock_error)
        except OverflowError:
            return now


def parse_batch(raw: bytes, *, now: datetime | None = None) -> Batch:
    """The actions of a request; RuleError when it is not such a request at all."""
    now = now or timezone.now()
    try:
        body = _read(raw)
        listed = body["actions"]
        if not isinstance(listed, list) or len(listed) > MOST_AT_ONCE:
            raise ValueError(len(listed))
        actions = tuple(_action(item, now) for item in listed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RuleError(_("This is not what a tablet sends.")) from error
    told = _moment(body.get("now"))
    return Batch(actions, now - told if told else timedelta(0))


def sign(key: str, text: str) -> str:
    """The signature of an action by the key of an operator at a tablet."""
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def _action(sent: dict[str, Any], now: datetime) -> Incoming:
    """An action; on a shared tablet it is read from the very text that was signed."""
    signed = str(sent.get("signed") or "")
    item = _read(signed) if signed else sent
    kind, payload, base = item["kind"], item["payload"], item.get("base") or {}
    if kind not in ActionKind.values or not isinstance(payload, dict) or not isinstance(base, dict):
        raise ValueError(kind)
    operator = sent.get("operator")
    return Incoming(
        key=UUID(item["key"]),
        kind=kind,
        made_at=_moment(item.get("made_at")) or now,
        payload=_storable(payload),
        base=_storable(base),
        operator_pk=operator if isinstance(operator, int) else None,
        signature=str(sent.get("signature") or ""),
        signed=signed,
        left_by=str(_storable(sent.get("left_by") or ""))[:160],
    )


def _read(text: str | bytes) -> Any:
    """JSON as the standard has it; ValueError for the numbers that it has not (NaN, Infinity)."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _storable(value: Any) -> Any:
    """The same value without what PostgreSQL does not keep: the null character, halves of characters (a cut emoji)."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {str(_storable(name)): _storable(item) for name, item in value.items()}
    return value


def _moment(text: object) -> datetime | None:
    """A moment written by a device, or None; a moment without zone is taken as UTC."""
    try:
        found = parse_datetime(str(text)) if text else None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None
