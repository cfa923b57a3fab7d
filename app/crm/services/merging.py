"""Making one record of two."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.entitlements.constants import Dimension
from app.entitlements.services import release
from app.kernel.errors import RuleError
from app.search.services import forget
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..comparison import completed
from ..followers import follow_names
from ..identity import data_of
from ..locks import lock_customers
from ..models import Customer
from ..related import references, rows_of
from ..selectors import SEARCH_KIND, TAG_KIND
from .customers import write
from .portal_links import follow_merge

MOMENTS = ("portal_invited_at", "portal_opened_at", "marketing_consent_at", "created_at")


def merge_customers(*, workshop: Workshop, actor: Actor, kept: Customer, merged: Customer) -> Customer:
    """Move all that refers to `merged` to `kept`, complete `kept` with what it lacks, remove `merged`.

    RuleError when both are the same record, or one of them has been erased.
    """
    if kept.pk == merged.pk:
        raise RuleError(_("A customer cannot be merged with itself."))
    with transaction.atomic():
        rows = {row.pk: row for row in lock_customers([kept.pk, merged.pk])}
        kept, merged = rows[kept.pk], rows[merged.pk]
        if kept.erased_at or merged.erased_at:
            raise RuleError(_("An erased customer cannot be merged."))
        before, absorbed = data_of(kept), data_of(merged)
        moved = {key.model._meta.model_name: rows_of(key, merged).update(**{key.name: kept}) for key in references()}
        for kind in (SEARCH_KIND, TAG_KIND):
            forget(kind=kind, object_pk=merged.pk)
        follow_merge(kept=kept, merged=merged)
        label, pk = str(merged), merged.pk
        _complete_moments(kept, merged)
        merged.delete()
        release(workshop=workshop, dimension=Dimension.CONTACTS, actor=actor)
        write(kept, completed(before, absorbed))
        follow_names([kept.pk])
        changes = difference(asdict(before), asdict(data_of(kept)))
        facts = {"merged": f"{label} ({pk})", "moved": {name: count for name, count in moved.items() if count}}
        record(workshop=workshop, actor=actor, action="customer.merged", subject=kept, changes=changes | facts)
    return kept


def _complete_moments(kept: Customer, merged: Customer) -> None:
    """The first time that each thing happened to either of them."""
    for name in MOMENTS:
        times = [moment for moment in (getattr(kept, name), getattr(merged, name)) if moment]
        setattr(kept, name, min(times, default=None))
