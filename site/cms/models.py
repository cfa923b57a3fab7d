"""What every page of the site shares, and who publishes it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page


class PublicPage(Page):  # type: ignore[misc]
    """A page with one address, a title and a description for search engines and for those who share it."""

    social_image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture when shared"),
        help_text=_("Empty: a picture is made from the title."),
    )

    promote_panels = [*Page.promote_panels, FieldPanel("social_image")]

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """Its path on this host."""
        parts = self.get_url_parts()
        return str(parts[2]) if parts else "/"

    @property
    def canonical_url(self) -> str:
        """Its one address, whatever the host that answered."""
        return f"{settings.BASE_URL}{self.public_path}"

    @property
    def head_title(self) -> str:
        return str(self.seo_title or f"{self.title} · ThermoGestion")

    @property
    def structured_data(self) -> dict[str, Any] | None:
        """What the page says to machines (schema.org), or None."""
        return None

    def get_sitemap_urls(self, request: Any = None) -> list[dict[str, Any]]:
        return [{"location": self.canonical_url, "lastmod": self.last_published_at or self.latest_revision_created_at}]


@register_setting(icon="home")  # type: ignore[untyped-decorator]
class PublisherSettings(BaseSiteSetting):  # type: ignore[misc]
    """The company behind the site, as the law wants it named (LCEN, art. 1-1). Empty values are never invented."""

    company = models.CharField(_("company"), max_length=160, blank=True)
    legal_form = models.CharField(_("legal form and capital"), max_length=160, blank=True)
    registration = models.CharField(_("SIRET and trade register"), max_length=160, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    office = models.CharField(_("registered office"), max_length=250, blank=True)
    director = models.CharField(_("director of publication"), max_length=120, blank=True)
    email = models.EmailField(_("contact e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    host = models.CharField(_("hosting provider, address and telephone"), max_length=250, blank=True)
    privacy_contact = models.EmailField(_("e-mail for personal data"), blank=True)

    VALUES = ("company", "legal_form", "registration", "vat_number", "office", "director", "email", "phone", "host",
              "privacy_contact")  # fmt: skip
    panels = [FieldPanel(name) for name in VALUES]

    class Meta:
        verbose_name = _("publisher of the site")

    def values(self) -> list[tuple[str, str]]:
        """Each value with its label, empty ones included."""
        return [(str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in self.VALUES]

    @property
    def missing(self) -> list[str]:
        """The labels of the values that are still to be given."""
        return [label for label, value in self.values() if not value]
