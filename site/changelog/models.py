"""Release notes, the roadmap and its votes, those who receive the month's news. No workshop owns these rows."""

from contextlib import suppress
from typing import Any

from cms.head import Feed, Listing
from cms.models import PublicPage
from cms.structured import publisher
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable
from wagtail.search import index

from . import selectors
from .constants import Kind, MailState, RoadmapState
from .feeds import ReleaseAtom, ReleaseRss
from .forms import ReleasePageForm
from .rules import ChangeFacts, Version, notice_problem, order_problem, parse_version


class ChangelogPage(RoutablePageMixin, PublicPage):
    """`/nouveautes/`: every release, newest first; the feeds; the subscription to the month's news."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    max_count = 1
    subpage_types = ["changelog.ReleasePage"]
    template = "changelog/changelog_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("release notes")

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Both feeds."""
        path = self.public_path
        return (Feed(self.title, f"{path}flux/rss/"), Feed(self.title, f"{path}flux/atom/", "atom"))

    @path("")
    def releases(self, request: HttpRequest) -> HttpResponse:
        """The releases, by page."""
        page = selectors.page_of(selectors.list_releases(self), request.GET.get("page", "1"))
        if page is None:
            raise Http404
        listing = None
        if page.number > 1:
            title = gettext("%(title)s, page %(number)d") % {"title": self.title, "number": page.number}
            listing = Listing(title, f"{self.public_path}?page={page.number}", self.search_description)
        drawn: HttpResponse = self.render(request, context_overrides={"releases": page, "listing": listing})
        return drawn

    @path("flux/rss/", name="rss")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return ReleaseRss(self)(request)

    @path("flux/atom/", name="atom")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return ReleaseAtom(self)(request)


class ReleasePage(PublicPage):
    """A version of the product and what it changes."""

    version = models.CharField(_("version"), max_length=20, help_text=_("Semantic version: 1.4.0."))
    released_on = models.DateField(_("released on"))
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    major = models.PositiveIntegerField(editable=False, default=0)
    minor = models.PositiveIntegerField(editable=False, default=0)
    patch = models.PositiveIntegerField(editable=False, default=0)

    parent_page_types = ["changelog.ChangelogPage"]
    subpage_types: list[str] = []
    template = "changelog/release_page.html"
    open_graph_type = "article"
    social_label = _("Release notes")
    base_form_class = ReleasePageForm
    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel([FieldPanel("version"), FieldPanel("released_on")], _("Version")),
        FieldPanel("summary"),
        InlinePanel("changes", label=_("Change"), heading=_("Changes"), min_num=1),
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def clean(self) -> None:
        super().clean()
        if not (self.version and self.released_on):
            return
        try:
            number = parse_version(self.version)
        except ValueError as error:
            raise ValidationError({"version": _("Write the version as 1.4.0.")}) from error
        problem = order_problem(number, self.released_on, selectors.other_versions(self))
        if problem:
            raise ValidationError({"version": problem})
        self.version = str(number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A release never stands without the notices that it owes, whoever writes it."""
        for change in self.changes.all():
            problem = self.released_on and notice_problem(change.facts, self.released_on)
            if problem:
                raise ValidationError({problem[0]: problem[1]})
        with suppress(ValueError):  # a draft may still be without its version
            self.major, self.minor, self.patch = parse_version(self.version)
        super().save(*args, **kwargs)

    @property
    def number(self) -> Version:
        """Its version, to compare."""
        return Version(self.major, self.minor, self.patch)

    @property
    def grouped_changes(self) -> list[tuple[Any, list["Change"]]]:
        """(kind, its changes), what breaks first."""
        changes = list(self.changes.all())
        groups = [(kind, [change for change in changes if change.kind == kind]) for kind in Kind]
        return [(kind, held) for kind, held in groups if held]

    @property
    def structured_data(self) -> dict[str, Any]:
        article = {
            "@type": "TechArticle",
            "headline": self.title,
            "datePublished": self.released_on.isoformat(),
            "author": publisher(),
            "publisher": publisher(),
            "mainEntityOfPage": self.canonical_url,
            "inLanguage": self.locale.language_code,
        }
        return {"@graph": [article]}


class Change(Orderable):  # type: ignore[misc]
    """One thing that a release brings, corrects or takes away."""

    release = ParentalKey(ReleasePage, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=1000, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True, help_text=_("For a breaking change."))
    removal_on = models.DateField(_("removed on"), null=True, blank=True, help_text=_("For a deprecation."))

    panels = [FieldPanel(name) for name in ("kind", "title", "text", "announced_on", "removal_on")]

    class Meta(Orderable.Meta):
        verbose_name = _("change")

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> ChangeFacts:
        """What the rules read."""
        return ChangeFacts(self.kind, self.announced_on, self.removal_on)


class RoadmapPage(PublicPage):
    """`/feuille-de-route/`: what is in progress, planned and delivered, and what people vote for."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    max_count = 1
    subpage_types: list[str] = []
    template = "changelog/roadmap_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("roadmap")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        voter = selectors.voter_of(request.user, request.COOKIES)
        columns = selectors.roadmap_columns(voter)
        return {**super().get_context(request, *args, **kwargs), "columns": columns}


class RoadmapItem(index.Indexed, models.Model):  # type: ignore[misc]
    """A project of the publisher."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=RoadmapState, default=RoadmapState.PLANNED)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("The lowest stands first."))
    release = models.ForeignKey(
        ReleasePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="roadmap_items",
        verbose_name=_("release that delivers it"),
    )  # fmt: skip

    panels = [FieldPanel(name) for name in ("title", "text", "state", "position", "release")]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("roadmap item")
        verbose_name_plural = _("roadmap items")

    def __str__(self) -> str:
        return self.title


class RoadmapVote(models.Model):
    """One voice for an item: `voter` is an account, or a device that has none (services/voting.py)."""

    item = models.ForeignKey(RoadmapItem, on_delete=models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("vote")
        constraints = [models.UniqueConstraint(fields=["item", "voter"], name="one_vote_per_voter")]

    def __str__(self) -> str:
        return f"{self.voter} → {self.item_id}"


class Subscriber(models.Model):
    """Somebody who asked for the month's news; nothing is sent before they have confirmed."""

    email = models.EmailField(_("e-mail"), unique=True)
    requested_at = models.DateTimeField(_("requested on"))
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped on"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(confirmed_at__isnull=False, stopped_at=None), name="subscriber_active"
            )
        ]

    def __str__(self) -> str:
        return self.email


class MonthlyMail(models.Model):
    """The mail of one month and how far it has got: after a stop it goes on from `last_subscriber`."""

    month = models.DateField(_("month"), unique=True, help_text=_("Its first day."))
    state = models.CharField(max_length=10, choices=MailState, default=MailState.RUNNING)
    releases = models.PositiveIntegerField(_("releases"), default=0)
    queued = models.PositiveIntegerField(_("messages"), default=0)
    last_subscriber = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month"]
        verbose_name = _("monthly mail")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
