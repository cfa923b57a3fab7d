"""What the publisher has released, and how far the mail of the month is."""

from dataclasses import dataclass

from changelog.models import ChangelogPage, MonthlyMail, ReleasePage
from changelog.selectors import active_subscribers, find_changelog, latest_mails, latest_releases


@dataclass(frozen=True, slots=True)
class News:
    """The page of release notes (None when it is not published), its last releases, the mails and their readers."""

    page: ChangelogPage | None
    releases: list[ReleasePage]
    mails: list[MonthlyMail]
    subscribers: int


def read_news() -> News:
    """Everything of the page, in four queries."""
    return News(find_changelog(), latest_releases(), latest_mails(), active_subscribers().count())
