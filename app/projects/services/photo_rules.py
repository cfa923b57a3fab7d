"""What a workshop decides about its photos, and what its customers agree to."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.crm.models import Customer
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import ConsentMeans
from ..models import PhotoConsent, PhotoSettings
from ..photo_selectors import find_photo_consent

RULES = ("shown_to_customers", "watermark", "attached_to_ready", "archive_after_months")


def save_photo_settings(*, workshop: Workshop, actor: Actor, wanted: dict[str, Any]) -> PhotoSettings:
    """Keep what the workshop does with its photos; versions with its logo are made when a customer comes."""
    with transaction.atomic():
        held, _new = PhotoSettings.objects.select_for_update().get_or_create(workshop=workshop)
        changes = difference({name: getattr(held, name) for name in RULES}, {name: wanted[name] for name in RULES})
        if changes:
            for name in RULES:
                setattr(held, name, wanted[name])
            held.save()
            record(workshop=workshop, actor=actor, action="photo.settings", subject=workshop, changes=changes)
    return held


def consent_words(workshop: Workshop) -> str:
    """The words that a customer agrees to when they say so to the workshop, kept with their agreement."""
    words = _(
        "The customer agrees that %(workshop)s show them the photos of their parts in their space. They can change "
        "their mind at any time."
    )
    return words % {"workshop": workshop.name}


def give_photo_consent(
    *, workshop: Workshop, actor: Actor, customer: Customer, text: str, means: ConsentMeans
) -> PhotoConsent:
    """Note that the customer agrees to see their photos online, with the words that were shown or said; once.

    Outside of their space it is the workshop that writes it down: the row says who. RuleError for an erased customer.
    """
    with transaction.atomic():
        if Customer.objects.select_for_update().get(pk=customer.pk).erased_at:
            raise RuleError(_("This customer has been erased."))
        given = find_photo_consent(customer)
        if given:
            return given
        given = PhotoConsent.objects.create(
            workshop=workshop, customer=customer, text=text, means=means, given_at=timezone.now(),
            noted_by_name="" if means == ConsentMeans.PORTAL else actor.label,
        )  # fmt: skip
        changes = {"text": text, "means": means.value}
        record(workshop=workshop, actor=actor, action="photo.consent_given", subject=customer, changes=changes)
    return given


def withdraw_photo_consent(*, workshop: Workshop, actor: Actor, customer: Customer) -> None:
    """The customer no longer agrees: their photos leave their space at once; what was agreed is kept as proof."""
    with transaction.atomic():
        in_force = PhotoConsent.objects.filter(customer=customer, withdrawn_at=None)
        if in_force.update(withdrawn_at=timezone.now()):
            record(workshop=workshop, actor=actor, action="photo.consent_withdrawn", subject=customer)
