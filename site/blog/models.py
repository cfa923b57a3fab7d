"""The blog: trade articles, practical guides, news of the product."""

from datetime import date
from typing import Any

from cms.head import Feed, Listing
from cms.models import PublicPage
from cms.streams import ThinStreamField
from cms.structured import publisher
from cms.surroundings import absolute_url, path_of, surroundings_of
from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from . import selectors
from .blocks import article_body
from .feeds import ArticleAtom, ArticleRss
from .reading import LEAST_HEADINGS, Heading, reading_minutes, with_anchors

FINISHES = (("mat", _("Mat")), ("satin", _("Satin")), ("gloss", _("Gloss")), ("texture", _("Textured")),
            ("metallic", _("Metallic")))  # fmt: skip


class Author(index.Indexed, models.Model):  # type: ignore[misc, django-manager-missing]
    """Who signs articles: a person, or the team."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), unique=True, help_text=_("/blog/auteur/address/"))
    role = models.CharField(_("role"), max_length=120, blank=True)
    bio = models.TextField(_("biography"), max_length=600, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("picture"),
    )  # fmt: skip
    is_team = models.BooleanField(_("is the team, not a person"), default=False)

    panels = [FieldPanel(name) for name in ("name", "slug", "role", "bio", "picture", "is_team")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name


class Category(index.Indexed, models.Model):  # type: ignore[misc]
    """A subject of the blog; its powder is the cover of articles without a picture."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), unique=True, help_text=_("/blog/categorie/address/"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#383e42", help_text=_("Screen value, #383e42."))
    finish = models.CharField(_("finish"), max_length=10, choices=FINISHES, default="satin")

    panels = [FieldPanel(name) for name in ("name", "slug", "description", "colour", "finish")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class ArticleTag(TaggedItemBase):
    """A tag of an article."""

    content_object = ParentalKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class BlogIndexPage(RoutablePageMixin, PublicPage):
    """`/blog/`: the articles, by page, category, tag, author and search; the feeds."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    max_count = 1
    subpage_types = ["blog.ArticlePage"]
    template = "blog/blog_index_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("blog")

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Both feeds, which every page of the blog announces."""
        return feeds_at(self.title, self.public_path)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """An article is read with its author at once, instead of as a page first."""
        if len(path_components) == 1:
            articles = ArticlePage.objects.child_of(self).select_related("author", "cover", "locale")
            article = articles.filter(slug=path_components[0]).first()
            if article is not None:
                return article.route(request, [])
        return super().route(request, path_components)

    @path("")
    def articles(self, request: HttpRequest) -> HttpResponse:
        """Every article, or those that a search finds."""
        query = request.GET.get("q", "").replace("\x00", "").strip()[: selectors.LONGEST_QUERY]
        if not query:
            return self._list(request, selectors.list_articles(self))
        listing = Listing(gettext("Search"), self.public_path, is_indexed=False)
        return self._list(request, selectors.search_articles(self, query), listing, query=query)

    @path("categorie/<slug:slug>/", name="category")
    def of_category(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = _or_404(Category, slug)
        listing = Listing(found.name, self._at("categorie", slug), found.description)
        return self._list(request, selectors.list_articles(self).filter(categories=found), listing, category=found)

    @path("etiquette/<slug:slug>/", name="tag")
    def of_tag(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = selectors.find_tag(self, slug)
        if found is None:
            raise Http404
        listing = Listing(found.name, self._at("etiquette", slug), gettext("Articles about: %s.") % found.name)
        return self._list(request, selectors.list_articles(self).filter(tags=found), listing)

    @path("auteur/<slug:slug>/", name="author")
    def of_author(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = _or_404(Author, slug)
        listing = Listing(found.name, self._at("auteur", slug), found.bio[:200])
        return self._list(request, selectors.list_articles(self).filter(author=found), listing, author=found)

    @path("flux/rss/", name="rss")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return ArticleRss(self)(request)

    @path("flux/atom/", name="atom")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return ArticleAtom(self)(request)

    def get_sitemap_urls(self, request: Any = None) -> list[dict[str, Any]]:
        """The index and its lists."""
        lists = [self._at("categorie", category.slug) for category in selectors.list_categories(self)]
        lists += [self._at("auteur", slug) for slug in selectors.list_author_slugs(self)]
        return [*super().get_sitemap_urls(request), *({"location": f"{settings.BASE_URL}{path}"} for path in lists)]

    def _at(self, kind: str, slug: str) -> str:
        return f"{self.public_path}{kind}/{slug}/"

    def _list(self, request: HttpRequest, found: Any, listing: Listing | None = None, **more: Any) -> HttpResponse:
        """A page of articles; the second page and the next ones have addresses of their own."""
        page = selectors.page_of(found, request.GET.get("page", "1"))
        if page is None:
            raise Http404
        if page.number > 1:
            shown = listing or Listing(self.title, self.public_path, self.search_description)
            title = gettext("%(title)s, page %(number)d") % {"title": shown.title, "number": page.number}
            path = f"{shown.path}?page={page.number}"
            listing = Listing(title, path, shown.description, shown.is_indexed)
        context = {"articles": page, "listing": listing, "categories": selectors.list_categories(self), **more}
        drawn: HttpResponse = self.render(request, context_overrides=context)
        return drawn


class ArticlePage(PublicPage):
    """An article: drafts, schedule and preview are Wagtail's."""

    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="articles", verbose_name=_("author"))
    published_on = models.DateField(_("date shown"), default=date.today)
    introduction = models.TextField(_("introduction"), max_length=360, help_text=_("Two sentences, under the title."))
    cover = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("cover"), help_text=_("Empty: the powder of the first category."),
    )  # fmt: skip
    cover_description = models.CharField(_("what the cover shows"), max_length=160, blank=True)
    body = ThinStreamField(article_body(), verbose_name=_("text"))
    categories = ParentalManyToManyField(Category, related_name="articles", verbose_name=_("categories"))
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("tags"))
    reading_minutes = models.PositiveSmallIntegerField(editable=False, default=1)

    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    template = "blog/article_page.html"
    open_graph_type = "article"
    social_label = _("The blog")
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_description")], _("Cover")),
        MultiFieldPanel(
            [FieldPanel("author"), FieldPanel("published_on"), FieldPanel("categories"), FieldPanel("tags")],
            _("Filing"),
        ),
    ]
    search_fields = [
        *PublicPage.search_fields,
        index.SearchField("introduction", boost=2),
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.reading_minutes = reading_minutes(" ".join(str(block.value) for block in self.body))
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        text, headings = self.drawn
        newer, older = selectors.neighbours(self)
        return {
            **super().get_context(request, *args, **kwargs),
            "blog_path": self.blog_path,
            "text": text,
            "headings": headings if len(headings) >= LEAST_HEADINGS else [],
            "related": selectors.list_related(self),
            "newer": newer,
            "older": older,
        }

    @cached_property
    def blog_path(self) -> str:
        """Where the blog that it stands in is."""
        return path_of(self._blog)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return feeds_at(self._blog.title, self.blog_path)

    @property
    def _blog(self) -> Any:
        return surroundings_of(self).above[-1]

    @cached_property
    def category_list(self) -> list[Category]:
        """Its categories, read once."""
        return list(self.categories.all())

    @cached_property
    def tag_list(self) -> list[Any]:
        """Its tags, read once."""
        return list(self.tags.all())

    @cached_property
    def drawn(self) -> tuple[SafeString, list[Heading]]:
        """The text in HTML with its anchors, and its headings."""
        text, headings = with_anchors("".join(block.render(context={"page": self}) for block in self.body))
        return mark_safe(text), headings

    @property
    def first_category(self) -> Category | None:
        """The one whose powder stands for a missing cover."""
        return next(iter(self.category_list), None)

    @property
    def sitemap_images(self) -> list[str]:
        """Absolute addresses of its pictures."""
        if self.cover is None:
            return []
        url = str(self.cover.get_rendition("width-1200|format-webp").url)
        return [url if "://" in url else f"{settings.BASE_URL}{url}"]

    @property
    def structured_data(self) -> dict[str, Any]:
        """The article, as schema.org has it; its picture is the one of the head."""
        kind = "Organization" if self.author.is_team else "Person"
        article = {
            "@type": "BlogPosting",
            "headline": self.title,
            "description": self.search_description or self.introduction,
            "datePublished": self.published_on.isoformat(),
            "dateModified": (
                self.last_published_at or self.latest_revision_created_at or self.published_on
            ).isoformat(),
            "author": {"@type": kind, "name": self.author.name, "url": self._author_url},
            "publisher": publisher(),
            "mainEntityOfPage": self.canonical_url,
            "inLanguage": self.locale.language_code,
            "articleSection": [category.name for category in self.category_list],
        }
        if self.sitemap_images:
            article["image"] = self.sitemap_images
        return {"@graph": [article]}

    @property
    def _author_url(self) -> str:
        return f"{absolute_url(self._blog)}auteur/{self.author.slug}/"


def feeds_at(title: str, path: str) -> tuple[Feed, ...]:
    """The feeds of the blog that stands there."""
    return (Feed(title, f"{path}flux/rss/"), Feed(title, f"{path}flux/atom/", "atom"))


def _or_404(model: type[Any], slug: str) -> Any:
    found = model.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
