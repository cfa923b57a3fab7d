"""The values of the publisher in the legal texts: `{company}` in the words, the company on the page."""

import re
from collections.abc import Iterator
from typing import Any

from cms.models import PublisherSettings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TOKEN = re.compile(r"\{(" + "|".join(PublisherSettings.VALUES) + r")\}")


def named_values(page: Any) -> set[str]:
    """The names of the values that a legal page shows: those of its words, all of them when it names the publisher."""
    if page.names_publisher:
        return set(PublisherSettings.VALUES)
    return {name for text in _texts(page.body) for name in TOKEN.findall(text)}


def missing_values(page: Any, publisher: PublisherSettings) -> list[str]:
    """The labels of the values that the page shows and that nobody has given yet."""
    return publisher.missing_among(named_values(page))


def with_values(html: str, publisher: PublisherSettings) -> SafeString:
    """The words with the publisher's values; one that is missing is shown as such and never invented."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        given = getattr(publisher, name)
        return (
            escape(given) if given else format_html("<mark>[{} : {}]</mark>", publisher.label(name), _("to be given"))
        )

    return mark_safe(TOKEN.sub(value, html))


def _texts(body: Any) -> Iterator[str]:
    for block in body:
        if block.block_type == "prose":
            yield block.value.source
