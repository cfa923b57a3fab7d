"""Stripe's form encoding: `items[0][price]=price_1&metadata[a]=b` to nested values of text."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import StripeRefusal

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")


def decode(encoded: str) -> dict[str, Any]:
    """The parameters of a body or a query: dicts, lists and text only; types come with the validation."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        _put(tree, name, value)
    listed = _lists(tree)
    assert isinstance(listed, dict)
    return listed


def _put(tree: dict[str, Any], name: str, value: str) -> None:
    found = _KEY.match(name)
    if not found:
        raise StripeRefusal(f"Invalid parameter name: {name}", code="parameter_unknown", param=name)
    keys = [found[1], *_PART.findall(found[2])]
    node = tree
    for key in keys[:-1]:
        child = node.setdefault(_position(node, key), {})
        if not isinstance(child, dict):
            raise StripeRefusal(f"Invalid object: {name}", param=name)
        node = child
    node[_position(node, keys[-1])] = value


def _position(node: dict[str, Any], key: str) -> str:
    """`a[]=x` appends; any other key is itself."""
    return key or str(len(node))


def _lists(node: Any, *, top: bool = True) -> Any:
    """Dicts whose keys are all numbers become lists, in the order of the numbers."""
    if not isinstance(node, dict):
        return node
    inner = {key: _lists(value, top=False) for key, value in node.items()}
    if not top and inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
