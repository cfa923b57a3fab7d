"""The workshop's words for defects and causes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import DEFAULT_TERMS, TermKind
from ..models import QualityTerm


def supply_terms(*, workshop: Workshop) -> None:
    """Give a workshop the words supplied with the product, unless it has some; safe to repeat and at once."""
    if QualityTerm.objects.exists():
        return
    QualityTerm.objects.bulk_create(
        (
            QualityTerm(workshop=workshop, kind=kind, name=str(name), position=position)
            for kind, names in DEFAULT_TERMS.items()
            for position, name in enumerate(names, start=1)
        ),
        ignore_conflicts=True,
    )


def save_term(
    *, workshop: Workshop, actor: Actor, kind: TermKind, name: str, term: QualityTerm | None = None
) -> QualityTerm:
    """Add a word or rename one; a word put away comes back. RuleError when it is empty or exists already."""
    name = " ".join(name.split())
    if not name:
        raise RuleError(_("Write a name."), field="name")
    same = QualityTerm.objects.filter(kind=kind, name__iexact=name)
    twin = (same.exclude(pk=term.pk) if term else same).first()
    if twin and (term or twin.archived_at is None):
        raise RuleError(_("“%(name)s” is in the list already.") % {"name": twin.name}, field="name")
    with transaction.atomic():
        held = term or twin or QualityTerm(workshop=workshop, kind=kind, position=_next_position(kind))
        before = held.name
        held.name, held.archived_at = name, None
        held.save()
        record(workshop=workshop, actor=actor, action="term.saved", subject=held, changes={"name": [before, name]})
    return held


def archive_term(*, workshop: Workshop, actor: Actor, term: QualityTerm) -> None:
    """Take a word out of the lists; the non-conformities that use it keep it. RuleError for the last defect."""
    others = QualityTerm.objects.filter(kind=term.kind, archived_at=None).exclude(pk=term.pk)
    if term.kind == TermKind.DEFECT and not others.exists():
        raise RuleError(_("Keep at least one type of defect."))
    with transaction.atomic():
        QualityTerm.objects.filter(pk=term.pk, archived_at=None).update(archived_at=timezone.now())
        record(workshop=workshop, actor=actor, action="term.archived", subject=term)


def _next_position(kind: TermKind) -> int:
    last = QualityTerm.objects.filter(kind=kind).order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1
