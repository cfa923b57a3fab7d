"""A page for the visitors of one campaign."""

from cms.models import PublicPage
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from .pages import HeroPage

CAMPAIGN = r"^[a-z0-9][a-z0-9-]{0,39}\Z"


class LandingPage(HeroPage):
    """Its links to the sign-up carry the name of the campaign; nothing is kept in the visitor's browser."""

    campaign = models.CharField(
        _("campaign"),
        max_length=40,
        validators=[RegexValidator(CAMPAIGN, _("Small letters, digits and hyphens."))],
        help_text=_("Visits of this page and the sign-ups that follow are counted under this name."),
    )

    template = "marketing/landing_page.html"
    subpage_types: list[str] = []
    content_panels = [*HeroPage.content_panels, FieldPanel("campaign")]
    promote_panels = PublicPage.promote_panels

    class Meta:
        verbose_name = _("campaign page")
        verbose_name_plural = _("campaign pages")
