"""Tags that the pages use by the dozen, made cheap: what does not depend on the request is worked out once.

`translate` stands in for Django's own, with the same syntax and the same answers. A constant is drawn without any
context, so nothing of a workshop or of a person can get into it.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import Model
from django.template import Context, Engine
from django.template.base import FilterExpression, Node, Parser, Template, TextNode, Token, Variable, token_kwargs
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from heroicons.templatetags.heroicons import heroicon_outline

from .interface import finish_pattern

register = template.Library()

SWATCH_BOXES = {
    "xl": ' preserveAspectRatio="xMidYMid slice" viewBox="0 0 420 140"',
    "lg": ' viewBox="0 0 72 52"',
}


class FixedText(Node):
    """A literal text, translated once for each language."""

    child_nodelists = ()

    def __init__(self, translated: TranslateNode) -> None:
        self.name = translated.asvar
        translated.asvar = None
        self._translated = translated
        self._texts: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        text = self._texts.get(language)
        if text is None:
            text = self._texts[language] = mark_safe(self._translated.render(Context()))
        if self.name:
            context[self.name] = text
            return SafeString()
        return text


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """Django's {% translate %}; a literal without context is looked up once a language."""
    node: TranslateNode = do_translate(parser, token)
    expression = node.filter_expression
    fixed = isinstance(expression.var, Variable) and expression.var.literal is not None and not expression.filters
    return FixedText(node) if fixed and not node.message_context and not node.noop else node


