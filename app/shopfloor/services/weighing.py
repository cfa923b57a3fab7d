"""A weighing that comes from a device: at the time it was made, with the questions that were answered there."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.errors import RuleError
from app.stock.constants import GRAM
from app.stock.models import Carton
from app.stock.plausibility import Doubt
from app.stock.selectors import all_cartons
from app.stock.services.weighing import DoubtError, Reading, weigh_carton
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import Outcome
from ..models import DeviceAction
from ..payloads import text_of, whole
from .cases import Verdict

REASON_LONGEST = 200
#: Asked in the office alone: the device does not know what is expected.
NOT_ASKED_THERE = (Doubt.LARGE_GAP,)


def apply_weighing(*, workshop: Workshop, actor: Actor, row: DeviceAction) -> Verdict:
    """Weigh a carton; what was not asked on the device and should have been is refused, with everything kept."""
    if not has_feature(workshop, Feature.BASIC_STOCK):
        raise RuleError(_("The plan of the workshop does not include the stock."))
    payload = row.payload
    confirmed = payload.get("confirmed") or []
    if not isinstance(confirmed, list):
        raise RuleError(_("This weighing cannot be read."))
    reading = Reading(
        key=row.key, gross=_weight(payload.get("gross")), at=row.at, powder_pk=whole(payload.get("powder")),
        confirmed=frozenset([doubt for doubt in Doubt if doubt in confirmed or doubt in NOT_ASKED_THERE]),
        reason=text_of(payload.get("reason"), REASON_LONGEST),
        tare=None if payload.get("tare") is None else _weight(payload["tare"]),
    )  # fmt: skip
    try:
        weighing = weigh_carton(workshop=workshop, actor=actor, carton=_carton(payload.get("carton")), reading=reading)
    except DoubtError as doubt:
        raise RuleError(_("This weight is doubtful and was not confirmed: weigh the carton again.")) from doubt
    result = {
        "weighing": weighing.pk,
        "net": f"{weighing.net}",
        "theory": f"{weighing.theory}",
        "gap": f"{weighing.gap}",
    }
    return Verdict(Outcome.APPLIED, result=result)


def _weight(value: object) -> Decimal:
    try:
        weight = Decimal(str(value)).quantize(GRAM)
    except InvalidOperation as error:
        raise RuleError(_("This weight cannot be read.")) from error
    if not weight.is_finite():
        raise RuleError(_("This weight cannot be read."))
    return weight


def _carton(value: object) -> Carton:
    found = all_cartons().filter(pk=whole(value) or 0).first()
    if found is None:
        raise RuleError(_("This carton is not in this workshop."))
    return found
