"""What the templates of form fields (templates/django/forms/widgets) draw in one call, where Django's own include a
template for each line of a list and for the attributes of each line.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def attributes(given: Mapping[str, object]) -> SafeString:
    """` name="value"` for each attribute of a widget; one that is True has no value, one that is False is left out."""
    return mark_safe("".join(_attribute(name, value) for name, value in given.items() if value is not False))


def _attribute(name: str, value: object) -> str:
    name = escape(name)
    return f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'


@register.simple_tag
def option_lines(groups: Iterable[tuple[str | None, Iterable[Mapping[str, Any]], int]]) -> SafeString:
    """The lines of a list to choose from, of the `optgroups` of its widget."""
    return mark_safe("".join(_lines(groups)))


def _lines(groups: Iterable[tuple[str | None, Iterable[Mapping[str, Any]], int]]) -> Iterator[str]:
    for label, options, _rank in groups:
        if label:
            yield f'<optgroup label="{conditional_escape(label)}">'
        for option in options:
            value, text = conditional_escape(str(option["value"])), conditional_escape(option["label"])
            yield f'<option value="{value}"{attributes(option["attrs"])}>{text}</option>'
        if label:
            yield "</optgroup>"
