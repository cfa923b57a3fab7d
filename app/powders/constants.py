"""What a powder is made of and how it looks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PowderType(models.TextChoices):
    """The resin; it decides where the part may stand and how it cures."""

    POLYESTER = "polyester", _("Polyester")
    SUPER_DURABLE = "super_durable", _("Super-durable polyester")
    EPOXY = "epoxy", _("Epoxy")
    HYBRID = "hybrid", _("Epoxy-polyester (hybrid)")
    POLYURETHANE = "polyurethane", _("Polyurethane")
    ACRYLIC = "acrylic", _("Acrylic")
    PRIMER = "primer", _("Primer")
    VARNISH = "varnish", _("Varnish")


class Finish(models.TextChoices):
    """How the surface looks; the values are those that the swatch draws."""

    MATT = "mat", _("Matt")
    SATIN = "satin", _("Satin")
    GLOSS = "brillant", _("Gloss")
    TEXTURED = "texture", _("Textured")
    METALLIC = "metallic", _("Metallic")


IMPORT_MAX_ROWS = 2_000
IMPORT_MAX_BYTES = 2 * 1024 * 1024
