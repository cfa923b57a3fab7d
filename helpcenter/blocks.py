"""What a guide is composed of; each block has a template in templates/helpcenter/blocks/."""

from collections.abc import Iterable
from typing import Any

from cms.blocks import PROSE, Prose
from cms.screens import choices
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

#: Hosts that a film is framed from, once the reader has asked for it.
HOSTS = {"youtube": "https://www.youtube-nocookie.com", "vimeo": "https://player.vimeo.com"}
ADDRESSES = {"youtube": "{host}/embed/{key}?cc_load_policy=1", "vimeo": "{host}/video/{key}?dnt=1"}


class Screen(blocks.StructBlock):  # type: ignore[misc]
    """A real screen of the product."""

    screen = blocks.ChoiceBlock(label=_("Screen"), choices=choices)
    description = blocks.CharBlock(label=_("What the picture shows"), max_length=200)

    class Meta:
        label, icon, template = _("Screen of the product"), "desktop", "helpcenter/blocks/screen.html"


class Picture(blocks.StructBlock):  # type: ignore[misc]
    """A picture of the editor's."""

    image = ImageChooserBlock(label=_("Picture"))
    description = blocks.CharBlock(label=_("What the picture shows"), max_length=200)

    class Meta:
        label, icon, template = _("Picture"), "image", "helpcenter/blocks/picture.html"


class Film(blocks.StructBlock):  # type: ignore[misc]
    """A film kept by YouTube or Vimeo: nothing of it is fetched before the reader asks."""

    host = blocks.ChoiceBlock(label=_("Kept by"), choices=(("youtube", "YouTube"), ("vimeo", "Vimeo")))
    key = blocks.RegexBlock(label=_("Identifier"), regex=r"^[\w-]{5,20}$", help_text=_("The last part of its address."))
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    minutes = blocks.IntegerBlock(label=_("Length, in minutes"), min_value=1, max_value=120)
    transcript = blocks.TextBlock(
        label=_("What is said and shown"), help_text=_("For those who cannot see or hear it; captions are compulsory.")
    )

    class Meta:
        label, icon, template = _("Film"), "media", "helpcenter/blocks/film.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        address = ADDRESSES[value["host"]].format(host=HOSTS[value["host"]], key=value["key"])
        return {**super().get_context(value, parent_context=parent_context), "address": address}


def guide_blocks() -> list[tuple[str, blocks.Block]]:
    """What a guide is composed of."""
    return [("prose", Prose(features=PROSE)), ("screen", Screen()), ("picture", Picture()), ("film", Film())]


def film_hosts(body: Iterable[Any]) -> list[str]:
    """The hosts that the films of this text are framed from."""
    return sorted({HOSTS[block.value["host"]] for block in body if block.block_type == "film"})


def text_of(body: Iterable[Any]) -> str:
    """Every word of a text, for the search."""
    return " ".join(word for block in body for word in block.block.get_searchable_content(block.value))
