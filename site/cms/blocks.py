"""The sections that editors compose pages of: one template each in templates/cms/blocks/, no style of their own.

Prices, plans, counts and stories are never typed in a block: they are asked for where they live when the page is shown.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from .screens import choices as screen_choices

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
    ("calculator", _("Calculation")),
    ("queue-list", _("Steps")),
    ("envelope", _("Message")),
    ("chart-bar", _("Figures")),
)
PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "code"]
FROM_CATALOGUE = _("Names, prices and limits come from the catalogue of plans at each visit: none can be typed here.")
EXAMPLE = {"title": "Une journée d’atelier", "introduction": "Du premier appel au départ des pièces."}
EXAMPLE_ITEMS = [
    {"icon": "document-text", "title": "Le devis se fait devant le client", "text": "Le prix suit ce que vous tapez."},
    {"icon": "pencil-square", "title": "Il signe sur son téléphone", "text": "Un lien, le document, un doigt."},
    {"icon": "fire", "title": "Chaque pièce est à son étape", "text": "L’opérateur valide, le bureau voit."},
]


class Item(blocks.StructBlock):  # type: ignore[misc]
    """A title and a sentence or two."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), max_length=600)


class IconItem(Item):
    """An item with its icon."""

    icon = blocks.ChoiceBlock(label=_("Icon"), choices=ICONS)


class Section(blocks.StructBlock):  # type: ignore[misc]
    """What every section has: a title, an introduction, and whether it stands on the darker ground."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    introduction = blocks.TextBlock(label=_("Introduction"), required=False, max_length=400)
    sunken = blocks.BooleanBlock(label=_("On the darker ground"), required=False)

    class Meta:
        preview_value = EXAMPLE


class Benefits(Section):
    """Three or four tiles with an icon."""

    items = blocks.ListBlock(IconItem(), label=_("Benefits"), min_num=2, max_num=9)

    class Meta:
        label, icon, template = _("Benefits"), "check", "cms/blocks/benefits.html"
        description = _("Tiles with an icon.")
        preview_value = {**EXAMPLE, "items": EXAMPLE_ITEMS}


class Reasons(Section):
    """Large numbered statements beside the title."""

    items = blocks.ListBlock(Item(), label=_("Reasons"), min_num=2, max_num=6)

    class Meta:
        label, icon, template = _("Reasons"), "list-ol", "cms/blocks/reasons.html"
        description = _("Large numbered statements beside the title.")
        preview_value = {**EXAMPLE, "items": EXAMPLE_ITEMS}


class Journey(Section):
    """Steps along the curing curve, the first of them in progress."""

    items = blocks.ListBlock(Item(), label=_("Steps"), min_num=3, max_num=6)

    class Meta:
        label, icon, template = _("How it works"), "order", "cms/blocks/journey.html"
        description = _("Three to six steps, one after the other.")
        preview_value = {**EXAMPLE, "items": EXAMPLE_ITEMS}


class Palette(Section):
    """The workshop's colours: powders drawn with their finish."""

    class Meta:
        label, icon, template = _("Powders"), "view", "cms/blocks/palette.html"
        description = _("Colours of the RAL chart with their finish.")
        preview_value = EXAMPLE


class Showcase(Section):
    """A real screen of the product."""

    screen = blocks.ChoiceBlock(label=_("Screen"), choices=screen_choices)
    description = blocks.CharBlock(label=_("What the picture shows"), max_length=160)

    class Meta:
        label, icon, template = _("Screen of the product"), "desktop", "cms/blocks/showcase.html"
        description = _("One wide picture of the product.")
        preview_value = {**EXAMPLE, "screen": "day", "description": "L’accueil de l’atelier"}


class Feature(blocks.StructBlock):  # type: ignore[misc]
    """A function: what it is, what it does in a few points, the screen where it happens."""

    icon = blocks.ChoiceBlock(label=_("Icon"), choices=ICONS)
    title = blocks.CharBlock(label=_("Title"), max_length=90)
    text = blocks.TextBlock(label=_("Text"), max_length=500)
    points = blocks.ListBlock(blocks.CharBlock(max_length=140), label=_("In a few points"), max_num=7, default=[])
    screen = blocks.ChoiceBlock(label=_("Screen"), choices=screen_choices, required=False)
    description = blocks.CharBlock(label=_("What the picture shows"), max_length=160, required=False)
    anchor = blocks.RegexBlock(
        regex=r"^[a-z0-9-]{1,40}\Z",
        label=_("Anchor"),
        required=False,
        help_text=_("Small letters and hyphens: links to the page may end by # and this word."),
    )

    class Meta:
        label, icon, template = _("Function with its screen"), "image", "cms/blocks/feature.html"
        description = _("A function, its points and the screen where it happens; sides alternate.")
        preview_value = {**EXAMPLE_ITEMS[0], "points": ["Surface", "Consommation", "Prix"], "screen": "quote",
                         "description": "Un devis en cours"}  # fmt: skip


class Plans(Section):
    """The plans on sale, from the catalogue."""

    class Meta:
        label, icon, template, help_text = _("Plans and prices"), "tag", "cms/blocks/plans.html", FROM_CATALOGUE
        description = _("A card for each plan on sale, at today's prices.")
        preview_value = {"title": "Les formules"}


