"""The latest releases, for feed readers."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from cms.feeds import printable
from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join

from . import selectors

if TYPE_CHECKING:
    from .models import ChangelogPage, ReleasePage

LENGTH = 20


class ReleaseRss(Feed):
    """RSS 2.0: the version, then its changes by kind."""

    language = "fr"

    def __init__(self, page: "ChangelogPage") -> None:
        self.page = page
        self.title = page.head_title
        self.link = page.canonical_url
        self.description = page.search_description or page.title
        self.feed_url = f"{page.canonical_url}flux/rss/"

    def items(self) -> Any:
        return selectors.list_releases(self.page)[:LENGTH]

    def item_title(self, item: Any) -> str:
        return printable(str(item.title))

    def item_description(self, item: Any) -> str:
        rows = ((kind.label, change.title) for kind, changes in item.grouped_changes for change in changes)
        listed = format_html_join("", "<li>{} – {}</li>", rows)
        return printable(format_html("<p>{}</p><ul>{}</ul>", item.summary, listed))

    def item_link(self, item: "ReleasePage") -> str:
        return item.canonical_url

    def item_pubdate(self, item: "ReleasePage") -> datetime:
        return timezone.make_aware(datetime.combine(item.released_on, time(8)))

    def item_updateddate(self, item: "ReleasePage") -> datetime:
        return item.last_published_at or self.item_pubdate(item)


class ReleaseAtom(ReleaseRss):
    """The same as Atom 1.0."""

    feed_type = Atom1Feed

    def __init__(self, page: "ChangelogPage") -> None:
        super().__init__(page)
        self.subtitle = self.description
        self.feed_url = f"{page.canonical_url}flux/atom/"
