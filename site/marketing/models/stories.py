"""What customers tell: shown once they have agreed in writing; nothing is supplied, nothing is invented."""

from typing import Any

from cms.blocks import sections
from cms.catalogue import shown_logos, shown_stories
from cms.models import PublicPage
from cms.streams import ThinStreamField
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class Story(models.Model):
    """What a workshop tells of its work with the product."""

    workshop = models.CharField(_("workshop"), max_length=120)
    city = models.CharField(_("city"), max_length=80, blank=True)
    person = models.CharField(_("who speaks"), max_length=120)
    job = models.CharField(_("their job"), max_length=80, blank=True)
    quotation = models.TextField(_("their words"), max_length=900)
    result = models.CharField(
        _("a measured result"),
        max_length=120,
        blank=True,
        help_text=_("Such as: 2 h saved each week. Only what the workshop has measured itself."),
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("logo"),
    )
    consented_on = models.DateField(
        _("agreed in writing on"), null=True, blank=True, help_text=_("Nothing is shown without this date.")
    )
    consent_note = models.CharField(_("where the agreement is kept"), max_length=200, blank=True)
    allows_logo = models.BooleanField(_("allows its logo"), default=False)
    is_shown = models.BooleanField(_("shown on the site"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    panels = [
        MultiFieldPanel([FieldPanel(name) for name in ("workshop", "city", "person", "job")], _("Who")),
        FieldPanel("quotation"),
        FieldPanel("result"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("consented_on", "consent_note", "allows_logo", "logo", "is_shown")],
            _("Agreement"),
        ),
        FieldPanel("position"),
    ]

    class Meta:
        verbose_name = _("story of a customer")
        verbose_name_plural = _("stories of customers")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_shown=False) | models.Q(consented_on__isnull=False),
                name="no_story_without_consent",
            )
        ]

    def __str__(self) -> str:
        return self.workshop

    def clean(self) -> None:
        super().clean()
        if self.is_shown and self.consented_on is None:
            raise ValidationError({"consented_on": _("A story is shown once its customer has agreed in writing.")})


class StoryProposal(models.Model):
    """A story that a workshop offers to tell; somebody reads it and calls back."""

    name = models.CharField(_("your name"), max_length=120)
    workshop = models.CharField(_("your workshop"), max_length=120)
    email = models.EmailField(_("your e-mail"))
    text = models.TextField(_("your story in a few lines"), max_length=3000)
    agrees_to_be_called = models.BooleanField(default=False)
    at = models.DateTimeField(_("received on"), auto_now_add=True)

    class Meta:
        verbose_name = _("story offered")
        verbose_name_plural = _("stories offered")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.workshop


class StoriesPage(PublicPage):
    """`/temoignages/`: the stories, and how to offer one."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)
    body = ThinStreamField(sections(), blank=True, verbose_name=_("sections"))

    max_count = 1
    template = "marketing/stories_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page of stories")

    @property
    def offer_path(self) -> str:
        """The form by which a workshop offers its story, in the language of the page."""
        is_french = self.locale.language_code == settings.LANGUAGE_CODE
        return reverse("marketing:story_offer" if is_french else "marketing:story_offer_en")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "stories": shown_stories(), "logos": shown_logos()}
