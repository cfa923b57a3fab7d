"""The publisher's feature flags: each change with effect at once, and in the history."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import difference
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.scope import platform_scope

from ..constants import ChangeKind
from ..flags import forget_flags
from ..models import FeatureFlag
from .changing import Planned, record_change, require_version

FIELDS = ("description", "is_on", "percent", "plans", "workshops", "variants")


def create_flag(*, actor: Actor, key: str, values: Mapping[str, Any]) -> FeatureFlag:
    """Add a flag. RuleError for a key that is taken."""
    with platform_scope():
        if FeatureFlag.objects.filter(key=key).exists():
            raise RuleError(_("This key is taken."), field="key")
        flag: FeatureFlag = FeatureFlag.objects.create(key=key, **values)
        _record(actor, flag, {name: [None, value] for name, value in values.items()})
    return flag


def change_flag(*, flag_pk: int, actor: Actor, values: Mapping[str, Any], version: int) -> None:
    """Save the values with effect at once; RuleError when someone else saved since `version` was read."""
    with platform_scope():
        flag = FeatureFlag.objects.select_for_update().get(pk=flag_pk)
        require_version(flag.version, version)
        _save(actor, flag, values)


def switch_off(*, flag_pk: int, actor: Actor) -> None:
    """Close the function to everybody, whatever else the flag says."""
    with platform_scope():
        _save(actor, FeatureFlag.objects.select_for_update().get(pk=flag_pk), {"is_on": False})


def _save(actor: Actor, flag: FeatureFlag, values: Mapping[str, Any]) -> None:
    changes = difference({name: getattr(flag, name) for name in FIELDS}, values)
    if not changes:
        return
    for name, value in values.items():
        setattr(flag, name, value)
    flag.version += 1
    flag.save()
    _record(actor, flag, changes)


def _record(actor: Actor, flag: FeatureFlag, changes: Mapping[str, Any]) -> None:
    record_change(actor, Planned(dict(changes), ChangeKind.FLAG, ()), subject=flag.key, offer=None)
    transaction.on_commit(forget_flags)
