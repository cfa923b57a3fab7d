"""The latest articles, for feed readers."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from cms.feeds import printable
from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from . import selectors

if TYPE_CHECKING:
    from .models import ArticlePage, BlogIndexPage

LENGTH = 20


class ArticleRss(Feed):
    """RSS 2.0: title, introduction, author, categories."""

    language = "fr"

    def __init__(self, blog: "BlogIndexPage") -> None:
        self.blog = blog
        self.title = blog.head_title
        self.link = blog.canonical_url
        self.description = blog.search_description or blog.title
        self.feed_url = f"{blog.canonical_url}flux/rss/"

    def items(self) -> Any:
        return selectors.list_articles(self.blog)[:LENGTH]

    def item_title(self, item: Any) -> str:
        return printable(str(item.title))

    def item_description(self, item: Any) -> str:
        return printable(str(item.introduction))

    def item_link(self, item: "ArticlePage") -> str:
        return item.canonical_url

    def item_author_name(self, item: "ArticlePage") -> str:
        return printable(str(item.author.name))

    def item_categories(self, item: "ArticlePage") -> list[str]:
        return [printable(category.name) for category in item.categories.all()]

    def item_pubdate(self, item: "ArticlePage") -> datetime:
        return timezone.make_aware(datetime.combine(item.published_on, time(8)))

    def item_updateddate(self, item: "ArticlePage") -> datetime:
        return item.last_published_at or self.item_pubdate(item)


class ArticleAtom(ArticleRss):
    """The same as Atom 1.0."""

    feed_type = Atom1Feed

    def __init__(self, blog: "BlogIndexPage") -> None:
        super().__init__(blog)
        self.subtitle = self.description
        self.feed_url = f"{blog.canonical_url}flux/atom/"
