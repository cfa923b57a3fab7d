"""What the installed stripe package says of its resources: every class, every field, its type."""

import importlib
import inspect
import pkgutil
from functools import cache
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe

#: Names under which the package imports a class when the short one is taken.
_ALIASES = {"CardResource": "Card", "TaxIdResource": "TaxId"}


@cache
def classes() -> dict[str, type[stripe.StripeObject]]:
    """The v1 resource classes by name; those of a sub-package as `checkout.Session`."""
    found: dict[str, type[stripe.StripeObject]] = {}
    for module in pkgutil.walk_packages(stripe.__path__, "stripe."):
        if module.name.startswith(("stripe.v2", "stripe.params")) or module.name.endswith("_service"):
            continue
        loaded = importlib.import_module(module.name)
        package = module.name.removeprefix("stripe.").rpartition(".")[0]
        for name, value in vars(loaded).items():
            if isinstance(value, type) and issubclass(value, stripe.StripeObject) and value.__module__ == module.name:
                found[f"{package}.{name}" if package else name] = value
    return found


@cache
def resources() -> dict[str, type[stripe.StripeObject]]:
    """The resource classes by the value of their `object` field."""
    return {str(cls.__dict__["OBJECT_NAME"]): cls for cls in classes().values() if "OBJECT_NAME" in cls.__dict__}


@cache
def fields(cls: type) -> dict[str, Any]:
    """The documented fields of a resource class or of one of its inner classes, with their annotation."""
    return {
        name: annotation
        for name, annotation in inspect.get_annotations(cls).items()
        if not name.startswith("_") and name != "OBJECT_NAME"
    }


def members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, or the annotation alone."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(inner for part in get_args(annotation) for inner in members(part))
    return (annotation,)


def is_optional(annotation: Any) -> bool:
    """Whether None is one of the alternatives."""
    return NoneType in members(annotation)


def resource_of(part: Any) -> type | None:
    """The class that a type or a forward reference names, when it is one of Stripe's objects."""
    if isinstance(part, ForwardRef | str):
        name = part if isinstance(part, str) else part.__forward_arg__
        name = _ALIASES.get(name, name)
        choices = [found for full, found in classes().items() if full.rpartition(".")[2] == name]
        return min(choices, key=lambda found: found.__module__.count(".")) if choices else None
    if isinstance(part, type) and issubclass(part, stripe.StripeObject):
        return part
    return None


def literals(part: Any) -> tuple[Any, ...]:
    """The values of a Literal, else nothing."""
    return get_args(part) if get_origin(part) is Literal else ()
