"""Texts that bind: each version is kept, readable at its own address, and people's consents name it."""

import json
from typing import Any, ClassVar

from cms.blocks import Uptime, article
from cms.models import PublicPage, PublisherSettings
from cms.streams import ThinStreamField, without_ids
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from marketing.constants import LegalDocument
from marketing.panels import MissingValuesPanel
from marketing.wording import missing_values


def legal_blocks() -> list[tuple[str, Any]]:
    """What a legal text is composed of: the words of editors, and the commitments of the catalogue."""
    return [*article(), ("uptime", Uptime())]


class LegalPage(RoutablePageMixin, PublicPage):  # type: ignore[misc]
    """A text that binds: its version and the day it takes effect stand above it."""

    document = models.CharField(
        _("document"), max_length=20, choices=LegalDocument, blank=True, help_text=_("What people's consents call it.")
    )
    version = models.CharField(
        _("version"),
        max_length=20,
        validators=[validate_slug],
        help_text=_("People's consents name it, e.g. 2026-11. A change of words takes a new version."),
    )
    effective_on = models.DateField(_("in force since"))
    is_substantive = models.BooleanField(
        _("the change is substantive"),
        default=False,
        help_text=_(
            "Owners are told by mail as soon as this version is published, and asked to accept it when they sign in."
        ),
    )
    changes = models.TextField(
        _("what changes"),
        max_length=600,
        blank=True,
        help_text=_("In a few words, for the mail and the page that asks to accept; needed for a substantive change."),
    )
    names_publisher = models.BooleanField(_("names the publisher of the site"), default=False)
    body = ThinStreamField(
        legal_blocks(),
        blank=True,
        verbose_name=_("text"),
        help_text=_("{company}, {registration}, {office}, {email}… become the values of the publisher's settings."),
    )

    footer_group = "legal"
    template = "marketing/legal_page.html"
    content_panels = [
        *PublicPage.content_panels,
        MissingValuesPanel(),
        MultiFieldPanel(
            [FieldPanel(name) for name in
             ("document", "version", "effective_on", "is_substantive", "changes", "names_publisher")],
            _("Version"),
        ),
        FieldPanel("body"),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("legal page")

    def clean(self) -> None:
        super().clean()
        if self.is_substantive and not self.changes:
            raise ValidationError({"changes": _("Say in a few words what changes.")})
        kept = self.versions.filter(version=self.version).first()
        if kept and (kept.body != self._words() or kept.effective_on != self.effective_on):
            raise ValidationError(
                {"version": _("This version is published and cannot be changed: give the new words a new version.")}
            )

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish, and keep the words of a version that is new; a date in the future only schedules it."""
        super().publish(revision, *args, **kwargs)
        page = LegalPage.objects.get(pk=self.pk)
        if page.live and page.live_revision_id == revision.pk:
            page.keep_version()

    def keep_version(self) -> None:
        """Keep the words as they are, once for each version."""
        values = {"title": self.title, "effective_on": self.effective_on, "is_substantive": self.is_substantive,
                  "changes": self.changes, "body": self._words()}  # fmt: skip
        LegalVersion.objects.get_or_create(slug=self.slug, version=self.version,
                                           defaults={**values, "document": self.document})  # fmt: skip

    @property
    def versions(self) -> "models.QuerySet[LegalVersion]":
        """Every version published at this address, the latest first."""
        return LegalVersion.objects.filter(slug=self.slug).order_by("-pk")

    @property
    def missing(self) -> list[str]:
        """The values of the publisher that this text names and that are still to be given."""
        site = self.get_site()
        return missing_values(self, PublisherSettings.for_site(site)) if site else []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        publisher = PublisherSettings.for_request(request)
        versions = list(self.versions.defer("body"))
        today = timezone.localdate()
        in_force = next((version for version in versions if version.effective_on <= today), None)
        return {
            **context,
            "publisher": publisher,
            "missing": missing_values(self, publisher),
            "versions": versions,
            "still_in_force": in_force if in_force and self.effective_on > today else None,
        }

    @path("versions/<slug:version>/", name="version")
    def show_version(self, request: HttpRequest, version: str) -> HttpResponse:
        """A version as it was published, whatever has been published since."""
        kept = self.versions.filter(version=version).first()
        if kept is None:
            raise Http404
        shown = LegalPage(title=kept.title, version=kept.version, effective_on=kept.effective_on)
        body = self._meta.get_field("body").to_python(kept.body)
        context = {"kept": kept, "shown": shown, "body": body, "still_in_force": None}
        response: HttpResponse = self.render(request, context_overrides=context)
        return response

    def _words(self) -> str:
        return json.dumps(without_ids(self._meta.get_field("body").get_prep_value(self.body)), ensure_ascii=False)


class LegalVersion(models.Model):
    """The words of one version of one text, as they were published. Never edited: the grants refuse it."""

    app_rights: ClassVar[str] = "SELECT, INSERT, UPDATE (announced_at)"
    platform_rights: ClassVar[str] = "SELECT, INSERT, UPDATE (announced_at)"

    slug = models.SlugField(max_length=255)
    document = models.CharField(max_length=20, choices=LegalDocument, blank=True)
    version = models.SlugField(max_length=20)
    title = models.CharField(max_length=255)
    effective_on = models.DateField()
    is_substantive = models.BooleanField(default=False)
    changes = models.TextField(blank=True)
    body = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("version of a legal text")
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/{self.slug}/versions/{self.version}/"
