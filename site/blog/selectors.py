"""Which articles a page of the blog shows. The models are asked for by name: they call this module themselves."""

from typing import TYPE_CHECKING, Any

from cms.surroundings import public
from django.apps import apps
from django.core.paginator import EmptyPage, InvalidPage, Paginator
from django.core.paginator import Page as ListPage
from django.db.models import Count, Q
from taggit.models import Tag

if TYPE_CHECKING:
    from .models import ArticlePage, BlogIndexPage, Category

PAGE_SIZE = 9
RELATED = 3
LONGEST_QUERY = 100


def list_articles(blog: "BlogIndexPage") -> Any:
    """The published articles, newest first, with what their cards show."""
    return _articles().filter(path__startswith=blog.path, depth=blog.depth + 1)


def search_articles(blog: "BlogIndexPage", query: str) -> Any:
    """The published articles that hold these words, the most fitting first."""
    articles = apps.get_model("blog", "ArticlePage").objects.live().public().child_of(blog)
    return articles.select_related("author", "cover").prefetch_related("categories").search(query)


def page_of(found: Any, number: str) -> "ListPage[Any] | None":
    """A page of articles; None for a number that is not one of the list."""
    try:
        return Paginator(found, PAGE_SIZE).page(number)
    except (EmptyPage, InvalidPage):
        return None


def list_categories(blog: "BlogIndexPage") -> "list[Category]":
    """The categories that have a published article, with `count`."""
    live = Q(articles__live=True, articles__path__startswith=blog.path)
    counted = apps.get_model("blog", "Category").objects.annotate(count=Count("articles", filter=live, distinct=True))
    return list(counted.filter(count__gt=0))


def list_author_slugs(blog: "BlogIndexPage") -> list[str]:
    """The addresses of the authors of published articles."""
    slugs = _articles().filter(path__startswith=blog.path).values_list("author__slug", flat=True)
    return list(slugs.order_by("author__slug").distinct())


def find_tag(blog: "BlogIndexPage", slug: str) -> Tag | None:
    """A tag that a published article bears."""
    return Tag.objects.filter(slug=slug, pk__in=_articles().filter(path__startswith=blog.path).values("tags")).first()


def list_related(article: "ArticlePage") -> "list[ArticlePage]":
    """The articles that share most categories and tags with this one, the newest of equals first."""
    categories, tags = article.category_list, article.tag_list
    shared = Count("categories", filter=Q(categories__in=categories), distinct=True)
    shared_tags = Count("tags", filter=Q(tags__in=tags), distinct=True)
    others = _articles().exclude(pk=article.pk).annotate(shared=shared + shared_tags).filter(shared__gt=0)
    return list(others.order_by("-shared", "-published_on", "-pk")[:RELATED])


def neighbours(article: "ArticlePage") -> "tuple[ArticlePage | None, ArticlePage | None]":
    """The article just after this one in time, and the one just before: two ends of one query."""
    here = (article.published_on, article.pk or 0)
    day, pk = here
    others = _articles().select_related(None).prefetch_related(None).exclude(pk=article.pk)
    newer = others.filter(Q(published_on__gt=day) | Q(published_on=day, pk__gt=pk)).order_by("published_on", "pk")
    older = others.filter(Q(published_on__lt=day) | Q(published_on=day, pk__lt=pk))
    found = {(near.published_on, near.pk) > here: near for near in newer[:1].union(older[:1])}
    return found.get(True), found.get(False)


def _articles() -> Any:
    articles = apps.get_model("blog", "ArticlePage").objects.live().order_by("-published_on", "-pk")
    return public(articles).select_related("author", "cover").prefetch_related("categories").defer("body")
