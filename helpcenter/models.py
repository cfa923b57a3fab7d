"""The help centre: guides and questions written for users, what they are worth, and what nobody found."""

from typing import Any

from cms.blocks import PROSE
from cms.models import PublicPage
from cms.streams import ThinStreamField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from .blocks import film_hosts, guide_blocks, text_of
from .constants import LONGEST_QUERY, LONGEST_REMARK
from .words import fold

ICONS = (
    ("rocket-launch", _("Start")),
    ("document-text", _("Document")),
    ("briefcase", _("Work")),
    ("users", _("People")),
    ("swatch", _("Powder")),
    ("cog-6-tooth", _("Settings")),
    ("credit-card", _("Payment")),
    ("arrow-down-tray", _("Data")),
    ("shield-check", _("Safety")),
)


def _vector() -> models.GeneratedField:
    """What PostgreSQL searches: folded words, the title's first, in the grammar of French."""
    return models.GeneratedField(
        expression=SearchVector("folded_title", weight="A", config="french")
        + SearchVector("folded_text", weight="B", config="french"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


@register_snippet
class Topic(models.Model):
    """A shelf of the help centre."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), unique=True)
    icon = models.CharField(_("icon"), max_length=30, choices=ICONS, default="document-text")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    panels = [FieldPanel(name) for name in ("name", "slug", "icon", "position")]

    class Meta:
        verbose_name = _("topic of the help")
        verbose_name_plural = _("topics of the help")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Question(models.Model):
    """A question that is often asked, with its answer."""

    question = models.CharField(_("question"), max_length=160, unique=True)
    answer = RichTextField(_("answer"), features=PROSE)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="questions", verbose_name=_("topic"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    folded_title = models.TextField(editable=False, default="")
    folded_text = models.TextField(editable=False, default="")
    vector = _vector()

    panels = [FieldPanel(name) for name in ("question", "answer", "topic", "position")]

    class Meta:
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        ordering = ["topic__position", "position", "pk"]
        indexes = [GinIndex(fields=["vector"], name="help_question_search")]

    def __str__(self) -> str:
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The searched words follow the text."""
        self.folded_title, self.folded_text = fold(self.question), fold(strip_tags(self.answer))
        super().save(*args, **kwargs)


class HelpIndexPage(PublicPage):
    """The topics and their guides, and a search in them; one under another is a help centre of its own."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    subpage_types = ["helpcenter.GuidePage", "helpcenter.QuestionsPage", "helpcenter.HelpIndexPage"]
    template = "helpcenter/help_index_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("help centre")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
        return {**super().get_context(request, *args, **kwargs), "query": query}


class QuestionsPage(PublicPage):
    """Every frequent question, by topic."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    parent_page_types = ["helpcenter.HelpIndexPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    template = "helpcenter/questions_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("page of questions")

    @property
    def structured_data(self) -> dict[str, Any] | None:
        """The questions and answers (schema.org FAQPage)."""
        asked = [
            {"@type": "Question", "name": row.question, "acceptedAnswer": {"@type": "Answer", "text": row.answer}}
            for row in Question.objects.all()
        ]
        return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": asked} if asked else None


class GuidePage(PublicPage):
    """One thing done from beginning to end."""

    summary = models.CharField(_("summary"), max_length=200)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("topic")
    )
    body = ThinStreamField(guide_blocks(), verbose_name=_("text"))
    screens = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("screens explained"),
        help_text=_("Names of screens, such as quotes:quote_edit, or quotes for all of a module; separated by commas."),
    )
    folded_title = models.TextField(editable=False, default="")
    folded_text = models.TextField(editable=False, default="")
    vector = _vector()

    parent_page_types = ["helpcenter.HelpIndexPage"]
    subpage_types: list[str] = []
    template = "helpcenter/guide_page.html"
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("topic"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("screens")], _("In the application")),
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = _("guide")
        indexes = [GinIndex(fields=["vector"], name="help_guide_search")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The searched words follow the text, each time it is published."""
        self.folded_title = fold(self.title)
        self.folded_text = fold(f"{self.summary} {text_of(self.body)}")
        super().save(*args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Films come from elsewhere: a page that has one may frame their hosts, the others may not."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        hosts = film_hosts(self.body)
        if hosts:
            response._csp_update = {"frame-src": hosts}  # type: ignore[attr-defined]
        return response


class ArticleDay(models.Model):
    """How often an article was read and judged on a day; nobody is named."""

    path = models.CharField(max_length=255)
    on = models.DateField()
    views = models.PositiveIntegerField(default=0)
    useful = models.PositiveIntegerField(default=0)
    useless = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("readings of an article")
        constraints = [models.UniqueConstraint(fields=["path", "on"], name="one_article_day")]

    def __str__(self) -> str:
        return f"{self.path} {self.on}"


class Remark(models.Model):
    """What a reader missed in an article, in their words; no name, no address."""

    path = models.CharField(max_length=255)
    text = models.CharField(_("remark"), max_length=LONGEST_REMARK)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("remark of a reader")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class MissedSearch(models.Model):
    """Words that found nothing, and how many times they were searched."""

    text = models.CharField(_("searched"), max_length=LONGEST_QUERY, unique=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last"), auto_now=True)

    class Meta:
        verbose_name = _("search without result")
        ordering = [F("times").desc(), "text"]

    def __str__(self) -> str:
        return self.text
