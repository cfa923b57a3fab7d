"""The memory of one Stripe account: its objects, its clock, its event log, the answers it promised to repeat."""

import hashlib
import json
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .annotations import fields, is_optional, members, resource_of, resources
from .errors import missing_object
from .settings import API_VERSION, Settings

Object = dict[str, Any]

PREFIXES = {
    "customer": "cus_",
    "tax_id": "txi_",
    "payment_method": "pm_",
    "setup_intent": "seti_",
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "balance_transaction": "txn_",
    "customer_balance_transaction": "cbtxn_",
    "product": "prod_",
    "price": "price_",
    "tax_rate": "txr_",
    "subscription": "sub_",
    "subscription_item": "si_",
    "invoice": "in_",
    "invoiceitem": "ii_",
    "line_item": "il_",
    "invoice_payment": "inpay_",
    "checkout.session": "cs_test_",
    "billing_portal.configuration": "bpc_",
    "billing_portal.session": "bps_",
    "webhook_endpoint": "we_",
    "event": "evt_",
    "item": "li_",
}
#: Fields that Stripe leaves out unless they are expanded or filled; every other optional field is there, null.
ABSENT: dict[str, frozenset[str]] = {
    "customer": frozenset({"sources", "subscriptions", "tax_ids", "tax", "cash_balance", "invoice_credit_balance"}),
    "invoice": frozenset({"payments", "confirmation_secret", "amount_paid_off_stripe", "total_tax_amounts"}),
    "price": frozenset({"currency_options", "tiers"}),
    "checkout.session": frozenset({"line_items"}),
    "charge": frozenset({"refunds", "level3", "authorization_code", "transfer"}),
    "webhook_endpoint": frozenset({"secret"}),
}
#: Classes with one field per payment method: only the fields given are there.
SPARSE = frozenset({"PaymentMethod", "PaymentMethodDetails", "PaymentMethodOptions", "NextAction", "Account"})
#: Fields made when an object is shown (rendering.py).
COMPUTED = {"subscription": {"items"}, "subscription_item": {"plan"}, "invoice": {"lines"}}
#: An idempotent answer is repeated for a day.
IDEMPOTENCY_SECONDS = 86_400


class Clock:
    """The server's own time, in seconds since 1970: frozen, or the machine's plus an offset."""

    def __init__(self, frozen_at: int | None = None) -> None:
        self.frozen_at = frozen_at
        self.offset = 0

    def now(self) -> int:
        """The present second."""
        return int(time.time()) + self.offset if self.frozen_at is None else self.frozen_at

    @contextmanager
    def stepping(self, to: int) -> Iterator[None]:
        """Let the caller set `frozen_at` moment by moment; at the end the present is `to`, still running if it ran."""
        was_running = self.frozen_at is None
        try:
            yield
        finally:
            self.frozen_at = None if was_running else to
            if was_running:
                self.offset += max(0, to - self.now())


