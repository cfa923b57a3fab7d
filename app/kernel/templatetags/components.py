"""The components of the pages (templates/components), each drawn once for what it is given.

A component says what its attributes say around what it holds. So what stands before and after its slots is drawn once
for the same attributes, and a page puts its own texts between. What is kept was drawn without the page's context:
nothing of a workshop or of a person gets into it but by an attribute, which is a part of its key.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.base import Parser, Template, Token
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import IncludeNode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, PreparedAttr, cotton_component
from django_cotton.templatetags._vars import CottonVarsNode
from django_cotton.utils import get_cotton_data

register = template.Library()

#: What stands for a slot in what is kept. PostgreSQL has no text with a NUL; one that a form sends back is not kept.
MARK = "\0"
SLOT_MARKS = re.compile(f"{MARK}(\\w+){MARK}")
Given = tuple[tuple[str, type, Any], ...]


class KeptComponent(CottonComponentNode):
    """`<c-… />`, drawn from what is kept of it where its attributes are texts, whole numbers and truths."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._attributes = [(attribute.key, _reader(attribute)) for attribute in self._prepared_attrs]
        #: Not one that is named when it is drawn, that asks the page, or that was given a form or a picture before.
        self._may_keep = self.component_name != "component" and not any(key == "attrs" for key, _ in self._attributes)

    def render(self, context: Context) -> SafeString:
        found = self._get_cached_template(context, {}) if self._may_keep else None
        self._may_keep = found is not None and _stands_alone(found)
        given = self._given(context) if self._may_keep else None
        if found is None or given is None:
            drawn: SafeString = super().render(context)
            return drawn
        stack = get_cotton_data(context)["stack"]
        slots: dict[str, str] = {}
        stack.append({"key": self.component_name, "attrs": Attrs({}), "slots": slots})
        slots["slot"] = self.nodelist.render(context)
        stack.pop()
        pieces = _draw(found, get_language(), given, tuple([(name, bool(text)) for name, text in slots.items()]))
        if len(pieces) == 1:
            return mark_safe(pieces[0])
        return mark_safe("".join([slots[piece] if rank % 2 else piece for rank, piece in enumerate(pieces)]))

    def _given(self, context: Context) -> Given | None:
        """Its attributes; None where one is no plain value: what it says could change behind its key."""
        given = []
        for key, read in self._attributes:
            try:
                value = read(context)
            except UnprocessableDynamicAttr:
                return None
            if isinstance(value, str):
                if MARK in value:
                    return None
            elif value is not None and not isinstance(value, bool | int):
                self._may_keep = False
                return None
            given.append((key, type(value), value))
        return tuple(given)


def _reader(attribute: PreparedAttr) -> Callable[[Context], Any]:
    """What resolves an attribute, as cotton does; UnprocessableDynamicAttr for what names nothing."""
    kind, value, compiled = attribute.kind, attribute.value, attribute.compiled
    if kind in (AttrKind.DYNAMIC, AttrKind.UNQUOTED):
        return lambda context: compiled.resolve(context)
    if kind is AttrKind.ESCAPED and compiled:
        return lambda context: compiled.nodelist.render(context)
    return lambda _context: True if kind is AttrKind.BOOLEAN else value


@lru_cache(maxsize=4096)  # development loads a changed template anew: another object, another key
def _draw(found: Template, _language: str | None, given: Given, slots: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    """What stands before, between and after the slots; every second piece is the name of one.

    `given` by type too: 1 and True are equal, and so are a text that is marked safe and the same one that is not.
    """
    attrs = Attrs({name: value for name, _type, value in given})
    marks = {name: mark_safe(f"{MARK}{name}{MARK}") if filled else "" for name, filled in slots}
    values: dict[str, Any] = {}
    for node in found.nodelist:
        if isinstance(node, CottonVarsNode):
            values |= node.extract_vars(
                Context(), attrs, {name: mark for name, mark in marks.items() if name != "slot"}
            )
    inside: dict[str, Any] = {"cotton_data": {"stack": [{}]}}  # drawn in a page, whose <c-vars /> are read above
    slot = {"slot": marks.pop("slot")}
    drawn = found.render(Context(values | marks | attrs.make_attrs_accessible() | {"attrs": attrs} | slot | inside))
    return tuple(SLOT_MARKS.split(drawn))


@lru_cache(maxsize=512)
def _stands_alone(found: Template) -> bool:
    """Whether it asks nothing of the page: no token of a form, no other template."""
    asking = (CsrfTokenNode, IncludeNode, CottonComponentNode)
    return not any(found.nodelist.get_nodes_by_type(kind) for kind in asking)


@register.tag
def cotton(parser: Parser, token: Token) -> KeptComponent:
    """What `<c-… />` is read as; with the same syntax as cotton's own."""
    node = cotton_component(parser, token)
    return KeptComponent(node.component_name, node.nodelist, node.attrs, node.only, node.active_library)
