"""The table of calls: method, path, the package's parameter class, what the handler acts upon."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import StripeRefusal
from .rendering import listed
from .state import Account, Object
from .validation import check, schema


@dataclass
class Call:
    """One call, once its parameters are checked."""

    account: Account
    params: Object
    ids: tuple[str, ...]
    path: str

    @property
    def id(self) -> str:
        """The identifier in the path."""
        return self.ids[-1]

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or the default."""
        return self.params.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the parameter was given, even empty."""
        return name in self.params

    def page(self, kind: str, found: list[Object]) -> Object:
        """One page of a list, newest first: `limit`, `starting_after`, `ending_before`."""
        return paginate(self, kind, sorted(found, key=lambda raw: -raw["_order"]))


Handler = Callable[[Call], Object]
PAGES = "limit starting_after ending_before"


@dataclass(frozen=True)
class Route:
    """One line of the table."""

    method: str
    pattern: re.Pattern[str]
    params: type | None
    accepts: str
    handler: Handler = field(compare=False)


ROUTES: list[Route] = []


def route(method: str, path: str, params: str = "", accepts: str = "") -> Callable[[Handler], Handler]:
    """Add a call to the table; `{id}` in the path is any identifier."""
    pattern = re.compile("^" + path.replace("{id}", "([^/]+)") + "$")

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, pattern, schema(params) if params else None, accepts, handler))
        return handler

    return register


def find_route(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The line of the table and the identifiers of the path; Stripe's 404 for what is not in it."""
    matching = [
        (candidate, found.groups())
        for candidate in ROUTES
        if candidate.method == method and (found := candidate.pattern.match(path))
    ]
    if matching:
        # `/v1/invoices/create_preview` before `/v1/invoices/{id}`: the line with the fewest free parts.
        return min(matching, key=lambda pair: len(pair[1]))
    message = (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    raise StripeRefusal(message, status=404)


def perform(account: Account, method: str, path: str, given: Object) -> tuple[Object, list[str]]:
    """Check and act: the stored object and what to expand in it."""
    found, ids = find_route(method, path)
    params = check(given, found.params, found.accepts)
    asked = params.pop("expand")
    return found.handler(Call(account, params, ids, path)), asked


def paginate(call: Call, kind: str, ordered: list[Object]) -> Object:
    """The page that the parameters ask for of a list already in order."""
    limit = call.get("limit", 10)
    if not 1 <= limit <= 100:
        wrong = "greater than or equal to 1" if limit < 1 else "less than or equal to 100"
        raise StripeRefusal(f"This value must be {wrong}.", code="parameter_invalid_integer", param="limit")
    ids = [raw["id"] for raw in ordered]
    for name in ("starting_after", "ending_before"):
        if call.has(name) and call.get(name) not in ids:
            call.account.get(kind, call.get(name), param=name)
            return listed([], call.path)
    if call.has("ending_before"):
        before = ordered[: ids.index(call.get("ending_before"))]
        return listed(before[-limit:], call.path, has_more=len(before) > limit)
    start = ids.index(call.get("starting_after")) + 1 if call.has("starting_after") else 0
    return listed(ordered[start : start + limit], call.path, has_more=len(ordered) > start + limit)


def in_range(raw: Object, wanted: Any, field: str = "created") -> bool:
    """Whether a timestamp is in `created=…` or `created[gte]=…`."""
    value: int = raw[field]
    if not isinstance(wanted, dict):
        return wanted is None or value == wanted
    return bool(
        value > wanted.get("gt", value - 1)
        and value >= wanted.get("gte", value)
        and value < wanted.get("lt", value + 1)
        and value <= wanted.get("lte", value)
    )


def merge_metadata(current: Object | None, given: Any) -> Object:
    """Stripe's merge: an empty value removes its key, an empty parameter removes all."""
    if given is None:
        return dict(current or {})
    if given == "":
        return {}
    merged = {**(current or {}), **given}
    kept = {key: value for key, value in merged.items() if value != ""}
    if len(kept) > 50:
        raise StripeRefusal("You can only have up to 50 metadata keys.", param="metadata")
    for key, value in kept.items():
        if len(key) > 40 or len(value) > 500:
            what = f"key {key!r} is longer than 40" if len(key) > 40 else f"value of {key!r} is longer than 500"
            raise StripeRefusal(f"Metadata {what} characters.", param=f"metadata[{key}]")
    return kept
