"""Keeping and removing files. Bytes and row end together, whatever is killed between the two:

- the bytes are written first, under the day's folder, then the row: a transaction that rolls back leaves bytes
  without a row, which the nightly sweep of the last days' folders removes;
- a deletion writes a FileRemoval in its transaction: the bytes go after the commit, or at the next sweep.
"""

import hashlib
import re
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.entitlements.constants import Dimension
from app.entitlements.errors import QuotaReachedError
from app.entitlements.services import consume, count, release
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from .constants import ABANDONED_AFTER, KINDS, MEGABYTE, NAME_LONGEST, Tier
from .direct import incoming_folder
from .models import FileRemoval, StoredFile, day_folder, new_storage_key
from .selectors import get_file, open_file, private_storage, storage_of
from .sniffing import agrees

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def store_file(
    *, workshop: Workshop, actor: Actor, name: str, content: bytes, kind: str, content_type: str
) -> StoredFile:
    """Keep a private file. RuleError when it is empty, too large, or not of a type that its kind accepts.

    QuotaReachedError when the storage is full, unless its kind is kept whatever happens.

    `content_type` is what the sender says; the content must agree with it.
    """
    _require_acceptable(content, kind, content_type)
    key = private_storage().save(new_storage_key(workshop.pk), ContentFile(content))
    _take_room(workshop, actor, kind, key, len(content))
    stored: StoredFile = StoredFile.objects.create(
        workshop=workshop,
        kind=kind,
        name=clean_name(name),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key,
        created_by_id=actor.user_id,
    )
    return stored


def read_file(public_id: UUID) -> bytes:
    """The content of a file of the workshop in scope; StoredFile.DoesNotExist, FileNotFoundError."""
    with open_file(get_file(public_id)) as handle:
        content: bytes = handle.read()
    return content


def delete_file(*, actor: Actor, stored: StoredFile) -> None:
    """Remove a file: the row now, the bytes once the transaction is committed. Its room is given back by `actor`."""
    removal = FileRemoval.objects.create(
        workshop_id=stored.workshop_id, storage_key=stored.storage_key, tier=stored.tier
    )
    release(workshop=stored.workshop, dimension=Dimension.STORAGE, amount=stored.size, actor=actor)
    stored.delete()
    transaction.on_commit(partial(_finish_removal, removal.workshop_id, removal.pk), robust=True)


def move_file(*, stored: StoredFile, tier: Tier) -> None:
    """Move a file to another storage: written there, the row next, the former bytes removed after the commit."""
    if stored.tier == tier:
        return
    with open_file(stored) as handle:
        key = storage_of(tier).save(new_storage_key(stored.workshop_id), ContentFile(handle.read()))
    removal = FileRemoval.objects.create(
        workshop_id=stored.workshop_id, storage_key=stored.storage_key, tier=stored.tier
    )
    stored.storage_key, stored.tier = key, tier
    stored.save(update_fields=["storage_key", "tier"])
    transaction.on_commit(partial(_finish_removal, removal.workshop_id, removal.pk), robust=True)


def sweep_files(*, workshop: Workshop) -> int:
    """Remove the bytes that no row owns: those of deleted files and of transactions that failed. How many."""
    removals = list(FileRemoval.objects.filter(workshop=workshop).order_by("pk")[:1000])
    for removal in removals:
        storage_of(removal.tier).delete(removal.storage_key)
        removal.delete()
    days = sum(_sweep_folder(tier, day_folder(workshop.pk, days_ago)) for tier in Tier for days_ago in (1, 2, 3))
    return len(removals) + days + _sweep_folder(Tier.PRIVATE, incoming_folder(workshop.pk))


def clean_name(name: str) -> str:
    """A file name to show and to download under: no folder, no control or direction character, its ending kept."""
    base = _CONTROL_CHARACTERS.sub("", name).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    stem, dot, ending = base.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: NAME_LONGEST - len(ending) - 1]}.{ending}" if stem else ending
    return base[:NAME_LONGEST] or "document"


def _require_acceptable(content: bytes, kind: str, content_type: str) -> None:
    rules = KINDS[kind]
    if not content:
        raise RuleError(_("This file is empty."), field="file")
    if len(content) > rules.largest:
        limit = rules.largest // MEGABYTE
        raise RuleError(_("This file is larger than %(limit)s MB.") % {"limit": limit}, field="file")
    if content_type not in rules.types or not agrees(content_type, content):
        raise RuleError(_("This type of file is not accepted here."), field="file")


def _take_room(workshop: Workshop, actor: Actor, kind: str, key: str, size: int) -> None:
    """Count the bytes just written, or take them away again when there is no room for them.

    After the write and not before, so that the counter is not locked while the storage works.
    """
    if KINDS[kind].beyond_quota:
        count(workshop=workshop, dimension=Dimension.STORAGE, amount=size, actor=actor)
        return
    try:
        consume(workshop=workshop, dimension=Dimension.STORAGE, amount=size, actor=actor)
    except QuotaReachedError:
        private_storage().delete(key)
        raise


def _finish_removal(workshop_id: int, removal_pk: int) -> None:
    """After the commit: the bytes, then the row that remembers them."""
    with workshop_scope(workshop_id):
        removal = FileRemoval.objects.filter(pk=removal_pk).first()
        if removal is not None:
            storage_of(removal.tier).delete(removal.storage_key)
            removal.delete()


def _sweep_folder(tier: str, folder: str) -> int:
    """Remove what a folder holds without a row, once it is old enough to be abandoned."""
    storage = storage_of(tier)
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return 0
    keys = {f"{folder}/{name}" for name in names}
    owned = set(StoredFile.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True))
    abandoned = [key for key in keys - owned if timezone.now() - storage.get_modified_time(key) > ABANDONED_AFTER]
    for key in abandoned:
        storage.delete(key)
    return len(abandoned)
