"""What every page of the site shares, and who publishes it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from .blocks import Item
from .streams import ThinStreamField
from .surroundings import path_of, surroundings_of


@dataclass(frozen=True)
class Version:
    """The same page in one language; `path` on this host."""

    language: str
    path: str
    current: bool

    @property
    def url(self) -> str:
        return f"{settings.BASE_URL}{self.path}"

    @property
    def name(self) -> str:
        """The language, in itself."""
        return dict(settings.WAGTAIL_CONTENT_LANGUAGES)[self.language]


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
        return path_of(self)

    @property
    def canonical_url(self) -> str:
        """Its one address, whatever the host that answered."""
        return f"{settings.BASE_URL}{self.public_path}"

    @property
    def head_title(self) -> str:
        return str(self.seo_title or f"{self.title} · ThermoGestion")

    @cached_property
    def translations(self) -> list[Version]:
        """This page in each language it is published in, itself included: for hreflang and the choice of language.

        Empty when it has one language only.
        """
        versions = surroundings_of(self).versions
        found = [Version(row.locale.language_code, path_of(row), row.pk == self.pk) for row in versions]
        return sorted(found, key=lambda version: version.language != settings.LANGUAGE_CODE) if len(found) > 1 else []

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """A preview in the language of the page, not in the editor's."""
        translation.activate(self.locale.language_code)
        response: HttpResponse = super().serve_preview(request, mode_name)
        return response

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

    analytics_id = models.CharField(
        _("measurement ID of Google Analytics"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^G-[A-Z0-9]{4,16}$", _("It looks like G-XXXXXXXXXX."))],
        help_text=_(
            "Loaded only for visitors who accept it; the cookie banner appears as soon as a tool is given here."
        ),
    )
    chat_id = models.CharField(
        _("website ID of Crisp"),
        max_length=36,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", _("Crisp gives it as 8-4-4-4-12."))],
        help_text=_("Empty: no chat."),
    )
    shows_videos = models.BooleanField(_("the site shows videos of YouTube or Vimeo"), default=False)

    VALUES = ("company", "legal_form", "registration", "vat_number", "office", "director", "email", "phone", "host",
              "privacy_contact")  # fmt: skip
    panels = [
        MultiFieldPanel([FieldPanel(name) for name in VALUES], _("Who publishes the site")),
        MultiFieldPanel(
            [FieldPanel("analytics_id"), FieldPanel("chat_id"), FieldPanel("shows_videos")],
            _("Tools that ask for a consent"),
        ),
    ]

    class Meta:
        verbose_name = _("publisher of the site")

    def values(self) -> list[tuple[str, str]]:
        """Each value with its label, empty ones included."""
        return [(self.label(name), getattr(self, name)) for name in self.VALUES]

    @property
    def missing(self) -> list[str]:
        """The labels of the values that are still to be given."""
        return self.missing_among(self.VALUES)

    def missing_among(self, names: Collection[str]) -> list[str]:
        """The labels of those of these values that are still to be given."""
        return [self.label(name) for name in self.VALUES if name in names and not getattr(self, name)]

    def label(self, name: str) -> str:
        """What a value is called."""
        return str(self._meta.get_field(name).verbose_name)


class ConsentProof(models.Model):
    """What somebody accepted and refused, and when. It names nobody: its key is in their browser only. Never edited."""

    app_rights: ClassVar[str] = "SELECT, INSERT, DELETE"

    key = models.UUIDField(unique=True)
    choice = models.JSONField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("proof of a cookie choice")

    def __str__(self) -> str:
        return str(self.key)


@register_snippet
class FaqSet(models.Model):
    """Questions and answers that several pages show."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For editors; visitors do not see it."))
    items = ThinStreamField([("question", Item())], verbose_name=_("questions"))

    panels = [FieldPanel("name"), FieldPanel("items")]

    class Meta:
        verbose_name = _("set of questions")
        verbose_name_plural = _("sets of questions")

    def __str__(self) -> str:
        return self.name


@register_snippet
class Call(models.Model):
    """A call to try that several pages show: changed here, it changes everywhere."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For editors; visitors do not see it."))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True, max_length=300)

    panels = [FieldPanel("name"), FieldPanel("title"), FieldPanel("text")]

    class Meta:
        verbose_name = _("reusable call")

    def __str__(self) -> str:
        return self.name
