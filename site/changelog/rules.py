"""What a release may be: semantic versions in order, and the notices that are owed (OPS-07). Pure rules."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .constants import BREAKING_NOTICE, REMOVAL_NOTICE, Kind

VERSION = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
Text = str | Promise


class Version(NamedTuple):
    """A semantic version without pre-release; versions compare as they are ordered."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What the rules read of a change."""

    kind: str
    announced_on: date | None = None
    removal_on: date | None = None


def parse_version(text: str) -> Version:
    """`1.4.0` or `v1.4.0`. Raises ValueError for anything else (leading zeros included)."""
    found = VERSION.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return Version(*(int(part) for part in found.groups()))


def order_problem(version: Version, released_on: date, others: Iterable[tuple[Version, date]]) -> Text | None:
    """Why this version cannot stand at this date among the others, or None."""
    for other, day in others:
        if other == version:
            return _("This version exists already.")
        if (day < released_on and other > version) or (day > released_on and other < version):
            return _("Versions and dates must go up together: see version %(version)s.") % {"version": other}
    return None


def bump_problem(version: Version, previous: Version | None, kinds: Iterable[str]) -> Text | None:
    """Why the number does not say what the release holds (semver.org), or None.

    Before 1.0.0 a breaking change raises the second number; from then on the first.
    """
    if previous is None:
        return None
    held = set(kinds)
    if Kind.BREAKING in held:
        raised = version.major > previous.major if previous.major else version[:2] > previous[:2]
        if not raised:
            return _("A breaking change needs a higher number: it follows %(version)s.") % {"version": previous}
    if held & {Kind.FEATURE, Kind.DEPRECATION} and version[:2] == previous[:2]:
        return _("A release with something new raises the second number: it follows %(version)s.") % {
            "version": previous
        }
    return None


def notice_problem(change: ChangeFacts, released_on: date) -> tuple[str, Text] | None:
    """(field, why) when the notice of a breaking change or of a removal is missing or too short, or None."""
    if change.kind == Kind.BREAKING:
        if change.announced_on is None:
            return "announced_on", _("Say when this breaking change was announced.")
        if released_on - change.announced_on < BREAKING_NOTICE:
            return "announced_on", _("A breaking change is announced at least 30 days before its release.")
    if change.kind == Kind.DEPRECATION:
        if change.removal_on is None:
            return "removal_on", _("Say when it will be removed.")
        if change.removal_on - released_on < REMOVAL_NOTICE:
            return "removal_on", _("What is deprecated stays at least 90 days before its removal.")
    return None


def previous_version(version: Version, others: Sequence[Version]) -> Version | None:
    """The highest version under this one."""
    return max((other for other in others if other < version), default=None)
