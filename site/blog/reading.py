"""Reading an article: how long it takes, and the headings that one may jump to."""

import html
import re
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.text import slugify

WORDS_A_MINUTE = 220
#: Under this many headings a table of contents says nothing that the page does not show.
LEAST_HEADINGS = 3
HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<title>.*?)</h2>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading and the anchor that leads to it."""

    anchor: str
    title: str


def reading_minutes(text: str) -> int:
    """Whole minutes to read a text or its HTML, at least one."""
    words = len(html.unescape(strip_tags(text.replace("<", " <"))).split())
    return max(1, round(words / WORDS_A_MINUTE))


def with_anchors(page_html: str) -> tuple[str, list[Heading]]:
    """The HTML with an id on each heading, and the list of them; two equal titles get two anchors."""
    found: list[Heading] = []

    def anchor(match: re.Match[str]) -> str:
        title = html.unescape(strip_tags(match["title"])).strip()
        base = slugify(title) or "partie"
        taken = sum(1 for heading in found if re.fullmatch(rf"{re.escape(base)}(-\d+)?", heading.anchor))
        heading = Heading(f"{base}-{taken + 1}" if taken else base, title)
        found.append(heading)
        return f'<h2 id="{heading.anchor}"{re.sub(r" id=.[^ >]*", "", match["attributes"])}>{match["title"]}</h2>'

    return HEADING.sub(anchor, page_html), found
