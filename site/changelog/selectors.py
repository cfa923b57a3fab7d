"""Reads of the release notes, of the roadmap and of the subscriptions. Page models are asked for by name: they call
this module themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cms.surroundings import public
from django.apps import apps
from django.core.paginator import EmptyPage, InvalidPage, Paginator
from django.core.paginator import Page as ListPage
from django.core.signing import BadSignature, Signer
from django.db.models import Count, QuerySet

from .constants import RoadmapState
from .rules import Version

if TYPE_CHECKING:
    from .models import ChangelogPage, MonthlyMail, ReleasePage, RoadmapItem

PAGE_SIZE = 12
DELIVERED_SHOWN = 12
VOTER_COOKIE = "roadmap"
VOTER_SALT = "changelog.voter"


@dataclass(frozen=True, slots=True)
class Column:
    """A state of the roadmap and its items, each with `count` and `is_mine`."""

    state: RoadmapState
    items: "list[RoadmapItem]"


def list_releases(page: "ChangelogPage") -> QuerySet[Any]:
    """The published releases, the highest version first."""
    releases = apps.get_model("changelog", "ReleasePage").objects.live().child_of(page)
    return public(releases).prefetch_related("changes").order_by("-major", "-minor", "-patch")  # type: ignore[no-any-return]


def page_of(found: Any, number: str) -> "ListPage[Any] | None":
    """A page of the list; None for a number that is not one of it."""
    try:
        return Paginator(found, PAGE_SIZE).page(number)
    except (EmptyPage, InvalidPage):
        return None


def other_versions(release: "ReleasePage") -> list[tuple[Version, date]]:
    """The versions of the other releases, published or not, with their dates."""
    others = apps.get_model("changelog", "ReleasePage").objects.exclude(pk=release.pk)
    rows = others.values_list("major", "minor", "patch", "released_on")
    return [(Version(major, minor, patch), day) for major, minor, patch, day in rows]


def list_month_releases(month: date) -> "list[ReleasePage]":
    """The published releases of a month, the oldest first."""
    releases = apps.get_model("changelog", "ReleasePage").objects.live()
    dated = public(releases).filter(released_on__year=month.year, released_on__month=month.month)
    return list(dated.prefetch_related("changes").order_by("major", "minor", "patch"))


def latest_releases(most: int = 5) -> "list[ReleasePage]":
    """The last releases, published or not, for the publisher."""
    return list(apps.get_model("changelog", "ReleasePage").objects.order_by("-major", "-minor", "-patch")[:most])


def find_changelog() -> "ChangelogPage | None":
    """The published page of release notes."""
    found: ChangelogPage | None = apps.get_model("changelog", "ChangelogPage").objects.live().first()
    return found


def roadmap_columns(voter: str) -> list[Column]:
    """The items by state; the delivered ones are the latest only."""
    items = apps.get_model("changelog", "RoadmapItem").objects.select_related("release")
    votes = apps.get_model("changelog", "RoadmapVote").objects
    mine = set(votes.filter(voter=voter).values_list("item_id", flat=True)) if voter else set()
    counted = list(items.annotate(count=Count("votes")).order_by("position", "pk"))
    for item in counted:
        item.is_mine = item.pk in mine
    columns = [Column(state, [item for item in counted if item.state == state]) for state in RoadmapState]
    return [Column(column.state, column.items[:DELIVERED_SHOWN]) if column.state == RoadmapState.DELIVERED else column
            for column in columns]  # fmt: skip


def voter_of(user: Any, cookies: Mapping[str, str]) -> str:
    """Whose votes these are: the account, else the device that bears our cookie; empty for somebody new."""
    if user.is_authenticated:
        return f"account:{user.pk}"
    try:
        return f"device:{Signer(salt=VOTER_SALT).unsign(cookies.get(VOTER_COOKIE, ''))}"
    except BadSignature:
        return ""


def active_subscribers() -> QuerySet[Any]:
    """Who has confirmed and not stopped."""
    rows = apps.get_model("changelog", "Subscriber").objects
    return rows.filter(confirmed_at__isnull=False, stopped_at=None)  # type: ignore[no-any-return]


def receives_news(email: str) -> bool:
    """Whether the month's news go to this address."""
    return bool(active_subscribers().filter(email=email.strip().lower()).exists())


def latest_mails(most: int = 6) -> "list[MonthlyMail]":
    """The last monthly mails."""
    return list(apps.get_model("changelog", "MonthlyMail").objects.all()[:most])


def find_open_item(item_pk: int) -> "RoadmapItem | None":
    """An item that can still be voted for."""
    items = apps.get_model("changelog", "RoadmapItem").objects
    found: RoadmapItem | None = items.exclude(state=RoadmapState.DELIVERED).filter(pk=item_pk).first()
    return found
