"""The options of a long choice, written at once: a template would draw each of hundreds as a page of its own."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def options(rows: Iterable[Any], chosen: str) -> SafeString:
    """An `<option>` for each row, by its key and its words: {% options powders asked.poudre %}."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((row.pk, SafeString(" selected") if str(row.pk) == chosen else "", row) for row in rows),
    )