class Constant(Node):
    """A template that reads nothing, drawn once for each language."""

    child_nodelists = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self._drawn: dict[tuple[Any, str | None], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        # Development loads a template anew when its file changes: another object, another key.
        found = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        key = (found, get_language())
        if key not in self._drawn:
            self._drawn = {kept: text for kept, text in self._drawn.items() if kept[0] is found}
            self._drawn[key] = mark_safe(found.render(Context()))
        return self._drawn[key]


@register.tag
def constant(parser: Parser, token: Token) -> Node:
    """A part of a page that is the same for everybody: {% constant "components/defs.html" %}."""
    _, name = token.split_contents()
    return Constant(name.strip("\"'"))


@register.simple_tag
@lru_cache(maxsize=256)
def static(path: str) -> str:
    """The address of a fixed file, as Django's {% static %}: the release names it for as long as a process lives."""
    return staticfiles_storage.url(path)


class Kept(Node):
    """A template drawn of its arguments alone, once for the same ones."""

    child_nodelists = ()

    def __init__(self, name: str, arguments: dict[str, FilterExpression]) -> None:
        self.name = name
        self.arguments = tuple(arguments.items())

    def render(self, context: Context) -> SafeString:
        found = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        values = ((name, _plain(value.resolve(context, ignore_failures=True))) for name, value in self.arguments)
        return _draw_kept(found, get_language(), tuple((name, type(value), value) for name, value in values))


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """A part of many pages: {% kept "shell/side.html" workshop=workshop.name links=navigation %}.

    Its template sees these arguments and nothing else, so that what is kept for some serves only the very same. They
    are texts (anything else becomes the text that it is written as, escaped where it is drawn), truths, frozen
    dataclasses (of amounts, too), or tuples of texts or of these.
    """
    _, name, *bits = token.split_contents()
    return Kept(name.strip("\"'"), token_kwargs(bits, parser))


class Exact:
    """A frozen dataclass, equal to what is written as it is: the amounts 1 and 1.00 are equal, and not shown alike."""

    __slots__ = ("text", "value")

    def __init__(self, value: object) -> None:
        self.value = value
        self.text = repr(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exact) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def _plain(value: Any) -> str | bool | Exact | tuple[Any, ...]:
    if isinstance(value, bool):
        return value
    if is_dataclass(value):
        return Exact(value)
    if isinstance(value, list | tuple):
        return tuple(item if is_dataclass(item) else _text(item) for item in value)
    return "" if value is None else _text(value)


def _text(value: object) -> str:
    """The text of anything; str() would leave one that was marked safe as it is, this makes it a plain one."""
    return "".join([str(value)])


def draw_kept(name: str, /, **given: Hashable) -> SafeString:
    """A row that a list draws by the dozen, of the template `name` and these arguments alone, once for the same ones.

    They are whole numbers, dates, truths, texts, and tuples of these; a text that is marked safe stays so. A Decimal
    goes in as the text that it is shown as: 1 and 1.00 are equal. A moment goes in as it is on the reader's clock: two
    clocks tell equal ones. TypeError for what is none of these, and for a row, which stays equal when it changes.
    """
    found: Any = Engine.get_default().get_template(name)
    return _draw_kept(found, get_language(), tuple([(name, type(value), value) for name, value in given.items()]))


@lru_cache(maxsize=4096)  # a few kB each; development loads a changed template anew: another object, another key
def _draw_kept(template: Template, _language: str | None, given: tuple[tuple[str, type, Any], ...]) -> SafeString:
    # By their type too: 1 and True are equal, and so are a text that is marked safe and the same one that is not.
    for name, _type, value in given:
        if not _is_plain(value):
            raise TypeError(f"{template.name}: {name} may change behind what is kept of it")
    shown = {name: value.value if isinstance(value, Exact) else value for name, _type, value in given}
    return mark_safe(template.render(Context(shown)))


def _is_plain(value: object, *, exact: bool = False) -> bool:
    """Whether a value stays as it is for good; an amount only where it stands for itself as it is written."""
    if isinstance(value, Exact):
        return _is_plain(value.value, exact=True)
    if isinstance(value, tuple):
        return all(_is_plain(one, exact=exact) for one in value)
    if is_dataclass(value):
        return all(_is_plain(getattr(value, one.name), exact=exact) for one in fields(value))
    if isinstance(value, datetime) and value.tzinfo:
        return False
    return value is None or isinstance(value, str | int | date | Promise) or (exact and isinstance(value, Decimal))


class Icon(Node):
    child_nodelists = ()

    def __init__(self, arguments: list[Any]) -> None:
        self.arguments = arguments

    def render(self, context: Context) -> SafeString:
        return draw_icon(*[str(argument.resolve(context)) for argument in self.arguments])


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """An icon, hidden from screen readers: {% icon "home" %}, {% icon item.icon "icon-lg" %}."""
    arguments = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    fixed = all(isinstance(argument.var, str) and not argument.filters for argument in arguments)
    return TextNode(draw_icon(*[argument.var for argument in arguments])) if fixed else Icon(arguments)


@lru_cache(maxsize=512)
def draw_icon(name: str, classes: str = "") -> SafeString:
    """The SVG of an icon, drawn once for the process; the name must be one of heroicons'."""
    attributes: dict[str, Any] = {"class": f"icon {classes}".strip(), "aria_hidden": "true"}
    return mark_safe(heroicon_outline(name, **attributes))


@register.filter
def choice(row: Model, field: str) -> str:
    """The label of a field, as row.get_…_display() at a fifth of the cost: {{ row|choice:"type" }}."""
    value = getattr(row, field)
    return str(_labels(type(row), field).get(value, value))


@lru_cache(maxsize=256)
def _labels(model: type[Model], field: str) -> dict[Any, Any]:
    found: Any = model._meta.get_field(field)
    return dict(found.flatchoices)


@register.simple_tag
def swatch(colour: str, finish: str = "", label: str = "", size: str = "") -> SafeString:
    """The drawing of a colour and its finish; <c-swatch> explains the arguments."""
    return _draw_swatch(str(colour or ""), str(finish or "").lower(), str(label or ""), str(size or ""))


@lru_cache(maxsize=2048)
def _draw_swatch(colour: str, finish: str, label: str, size: str) -> SafeString:
    pattern = finish_pattern(finish)
    layers = [colour or "url(#finish-unknown)", "url(#finish-metal-sheen)" if pattern == "metal" else ""]
    layers.append(f"url(#finish-{pattern})" if pattern else "")
    layer = '<rect width="100%" height="100%" fill="{}" />'
    return format_html(
        '<svg class="swatch{}"{} {}>{}<rect class="swatch-edge" width="100%" height="100%" fill="none" stroke-width="2"'
        ' rx="6" vector-effect="non-scaling-stroke" /></svg>',
        f" swatch-{size}" if size else "",
        mark_safe(SWATCH_BOXES.get(size, ' viewBox="0 0 34 24"')),
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        format_html_join("", layer, ((fill,) for fill in layers if fill)),
    )


@register.simple_tag
def pill(tone: str, text: object) -> SafeString:
    """What <c-pill tone="ok">text</c-pill> draws, for the rows of a list: {% pill "ok" text %}."""
    return _draw_pill(tone, str(text))


@lru_cache(maxsize=512)
def _draw_pill(tone: str, text: str) -> SafeString:
    # Escaped even when it was marked safe: what is kept for one text serves every equal one.
    return format_html('<span class="pill pill-{}">{}</span>', tone, escape(text))


@register.simple_tag
@lru_cache(maxsize=4096, typed=True)  # a text that is marked safe is another argument than the same one that is not
def powder(name: str, href: str, colour: str, finish: str, *notes: str) -> SafeString:
    """What <c-powder … /> draws, called as it is by the rows of a list; the notes are put together."""
    note = format_html_join(" ", "{}", ((text,) for text in notes if text))
    return format_html(
        '<span class="powder">{}<span class="powder-text">{}{}</span></span>',
        swatch(colour, finish),
        format_html('<a class="row-link" href="{}">{}</a>', href, name)
        if href
        else format_html("<span>{}</span>", name),
        format_html("<small>{}</small>", note) if note else "",
    )


@register.simple_tag
def options(choices: Iterable[Any], chosen: object = "") -> SafeString:
    """The lines of a filter's list: {% options statuses asked.statut %}.

    A choice is a pair (value, label), or a text that is both; one without value is left out. Values are compared as
    texts, so that a number is found again in an address.
    """
    wanted = str(chosen or "")
    lines = _draw_options(choices) if isinstance(choices, tuple) else tuple(_lines(choices))
    return mark_safe("".join(f"{start}{' selected' if value == wanted else ''}{rest}" for value, start, rest in lines))


def _lines(choices: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    """The value of each choice, its line as far as where "selected" stands, and the rest."""
    for choice in choices:
        value, label = choice if isinstance(choice, tuple) else (choice, choice)
        if value not in ("", None):
            yield str(value), f'<option value="{escape(value)}"', f">{escape(label)}</option>"


@lru_cache(maxsize=256)  # the same hundreds of powders on each page
def _draw_options(choices: tuple[Any, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple(_lines(choices))


@register.simple_tag
def filter_list(name: str, label: str, choices: Iterable[Any], chosen: object = "", every: str = "") -> SafeString:
    """A list to filter by, sent once chosen from: {% filter_list "statut" status_label statuses asked.statut all %}.

    `every` is the words of the line that filters nothing.
    """
    before, after = _draw_filter(name, label, every, get_language())
    return mark_safe(f"{before}{options(choices, chosen)}{after}")


@lru_cache(maxsize=512)
def _draw_filter(name: str, label: str, every: str, _language: str | None) -> tuple[str, str]:
    """What stands before and after the lines."""
    here = "\0"
    drawn = draw_kept("components/filter_list.html", name=name, label=_text(label), every=_text(every), options=here)
    before, after = drawn.split(here)
    return before, after


@register.filter(expects_localtime=True)
def day(moment: date | None, shape: str = "j N Y") -> str:
    """`20 nov. 2026`, as |date:"j N Y" or another shape of days; empty for None. Lists are full of them: each once."""
    if moment is None or moment == "":
        return ""
    return _written_day(moment.year, moment.month, moment.day, shape, get_language())


@lru_cache(maxsize=2048)
def _written_day(year: int, month: int, number: int, shape: str, language: str | None) -> str:
    return dateformat.format(date(year, month, number), shape)


@register.filter(expects_localtime=True)
def moment(at: datetime | None) -> str:
    """`20 nov. 2026, 14:05`, as |date:"j N Y, H:i"; empty for None."""
    if at is None or at == "":
        return ""
    return _written_moment(at.year, at.month, at.day, at.hour, at.minute, get_language())


@lru_cache(maxsize=4096)
def _written_moment(year: int, month: int, number: int, hour: int, minute: int, _language: str | None) -> str:
    return dateformat.format(datetime(year, month, number, hour, minute), "j N Y, H:i")  # noqa: DTZ001  local already


@register.simple_tag
def nav_link(item: Any) -> SafeString:
    """A line of a navigation: address, icon, label, whether it is the page on screen, how many wait there."""
    current = mark_safe(' aria-current="page"') if item.current else ""
    badge = format_html('<span class="nav-badge">{}</span>', item.badge) if item.badge else ""
    line = '<a href="{}"{}>{}<span>{}</span>{}</a>'
    return format_html(line, item.url, current, draw_icon(item.icon), item.label, badge)