class Account:
    """The objects by kind and identifier. Handlers change the stored dicts and say so through `changing`.

    Keys that start with `_` are the server's own notes; they are never shown.
    """

    def __init__(self, settings: Settings, clock: Clock, base_url: str = "") -> None:
        self.settings = settings
        self.clock = clock
        self.base_url = base_url
        self.tables: dict[str, dict[str, Object]] = {kind: {} for kind in PREFIXES}
        self.tables["deleted"] = {}
        self.counter = 0
        self.deliveries: list[Object] = []
        self.answers: dict[str, Object] = {}
        #: Decline codes of the next charges, whatever the card.
        self.declines: list[str] = []
        self.muted = False
        #: The call that is being answered, which its events name.
        self.request: Object = {"id": None, "idempotency_key": None}
        self.on_event: Callable[[Object], None] = lambda event: None
        self.render: Callable[[Object], Object] = lambda raw: {}

    @property
    def now(self) -> int:
        """The present second of the server's clock."""
        return self.clock.now()

    def number(self) -> int:
        """The next number of a counter that never goes back."""
        self.counter += 1
        return self.counter

    def new_id(self, prefix: str, length: int = 24) -> str:
        """An identifier that looks like Stripe's, the same from one run to the next."""
        return prefix + hashlib.sha256(f"{prefix}{self.number()}".encode()).hexdigest()[:length]

    def add(self, kind: str, **values: Any) -> Object:
        """Keep a new object, complete as the package's class describes it."""
        prefix = PREFIXES[kind]
        values.setdefault("id", self.new_id(prefix, 58 if kind == "checkout.session" else 24))
        made = complete(kind, values, created=self.now)
        made["_order"] = self.number()
        self.tables[kind][made["id"]] = made
        return made

    def get(self, kind: str, identifier: Any, *, param: str | None = None) -> Object:
        """The object, or the refusal that names the parameter (`None`: the path named it)."""
        found = self.tables[kind].get(str(identifier))
        if found is None:
            raise missing_object(kind, str(identifier), param=param or "id", status=400 if param else 404)
        return found

    def anything(self, identifier: str) -> Object | None:
        """The object of any kind that has this identifier."""
        for kind, prefix in sorted(PREFIXES.items(), key=lambda pair: -len(pair[1])):
            if identifier.startswith(prefix):
                return self.tables[kind].get(identifier)
        return None

    def all(self, kind: str, **wanted: Any) -> list[Object]:
        """The objects of a kind whose fields have these values, oldest first."""
        return [
            found
            for found in self.tables[kind].values()
            if all(found.get(name) == value for name, value in wanted.items())
        ]

    def remove(self, kind: str, identifier: str) -> Object:
        """Take an object away; what is left of it is Stripe's deleted stub."""
        gone = self.tables[kind].pop(identifier)
        stub = {"id": identifier, "object": gone["object"], "deleted": True}
        self.tables["deleted"][identifier] = stub
        return stub

    def emit(self, type: str, raw: Object, previous: Object | None = None) -> None:
        """Log an event with the object as it is now, and hand it to the webhooks."""
        if self.muted:
            return
        data: Object = {"object": self.render(raw)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = self.add(
            "event",
            object="event",
            api_version=API_VERSION,
            data=data,
            livemode=False,
            pending_webhooks=0,
            request=self.request,
            type=type,
        )
        self.on_event(event)

    @contextmanager
    def changing(self, raw: Object, type: str) -> Iterator[Object]:
        """Log `type` with the attributes that the block has changed; nothing when it changed nothing."""
        before = pickle.loads(pickle.dumps(self.render(raw)))
        yield raw
        after = self.render(raw)
        previous = {name: before.get(name) for name in after if before.get(name) != after[name]}
        if previous:
            self.emit(type, raw, previous)

    @contextmanager
    def sandbox(self) -> Iterator[None]:
        """Let the block change everything, then forget all of it: how a preview is computed."""
        kept = self._snapshot()
        clock, muted, self.muted = self.clock, self.muted, True
        self.clock = Clock(self.now)
        self._restore(pickle.loads(pickle.dumps(kept)))
        try:
            yield
        finally:
            self.clock, self.muted = clock, muted
            self._restore(kept)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Forget what the block did when it raises."""
        kept = pickle.dumps(self._snapshot())
        try:
            yield
        except Exception:
            self._restore(pickle.loads(kept))
            raise

    def _snapshot(self) -> tuple[Any, ...]:
        return (self.tables, self.counter, self.deliveries)

    def _restore(self, kept: tuple[Any, ...]) -> None:
        self.tables, self.counter, self.deliveries = kept

    def clear(self) -> None:
        """Forget everything but the settings and the clock; identifiers are not reused."""
        for table in self.tables.values():
            table.clear()
        self.deliveries.clear()
        self.answers.clear()
        self.declines.clear()

    def save(self, path: Path) -> None:
        """Write everything to a file, whole or not at all."""
        content = {
            "tables": self.tables,
            "counter": self.counter,
            "deliveries": self.deliveries,
            "answers": self.answers,
            "declines": self.declines,
            "offset": self.clock.offset,
            "frozen_at": self.clock.frozen_at,
        }
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(json.dumps(content))
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Read what `save` wrote."""
        content = json.loads(path.read_text())
        self.tables = {**{kind: {} for kind in PREFIXES}, **content["tables"]}
        self.counter, self.deliveries = content["counter"], content["deliveries"]
        self.answers, self.declines = content["answers"], content["declines"]
        self.clock.offset, self.clock.frozen_at = content["offset"], content["frozen_at"]


def complete(kind: str, values: Object, *, created: int | None = None) -> Object:
    """Fill the optional fields with null, as Stripe shows them; a field unknown to the package is a fault of ours."""
    skipped = ABSENT.get(kind, frozenset()) | COMPUTED.get(kind, set()) | {"deleted"}
    cls: type = resources()[kind]
    common = {"livemode": False, "created": created, "object": kind}
    known = {name: value for name, value in common.items() if name in fields(cls) and value is not None}
    return _filled(cls, {**known, **values}, skipped)


def _filled(cls: type, values: Object, skipped: frozenset[str] | set[str] = frozenset()) -> Object:
    known = fields(cls)
    extra = {name for name in values if not name.startswith("_")} - known.keys()
    if extra:
        raise TypeError(f"{cls.__name__} has no {sorted(extra)}")
    made = dict(values)
    for name, annotation in known.items():
        if name in made:
            made[name] = _inner(annotation, made[name])
        elif is_optional(annotation):
            if name not in skipped and cls.__name__ not in SPARSE:
                made[name] = None
        elif name not in skipped:
            raise TypeError(f"{cls.__name__} needs {name}")
    return made


def _inner(annotation: Any, value: Any) -> Any:
    """Complete an inner class; resources and maps are left as they are."""
    if not isinstance(value, dict) or "object" in value:
        return value
    inner = next((found for part in members(annotation) if (found := resource_of(part)) and fields(found)), None)
    return _filled(inner, dict(value)) if inner else value
