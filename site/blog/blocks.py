"""What an article is composed of: text, pictures, tables, notes; each with its template in templates/blog/blocks/."""

from typing import Any

from cms.blocks import PROSE, Prose
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

TONES = (("info", _("To know")), ("warning", _("Take care")), ("example", _("Example")))


class Figure(blocks.StructBlock):  # type: ignore[misc]
    """A picture with its description and its caption."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label, icon, template = _("Picture"), "image", "blog/blocks/figure.html"


class Note(blocks.StructBlock):  # type: ignore[misc]
    """A paragraph set apart."""

    tone = blocks.ChoiceBlock(label=_("Kind"), choices=TONES, default="info")
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link", "ul"])

    class Meta:
        label, icon, template = _("Note"), "info-circle", "blog/blocks/note.html"


class Table(blocks.StructBlock):  # type: ignore[misc]
    """A small table typed as text: one line a row, cells parted by a bar, the first line for the headings."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=160)
    rows = blocks.TextBlock(label=_("Rows"), help_text=_("One line a row; cells parted by |; headings first."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        rows = split_rows(cleaned["rows"])
        if len(rows) < 2 or len({len(row) for row in rows}) != 1:
            message = _("A table needs a line of headings, then rows with as many cells.")
            raise blocks.StructBlockValidationError(block_errors={"rows": ValidationError(message)})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        rows = split_rows(value["rows"])
        return {**super().get_context(value, parent_context), "headings": rows[:1], "rows": rows[1:]}

    class Meta:
        label, icon, template = _("Table"), "table", "blog/blocks/table.html"


def split_rows(text: str) -> list[list[str]]:
    """The cells of each line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]


def article_body() -> list[tuple[str, blocks.Block]]:
    """What an article may hold."""
    return [
        ("prose", Prose(features=[*PROSE, "blockquote"])),
        ("figure", Figure()),
        ("table", Table()),
        ("note", Note()),
    ]
