"""A kind of message, its values and its language turned into a subject, a text and an HTML page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import mrml
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from app.notify.kinds import EmailKind

VARIABLE = re.compile(r"\{(\w+)\}")
DEFAULT_ACCENT = "#c2410c"
PRODUCT = "ThermoGestion"
MAX_SUBJECT = 250
#: Characters that no page may hold (XML 1.0), which come with text copied from documents and spreadsheets.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
URL_ALONE = re.compile(r"^https?://\S+$")


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text with their variables not yet replaced."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose name and colour the message bears."""

    name: str = PRODUCT
    accent: str = DEFAULT_ACCENT
    footer: str = ""


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A message ready for the outbox."""

    subject: str
    text: str
    html: str


def default_words(kind: EmailKind, language: str) -> Words:
    """The product's own words for a kind, in a language."""
    with translation.override(language):
        return Words(str(kind.subject), str(kind.body))


def render_email(
    kind: EmailKind, values: Mapping[str, str], *, words: Words, brand: Brand, language: str
) -> RenderedEmail:
    """Fill the variables (escaped in the HTML) and lay the message out. Raises KeyError for a missing value."""
    with translation.override(language):
        button = str(kind.button)
        return lay_out(
            subject=_fill(words.subject, values),
            # A paragraph that is one empty variable is no paragraph.
            paragraphs=[text for part in split_paragraphs(words.body) if (text := _fill(part, values))],
            button=button,
            link=values["lien"] if button else "",
            brand=brand,
        )


def render_plain(subject: str, text: str) -> RenderedEmail:
    """Lay out a text that was written elsewhere; an address alone on its line becomes the button."""
    paragraphs = split_paragraphs(text)
    links = [paragraph for paragraph in paragraphs if URL_ALONE.match(paragraph)]
    link = links[0] if len(links) == 1 else ""
    kept = [paragraph for paragraph in paragraphs if paragraph != link]
    rendered = lay_out(
        subject=subject,
        paragraphs=kept,
        button=translation.gettext("Continue") if link else "",
        link=link,
        brand=Brand(),
    )
    return RenderedEmail(rendered.subject, text, rendered.html)


def lay_out(*, subject: str, paragraphs: list[str], button: str, link: str, brand: Brand) -> RenderedEmail:
    """The one layout of every message: MJML for mail programs, and the same words as plain text."""
    subject = on_one_line(subject)
    context = {
        "subject": subject,
        "paragraphs": [_html(paragraph) for paragraph in paragraphs],
        "preview": paragraphs[1] if len(paragraphs) > 1 else subject,
        "button": button,
        "link": link,
        "brand": brand,
        "language": translation.get_language(),
    }
    page = printable(render_to_string("emails/message.mjml", context))
    html = mrml.to_html(page).content
    parts = [*paragraphs, *([f"{button} : {link}"] if button else []), "--\n" + (brand.footer or brand.name)]
    return RenderedEmail(subject, printable("\n\n".join(parts)) + "\n", html)


def on_one_line(subject: str) -> str:
    """A subject that a mail and its row in the outbox can bear."""
    return " ".join(printable(subject).split())[:MAX_SUBJECT]


def printable(text: str) -> str:
    """The text with a space for each character that no page may hold."""
    return UNPRINTABLE.sub(" ", text)


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs are separated by blank lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def unknown_variables(text: str, kind: EmailKind) -> list[str]:
    """The names between braces that this kind does not know, and braces that are left open."""
    names = [name for name in VARIABLE.findall(text) if name not in kind.variables]
    rest = VARIABLE.sub("", text)
    return list(dict.fromkeys(names + [brace for brace in "{}" if brace in rest]))


def hide_links(content: str) -> str:
    """The same content with the addresses of the product cut to their host: they may open a session."""
    return re.sub(rf"{re.escape(settings.BASE_URL)}/[^\s\"'<]*", f"{settings.BASE_URL}/…", content)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda match: str(values[match[1]]), text)


def _html(paragraph: str) -> SafeString:
    return mark_safe(escape(paragraph).replace("\n", "<br />"))
