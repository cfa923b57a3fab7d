"""Reads of the stories, of the legal texts and of the campaigns."""

from dataclasses import dataclass
from datetime import date, timedelta

from cms.models import PublisherSettings
from cms.page_cache import VARIANTS
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.models import Site

from .comparing import Tally, Verdict, compare
from .models import CampaignDay, Experiment, LegalPage, LegalVersion, Story
from .models.experiments import campaign_of

#: Days of sign-ups that the results of the tests read.
EXPERIMENTS_READ = 3 * 365


@dataclass(frozen=True)
class BindingText:
    """One version of one text, as the application asks for it."""

    document: str
    version: str
    title: str
    path: str
    effective_on: date
    is_substantive: bool
    changes: str


@dataclass(frozen=True)
class Compared:
    """A test, its two wordings counted, and what the figures allow to say."""

    experiment: Experiment
    first: Tally
    second: Tally
    verdict: Verdict


@dataclass(frozen=True)
class CampaignSum:
    """What a campaign has brought in the last days."""

    campaign: str
    visits: int
    last_day: date


def shown_stories() -> list[Story]:
    """The stories of customers who agreed to tell them, in the editors' order."""
    return list(Story.objects.filter(is_shown=True).exclude(consented_on=None).select_related("logo"))


def list_binding_texts() -> list[BindingText]:
    """Every version of every text that a consent may name, in the order of publication."""
    versions = LegalVersion.objects.exclude(document="").defer("body").order_by("pk")
    return [
        BindingText(
            document=version.document,
            version=version.version,
            title=version.title,
            path=version.path,
            effective_on=version.effective_on,
            is_substantive=version.is_substantive,
            changes=version.changes,
        )
        for version in versions
    ]


def list_unannounced() -> list[LegalVersion]:
    """The substantive versions that Owners have not all been told about."""
    return list(LegalVersion.objects.filter(is_substantive=True, announced_at=None).defer("body").order_by("pk"))


def incomplete_texts() -> list[tuple[LegalPage, list[str]]]:
    """The published legal pages that name a value of the publisher which is missing, and the labels of these values."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return []
    publisher = PublisherSettings.for_site(site)
    if not publisher.missing:
        return []
    pages = [(page, page.missing) for page in LegalPage.objects.live()]
    return [(page, missing) for page, missing in pages if missing]


def sum_campaigns(days: int = 90) -> list[CampaignSum]:
    """Each campaign of the last `days`, the one with most visits first."""
    since = timezone.localdate() - timedelta(days=days)
    sums = CampaignDay.objects.filter(day__gte=since).values("campaign").order_by()
    found = sums.annotate(total=Sum("visits"), last_day=Max("day")).order_by("-total")
    return [CampaignSum(row["campaign"], row["total"], row["last_day"]) for row in found]


def list_compared() -> list[Compared]:
    """Every test with its figures, the latest first."""
    sign_ups = sum_sign_ups(days=EXPERIMENTS_READ)
    counted = Experiment.objects.select_related("page").annotate(
        **{f"{what}_{letter}": Sum(f"days__{what}", filter=Q(days__variant=letter), default=0)
           for what in ("views", "calls") for letter in VARIANTS}
    )  # fmt: skip
    found = []
    for row in counted:
        first, second = (
            Tally(getattr(row, f"views_{letter}"), getattr(row, f"calls_{letter}"),
                  sign_ups.get(campaign_of(row.pk, letter), 0))
            for letter in VARIANTS
        )  # fmt: skip
        found.append(Compared(row, first, second, compare(first, second)))
    return found


def sum_sign_ups(days: int = 90) -> dict[str, int]:
    """The sign-ups that each campaign brought in the last `days`."""
    since = timezone.now() - timedelta(days=days)
    found: dict[str, int] = import_string(settings.CAMPAIGN_SIGN_UPS)(since)
    return found
