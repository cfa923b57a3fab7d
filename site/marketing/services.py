"""What the site writes: announcements of legal texts, stories offered, visits of campaigns."""

from datetime import date, timedelta
from typing import Any

from cms.models import PublisherSettings
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import formats, timezone, translation
from django.utils.module_loading import import_string
from wagtail.models import Site

from .models import CampaignDay, Experiment, ExperimentDay, LegalVersion, StoryProposal
from .selectors import list_unannounced

#: Campaigns counted at most in a day: addresses made up by robots must not fill the table.
MOST_CAMPAIGNS_A_DAY = 200
#: A story offered is somebody's name and address: it goes after a year.
PROPOSALS_KEPT = timedelta(days=365)


def announce_texts() -> int:
    """Tell every Owner about each substantive version, once; how many versions are now announced.

    It can be stopped anywhere and run again: a message that was queued has its key, and is not queued twice.
    """
    versions = list_unannounced()
    for version in versions:
        for person in import_string(settings.WORKSHOP_OWNERS)():
            _announce(version, person)
        LegalVersion.objects.filter(pk=version.pk).update(announced_at=timezone.now())
    return len(versions)


def offer_story(*, proposal: StoryProposal) -> StoryProposal:
    """Keep a story that a workshop offers to tell, and tell the publisher if its address is known."""
    with transaction.atomic():
        proposal.save()
        to = publisher_address()
        if to:
            context = {"nom": proposal.name, "atelier": proposal.workshop, "adresse": proposal.email,
                       "texte": proposal.text}  # fmt: skip
            import_string(settings.PLATFORM_EMAIL)(
                kind="story_offered", to=to, context=context, dedupe_key=f"story:{proposal.pk}"
            )
    return proposal


def forget_old_stories() -> int:
    """Delete the stories offered that nothing came of; the form says after how long. How many."""
    return StoryProposal.objects.filter(at__lt=timezone.now() - PROPOSALS_KEPT).delete()[0]


def publisher_address() -> str:
    """Where the publisher reads what visitors write; "" until it is given."""
    site = Site.objects.filter(is_default_site=True).first()
    return str(PublisherSettings.for_site(site).email) if site else ""


def count_visit(*, campaign: str, day: date) -> None:
    """Add one to the visits that a campaign brought that day: a sum, without anything about anybody."""
    row = CampaignDay.objects.filter(campaign=campaign, day=day)
    if row.update(visits=F("visits") + 1):
        return
    if CampaignDay.objects.filter(day=day).count() < MOST_CAMPAIGNS_A_DAY:
        _row, is_new = CampaignDay.objects.get_or_create(campaign=campaign, day=day, defaults={"visits": 1})
        if not is_new:
            row.update(visits=F("visits") + 1)


def count_variant(*, experiment_pk: int, variant: str, calls: bool, day: date) -> bool:
    """Add one to the readings of a wording, or to the calls pressed; False when no such test is running."""
    if not Experiment.objects.filter(pk=experiment_pk, is_running=True).exists():
        return False
    row, _is_new = ExperimentDay.objects.get_or_create(experiment_id=experiment_pk, variant=variant, day=day)
    field = "calls" if calls else "views"
    ExperimentDay.objects.filter(pk=row.pk).update(**{field: F(field) + 1})
    return True


def _announce(version: LegalVersion, person: Any) -> None:
    with translation.override(person.language):
        effective_on = formats.date_format(version.effective_on)
    import_string(settings.PLATFORM_EMAIL)(
        kind="legal_change",
        to=person.email,
        context={
            "prenom": person.first_name or person.email,
            "document": version.title,
            "date_effet": effective_on,
            "changements": version.changes,
            "lien": f"{settings.BASE_URL}{version.path}",
        },
        dedupe_key=f"legal:{version.pk}:{person.pk}",
        language=person.language,
    )
