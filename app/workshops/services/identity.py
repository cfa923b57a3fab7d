"""The workshop's identity: what stands on its documents, its colour, its logo, its address."""

from typing import Any

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.files.selectors import get_file
from app.files.services import delete_file, store_file
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import FormerSlug, Workshop
from app.tenancy.selectors import is_allowed_slug

from ..locks import lock_workshop

IDENTITY = (
    "name", "email", "phone", "street", "postcode", "city", "country", "time_zone", "legal_form", "capital", "siret",
    "register_city", "vat_number", "vat_exempt", "insurance", "mediator", "accent",
)  # fmt: skip


def save_identity(*, workshop: Workshop, actor: Actor, values: dict[str, Any]) -> Workshop:
    """Keep the details that stand on quotes, mails and the customers' pages. `values` holds fields of IDENTITY."""
    with transaction.atomic():
        held = lock_workshop(workshop.pk)
        before = model_to_dict(held, fields=IDENTITY)
        for name in IDENTITY:
            setattr(held, name, values[name])
        held.save(update_fields=IDENTITY)
        changes = difference(_readable(before), _readable(model_to_dict(held, fields=IDENTITY)))
        if changes:
            record(workshop=held, actor=actor, action="settings.identity", subject=held, changes=changes)
    return held


def set_logo(*, workshop: Workshop, actor: Actor, name: str, content: bytes, content_type: str) -> None:
    """Keep the logo instead of the one before; RuleError when it is not a picture."""
    with transaction.atomic():
        stored = store_file(
            workshop=workshop, actor=actor, name=name, content=content, kind="logo", content_type=content_type
        )
        _replace_logo(workshop, actor, stored.public_id)
        record(workshop=workshop, actor=actor, action="settings.logo", subject=workshop, changes={"logo": stored.name})


def remove_logo(*, workshop: Workshop, actor: Actor) -> None:
    """Go back to the workshop's name in letters."""
    with transaction.atomic():
        _replace_logo(workshop, actor, None)
        record(workshop=workshop, actor=actor, action="settings.logo", subject=workshop, changes={"logo": ""})


def change_slug(*, workshop: Workshop, actor: Actor, slug: str) -> Workshop:
    """Move the workshop to another address; the one it leaves keeps redirecting. RuleError when it is not free."""
    if not is_allowed_slug(slug):
        raise RuleError(_("Use lower-case letters, digits and hyphens; some words are reserved."), field="slug")
    taken = RuleError(_("This address is taken."), field="slug")
    with transaction.atomic():
        held = lock_workshop(workshop.pk)
        if held.slug == slug:
            return held
        if FormerSlug.objects.filter(slug=slug).exclude(workshop=held).exists():
            raise taken
        left, held.slug = held.slug, slug
        try:
            with transaction.atomic():
                held.save(update_fields=["slug"])
        except IntegrityError as error:  # another workshop has it: only the database sees them all
            raise taken from error
        FormerSlug.objects.filter(slug=slug).delete()
        FormerSlug.objects.get_or_create(slug=left, defaults={"workshop": held})
        changes = {"slug": [left, slug]}
        record(workshop=held, actor=actor, action="settings.address", subject=held, changes=changes)
    return held


def _replace_logo(workshop: Workshop, actor: Actor, public_id: Any) -> None:
    held = lock_workshop(workshop.pk)
    previous, held.logo_file_id = held.logo_file_id, public_id
    held.save(update_fields=["logo_file_id"])
    if previous:
        delete_file(actor=actor, stored=get_file(previous))


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool) else str(value or "") for name, value in values.items()}