class Comparison(Section):
    """The plans compared, from the catalogue."""

    class Meta:
        label, icon, help_text = _("Comparison of the plans"), "table", FROM_CATALOGUE
        template = "cms/blocks/comparison.html"
        description = _("What each plan holds, line by line.")
        preview_value = {"title": "Comparez les formules"}


class Uptime(Section):
    """The uptime that each plan guarantees, from the catalogue."""

    class Meta:
        label, icon, template, help_text = _("Guaranteed uptime"), "time", "cms/blocks/uptime.html", FROM_CATALOGUE
        description = _("The uptime that each plan guarantees.")
        preview_value = {"title": "Disponibilité garantie"}


class Faq(Section):
    """Questions that open and close."""

    items = blocks.ListBlock(Item(), label=_("Questions"), default=[])
    shared = SnippetChooserBlock("cms.FaqSet", label=_("And those of a set"), required=False)

    class Meta:
        label, icon, template = _("Questions and answers"), "help", "cms/blocks/faq.html"
        description = _("Questions that open and close; a set can be shared by several pages.")
        preview_value = {**EXAMPLE, "items": EXAMPLE_ITEMS}


class TrialCall(blocks.StructBlock):  # type: ignore[misc]
    """The call to try, again."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)

    class Meta:
        label, icon, template = _("Call to try"), "pick", "cms/blocks/trial_call.html"
        description = _("The call to try; its days are those of the publisher's settings.")
        preview_value = {"title": "Essayez avec vos vrais devis", "text": "Sans carte bancaire."}


class SharedCall(SnippetChooserBlock):  # type: ignore[misc]
    """A call to try that several pages share."""

    class Meta:
        label, icon, template = _("Reusable call"), "snippet", "cms/blocks/trial_call.html"
        description = _("A call that several pages show: changed once, changed everywhere.")


class Stories(Section):
    """The stories of customers who agreed to tell them; nothing at all until there is one."""

    most = blocks.IntegerBlock(label=_("How many at most"), min_value=1, max_value=12, default=3)

    class Meta:
        label, icon, template = _("Stories of customers"), "openquote", "cms/blocks/stories.html"
        description = _("Stories whose customer has agreed in writing; hidden while there is none.")


class Logos(Section):
    """The logos of customers who allow it; nothing at all until there is one."""

    class Meta:
        label, icon, template = _("Logos of customers"), "group", "cms/blocks/logos.html"
        description = _("Logos whose owner allows it; hidden while there is none.")


class Figure(blocks.StructBlock):  # type: ignore[misc]
    """A count made when the page is shown, hidden below a threshold."""

    count = blocks.ChoiceBlock(
        label=_("What is counted"),
        choices=[("workshops", _("Workshops")), ("this_week", _("Workshops opened in the last seven days"))],
    )
    threshold = blocks.IntegerBlock(label=_("Shown from"), min_value=2, default=10)
    label = blocks.CharBlock(label=_("Words under the figure"), max_length=80)


class Figures(Section):
    """Real counts; none can be typed, and the section is hidden while none reaches its threshold."""

    items = blocks.ListBlock(Figure(), label=_("Figures"), min_num=1, max_num=4)

    class Meta:
        label, icon, template = _("Figures"), "decimal", "cms/blocks/figures.html"
        help_text = _("Figures are counted when the page is shown; none can be typed.")
        description = _("Real counts, hidden below a threshold.")


class Picture(blocks.StructBlock):  # type: ignore[misc]
    """A picture that an editor has uploaded, cropped around its focal point."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label, icon, template = _("Picture"), "image", "cms/blocks/picture.html"
        description = _("A picture in modern formats and in the size of the screen.")


class Prose(blocks.RichTextBlock):  # type: ignore[misc]
    """Long text."""

    class Meta:
        label, icon, template = _("Text"), "pilcrow", "cms/blocks/prose.html"
        description = _("Titles, paragraphs, lists and links.")
        preview_value = "<h2>Un titre</h2><p>Un paragraphe, <b>un mot important</b>.</p>"


class Passage(blocks.StructBlock):  # type: ignore[misc]
    """Long text as a section of a page of sections."""

    text = Prose(label=_("Text"), features=PROSE)
    sunken = blocks.BooleanBlock(label=_("On the darker ground"), required=False)

    class Meta:
        label, icon, template = _("Section of text"), "pilcrow", "cms/blocks/passage.html"
        description = _("Titles, paragraphs, lists and links.")
        preview_value = {"text": Prose._meta_class.preview_value}


def sections() -> list[tuple[str, blocks.Block]]:
    """What a page of the site is composed of."""
    return [
        ("benefits", Benefits()),
        ("feature", Feature()),
        ("reasons", Reasons()),
        ("journey", Journey()),
        ("showcase", Showcase()),
        ("plans", Plans()),
        ("comparison", Comparison()),
        ("uptime", Uptime()),
        ("stories", Stories()),
        ("logos", Logos()),
        ("figures", Figures()),
        ("palette", Palette()),
        ("faq", Faq()),
        ("passage", Passage()),
        ("picture", Picture()),
        ("prose", Prose(features=PROSE)),
        ("trial_call", TrialCall()),
        ("shared_call", SharedCall("cms.Call")),
    ]


def article() -> list[tuple[str, blocks.Block]]:
    """What a guide or a legal text is composed of."""
    return [("prose", Prose(features=PROSE))]
