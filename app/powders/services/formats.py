"""Packagings of a brand and the weight of their empty carton."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.powders.models import PowderFormat
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


def save_format(
    *,
    workshop: Workshop,
    actor: Actor,
    brand: str,
    net_kg: Decimal,
    tare_kg: Decimal,
    packaging: PowderFormat | None = None,
) -> PowderFormat:
    """Add a packaging or correct one. Refused when the brand already has one of this weight."""
    created = packaging is None
    packaging = packaging or PowderFormat(workshop=workshop)
    before = None if created else [str(packaging), str(packaging.tare_kg)]
    packaging.brand, packaging.net_kg, packaging.tare_kg = " ".join(brand.split()), net_kg, tare_kg
    with transaction.atomic():
        try:
            with transaction.atomic():
                packaging.save()
        except IntegrityError as error:
            if "one_powder_format_per_weight" not in str(error):
                raise
            message = _("This brand already has a packaging of this weight.")
            raise RuleError(message, field="net_kg") from error
        record(
            workshop=workshop,
            actor=actor,
            action="powder_format.created" if created else "powder_format.updated",
            subject=packaging,
            changes={"packaging": [before, [str(packaging), str(packaging.tare_kg)]]},
        )
    return packaging


def delete_format(*, workshop: Workshop, actor: Actor, packaging: PowderFormat) -> None:
    """Remove a packaging that is no longer delivered."""
    with transaction.atomic():
        record(workshop=workshop, actor=actor, action="powder_format.deleted", subject=packaging)
        packaging.delete()
