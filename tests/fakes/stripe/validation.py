"""Each call's parameters against the TypedDicts that the stripe package ships, coerced from the form's text."""

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import stripe
from stripe._request_options import RequestOptions

from .annotations import literals, members
from .errors import StripeRefusal, missing_param, unsupported

#: Text that an empty value may clear although its type has no `Literal[""]`; identifiers and addresses are not.
CLEARABLE = frozenset(
    {"description", "name", "email", "phone", "line1", "line2", "city", "state", "postal_code", "country", "footer"}
    | {"nickname", "comment", "value", "unit_label", "url", "statement_descriptor", "memo"}
)
_FALSE_TRUE = {"false": False, "true": True, False: False, True: True}


def check(given: dict[str, Any], schema: type | None, accepts: str) -> dict[str, Any]:
    """The parameters with their types; a refusal for what the package's types or this server do not know.

    `accepts` lists the dotted parameters that the handler acts upon: everything else that is valid at Stripe is
    refused as not implemented, so that nothing is ignored in silence.
    """
    expand = given.get("expand", [])
    if schema is None:
        unknown = sorted(given.keys() - {"expand"})
        if unknown:
            raise _unknown(unknown[0])
        return {"expand": _list(expand, str, "expand")}
    checked = _typed_dict(given, schema, "")
    supported = (*accepts.split(), "expand")
    for path in _leaves(checked):
        if not any(path == known or path.startswith(f"{known}.") for known in supported):
            raise unsupported(f"the parameter {path} here", path)
    checked.setdefault("expand", [])
    return checked


@cache
def _hints(schema: type) -> dict[str, Any]:
    own = dict(schema.__annotations__)
    options = RequestOptions.__annotations__.keys()
    if options <= own.keys():
        own = {name: hint for name, hint in own.items() if name not in options}
    return get_type_hints(type(schema.__name__, (), {"__annotations__": own, "__module__": schema.__module__}))


def _leaves(value: Any, path: str = "") -> list[str]:
    """The dotted paths of the values given; list positions are left out, an empty value is one too."""
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, f"{path}.{key}" if path else key)]
    if isinstance(value, list) and value:
        return [leaf for inner in value for leaf in _leaves(inner, path)]
    return [path] if path else []


def _typed_dict(given: dict[str, Any], schema: type, path: str) -> dict[str, Any]:
    hints = _hints(schema)
    for name in given:
        if name not in hints:
            raise _unknown(_under(path, name))
    required: frozenset[str] = getattr(schema, "__required_keys__", frozenset())
    for name in hints:
        if name in required and name not in given:
            raise missing_param(_under(path, name))
    return {name: _value(value, hints[name], _under(path, name)) for name, value in given.items()}


def _under(path: str, name: str | int) -> str:
    return f"{path}[{name}]" if path else str(name)


def _unknown(path: str) -> StripeRefusal:
    return StripeRefusal(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)


def _value(value: Any, annotation: Any, path: str) -> Any:
    parts = members(annotation)
    enums = [choice for part in parts for choice in literals(part)]
    if value == "":
        return _empty(parts, enums, path)
    if isinstance(value, dict):
        return _object(value, parts, path)
    if isinstance(value, list):
        inner = next((get_args(part) for part in parts if get_origin(part) is list), None)
        if inner is None:
            raise StripeRefusal("Invalid object", param=path)
        return _list(value, inner[0], path)
    return _scalar(value, parts, enums, path)


def _empty(parts: tuple[Any, ...], enums: list[Any], path: str) -> str:
    if "" in enums or (str in parts and path.rstrip("]").rpartition("[")[2] in CLEARABLE):
        return ""
    if "metadata[" in path:
        return ""
    message = (
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value."
    )
    raise StripeRefusal(message, code="parameter_invalid_empty", param=path)


def _object(value: dict[str, Any], parts: tuple[Any, ...], path: str) -> dict[str, Any]:
    for part in parts:
        if get_origin(part) is dict:
            inner = get_args(part)[1]
            return {key: _value(item, inner, _under(path, key)) for key, item in value.items()}
        if isinstance(part, type) and issubclass(part, dict) and hasattr(part, "__required_keys__"):
            return _typed_dict(value, part, path)
    raise StripeRefusal(f"Invalid {_wanted(parts)}", param=path)


def _list(value: Any, inner: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise StripeRefusal("Invalid array", param=path)
    return [_value(item, inner, _under(path, position)) for position, item in enumerate(value)]


def _scalar(value: Any, parts: tuple[Any, ...], enums: list[Any], path: str) -> Any:
    if value in enums:
        return value
    if bool in parts and value in _FALSE_TRUE:
        return _FALSE_TRUE[value]
    number = _number(str(value), parts)
    if number is not None:
        return number
    words = [choice for choice in enums if choice != ""]
    if words and not {int, float, bool} & set(parts):
        raise StripeRefusal(f"Invalid {path}: must be {_either(words)}", param=path)
    if str in parts and not words:
        return str(value)
    raise _invalid(parts, str(value), path)


def _number(value: str, parts: tuple[Any, ...]) -> Any:
    if int in parts and value.removeprefix("-").isdecimal():
        return int(value)
    try:
        if float in parts:
            return float(value)
        if Decimal in parts:
            return str(Decimal(value))
    except (ValueError, InvalidOperation):
        return None
    return None


def _invalid(parts: tuple[Any, ...], value: str, path: str) -> StripeRefusal:
    if int in parts:
        return StripeRefusal(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
    return StripeRefusal(f"Invalid {_wanted(parts)}: {value}", param=path)


def _wanted(parts: tuple[Any, ...]) -> str:
    names = {bool: "boolean", float: "decimal", Decimal: "decimal", str: "string", int: "integer"}
    for part in parts:
        if part in names:
            return names[part]
        if get_origin(part) is list:
            return "array"
    return "object"


def _either(words: list[Any]) -> str:
    if len(words) == 1:
        return str(words[0])
    return f"one of {', '.join(map(str, words[:-1]))}, or {words[-1]}"


def schema(name: str) -> type:
    """A class of `stripe.params`, such as `CustomerCreateParams` or `checkout.SessionCreateParams`."""
    found: Any = stripe.params
    for part in name.split("."):
        found = getattr(found, part)
    assert isinstance(found, type)
    return found
