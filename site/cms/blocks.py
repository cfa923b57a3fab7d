"""The sections that editors compose pages of: one template each in templates/cms/blocks/, no style of their own."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

ICONS = (
    ("document-text", _("Document")),
    ("pencil-square", _("Signature")),
    ("check-badge", _("Approval")),
    ("clipboard-document-check", _("Report")),
    ("swatch", _("Powder")),
    ("fire", _("Oven")),
    ("users", _("People")),
    ("lock-closed", _("Lock")),
    ("arrow-down-tray", _("Export")),
    ("device-phone-mobile", _("Telephone")),
    ("clock", _("Clock")),
    ("arrow-path", _("Cycle")),
)
#: Screens of the product, in both themes: assets/images/screens, taken by `python -m devtools.pictures`.
SCREENS = (("day", _("The workshop's day")), ("project", _("A project and its steps")))
PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "code"]


class Item(blocks.StructBlock):  # type: ignore[misc]
    """A title and a sentence or two."""

    title = blocks.CharBlock(label=_("Title"), max_length=90)
    text = blocks.TextBlock(label=_("Text"), max_length=400)


class IconItem(Item):
    """An item with its icon."""

    icon = blocks.ChoiceBlock(label=_("Icon"), choices=ICONS)


class Section(blocks.StructBlock):  # type: ignore[misc]
    """What every section has: a title, an introduction, and whether it stands on the darker ground."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    introduction = blocks.TextBlock(label=_("Introduction"), required=False, max_length=400)
    sunken = blocks.BooleanBlock(label=_("On the darker ground"), required=False)


class Benefits(Section):
    """Three or four tiles with an icon."""

    items = blocks.ListBlock(IconItem(), label=_("Benefits"), min_num=2, max_num=6)

    class Meta:
        label, icon, template = _("Benefits"), "tick", "cms/blocks/benefits.html"


class Reasons(Section):
    """Large numbered statements beside the title."""

    items = blocks.ListBlock(Item(), label=_("Reasons"), min_num=2, max_num=6)

    class Meta:
        label, icon, template = _("Reasons"), "list-ol", "cms/blocks/reasons.html"


class Journey(Section):
    """Steps along the curing curve, the first of them in progress."""

    items = blocks.ListBlock(Item(), label=_("Steps"), min_num=3, max_num=6)

    class Meta:
        label, icon, template = _("How it works"), "order", "cms/blocks/journey.html"


class Palette(Section):
    """The workshop's colours: powders drawn with their finish."""

    class Meta:
        label, icon, template = _("Powders"), "view", "cms/blocks/palette.html"


class Showcase(Section):
    """A real screen of the product."""

    screen = blocks.ChoiceBlock(label=_("Screen"), choices=SCREENS)
    description = blocks.CharBlock(label=_("What the picture shows"), max_length=160)

    class Meta:
        label, icon, template = _("Screen of the product"), "desktop", "cms/blocks/showcase.html"


class Faq(Section):
    """Questions that open and close."""

    items = blocks.ListBlock(Item(), label=_("Questions"), min_num=1)

    class Meta:
        label, icon, template = _("Questions and answers"), "help", "cms/blocks/faq.html"


class TrialCall(blocks.StructBlock):  # type: ignore[misc]
    """The call to try, again."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)

    class Meta:
        label, icon, template = _("Call to try"), "pick", "cms/blocks/trial_call.html"


class Prose(blocks.RichTextBlock):  # type: ignore[misc]
    """Long text."""

    class Meta:
        label, icon, template = _("Text"), "pilcrow", "cms/blocks/prose.html"


def sections() -> list[tuple[str, blocks.Block]]:
    """What a page of the site is composed of."""
    return [
        ("benefits", Benefits()),
        ("reasons", Reasons()),
        ("journey", Journey()),
        ("palette", Palette()),
        ("showcase", Showcase()),
        ("faq", Faq()),
        ("prose", Prose(features=PROSE)),
        ("trial_call", TrialCall()),
    ]


def article() -> list[tuple[str, blocks.Block]]:
    """What a guide or a legal text is composed of."""
    return [("prose", Prose(features=PROSE))]
