"""Writing on a powder's sheet what weighings have taught."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.powders.selectors import get_powder
from app.powders.services.powders import PowderData, update_powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..learning import read_yield
from ..models import Item


def accept_consumption(*, workshop: Workshop, actor: Actor, item: Item, proposed: Decimal) -> None:
    """Write the proposed consumption on the powder; RuleError when weighings since then propose another."""
    if item.powder_id is None or read_yield(item).proposed != proposed:
        raise RuleError(_("New weighings have changed this proposal: look at it again."))
    powder = get_powder(item.powder_id)
    data = PowderData(**{name: getattr(powder, name) for name in PowderData.__dataclass_fields__})
    update_powder(workshop=workshop, actor=actor, powder=powder, data=replace(data, consumption_g_per_m2=proposed))
