"""States of a quote and what may follow each; kinds of lines and shapes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuoteStatus(models.TextChoices):
    DRAFT = "brouillon", _("Draft")
    SENT = "envoyé", _("Sent")
    ACCEPTED = "accepté", _("Accepted")
    REFUSED = "refusé", _("Refused")


#: A sent quote goes back to a draft only as a new version.
TRANSITIONS: dict[str, frozenset[str]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT}),
    QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.REFUSED}),
    QuoteStatus.ACCEPTED: frozenset(),
    QuoteStatus.REFUSED: frozenset(),
}


class LineKind(models.TextChoices):
    JOB = "job", _("Coating")
    ITEM = "item", _("Fixed price")


class Shape(models.TextChoices):
    SURFACE = "surface", _("Surface")
    PLATE = "plate", _("Plate, two faces")
    PLATE_ONE_FACE = "plate_one_face", _("Plate, one face")
    ROUND_TUBE = "round_tube", _("Round tube or bar")
    SQUARE_TUBE = "square_tube", _("Square tube or bar")
    BOX = "box", _("Closed box")


#: The dimensions, in millimetres, that each shape is measured by.
DIMENSIONS: dict[str, tuple[str, ...]] = {
    Shape.SURFACE: (),
    Shape.PLATE: ("length_mm", "width_mm"),
    Shape.PLATE_ONE_FACE: ("length_mm", "width_mm"),
    Shape.ROUND_TUBE: ("width_mm", "length_mm"),
    Shape.SQUARE_TUBE: ("width_mm", "height_mm", "length_mm"),
    Shape.BOX: ("length_mm", "width_mm", "height_mm"),
}

COATS = [(1, "1"), (2, "2"), (3, "3")]
QUOTE_SERIES = "quote"
DRAFT_LINES_MOST = 100
