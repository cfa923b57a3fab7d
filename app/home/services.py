"""Opening the workshop that somebody asked for at sign-up."""

from itertools import count

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from app.accounts.models import User, WorkshopRequest
from app.audit.services import record
from app.billing.services.trial import start_trial
from app.entitlements.constants import Dimension
from app.entitlements.services import consume
from app.projects.services.workflows import default_workflow
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from app.tenancy.selectors import is_free_slug

from .guidance import welcome

SLUG_LONGEST = 50
#: The sign-up has done the first two steps of the setting-up: the account and the agreements.
FIRST_STEP = 3


def open_workshop(*, user_pk: int, ip: str | None = None) -> Workshop | None:
    """Open the workshop of a person's request, once: its Owner, its trial, its first workflow.

    None when there is nothing (left) to open: the row of the request is locked, so two clicks open one workshop.
    """
    with platform_scope():
        request = WorkshopRequest.objects.select_for_update().filter(user_id=user_pk, opened_at=None).first()
        if request is None:
            return None
        owner = User.objects.get(pk=user_pk)
        workshop = _create_workshop(request, owner)
        with workshop_scope(workshop.pk):
            _furnish(workshop, owner, ip)
        request.opened_at = timezone.now()
        request.save(update_fields=["opened_at"])
    return workshop


def _create_workshop(asked: WorkshopRequest, owner: User) -> Workshop:
    """The workshop's row; when another one takes its address at the same moment, the next free address."""
    values = {"email": owner.email, "phone": asked.phone, "onboarding_step": FIRST_STEP}
    while True:
        slug = free_slug(asked.workshop_name)
        try:
            with transaction.atomic():
                return Workshop.objects.create(name=asked.workshop_name, slug=slug, **values)
        except IntegrityError:
            if is_free_slug(slug):  # refused for another reason
                raise


def free_slug(name: str) -> str:
    """An address made of the workshop's name, that no workshop has or had; inside the platform's scope."""
    stem = slugify(name)[:SLUG_LONGEST].strip("-") or "atelier"
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in candidates if is_free_slug(slug))


def _furnish(workshop: Workshop, owner: User, ip: str | None) -> None:
    actor = Actor(label=str(owner), origin=Origin.SCREEN, user_id=owner.pk, ip=ip)
    with transaction.atomic():
        Membership.objects.create(workshop=workshop, user=owner, roles=[Role.OWNER])
        consume(workshop=workshop, dimension=Dimension.USERS, actor=actor)
        record(workshop=workshop, actor=actor, action="workshop.opened", subject=workshop)
        trial = start_trial(workshop=workshop, actor=actor)
        default_workflow(workshop=workshop)
        welcome(workshop=workshop, owner=owner, trial=trial)


def save_onboarding_step(*, workshop: Workshop, number: int) -> None:
    """Remember where the setting-up stands, to resume there."""
    Workshop.objects.filter(pk=workshop.pk).update(onboarding_step=number)


def finish_onboarding(*, workshop: Workshop, actor: Actor) -> None:
    """The setting-up is over, whatever was skipped; it is not proposed again."""
    with transaction.atomic():
        if Workshop.objects.filter(pk=workshop.pk, onboarded_at=None).update(onboarded_at=timezone.now()):
            record(workshop=workshop, actor=actor, action="workshop.set_up", subject=workshop)


def close_checklist(*, workshop: Workshop) -> None:
    """Put the first steps away, for the whole workshop."""
    Workshop.objects.filter(pk=workshop.pk, checklist_closed_at=None).update(checklist_closed_at=timezone.now())
