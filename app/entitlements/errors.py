"""Refusals of plans: a quota that is reached, a feature that is not included. Each says what lifts it."""

from collections.abc import Sequence

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

from .constants import Dimension, Feature
from .quotas import Quota
from .remedies import Remedy, names_of


class QuotaReachedError(RuleError):
    """There is no room left for what was asked; other functions go on."""

    def __init__(self, quota: Quota, remedies: Sequence[Remedy] = ()) -> None:
        self.quota = quota
        self.remedies = tuple(remedies)
        super().__init__(" ".join([_reached(quota), *_renewal(quota), _more(self.remedies)]))


class FeatureRefusedError(RuleError):
    """The workshop's plan does not include the feature."""

    def __init__(self, feature: Feature, remedies: Sequence[Remedy] = ()) -> None:
        self.feature = feature
        self.remedies = tuple(remedies)
        refused = _("“%(feature)s” is not part of your plan.") % {"feature": feature.label}
        super().__init__(f"{refused} {_included(self.remedies)}")


def _reached(quota: Quota) -> str:
    if quota.dimension == Dimension.STORAGE:
        return _("The storage of your plan is full.")
    limit = quota.limit or 0
    return _("Your quota is reached: %(what)s, %(used)d of %(limit)d.") % {
        "what": Dimension(quota.dimension).label,
        "used": quota.used,
        "limit": limit,
    }


def _renewal(quota: Quota) -> list[str]:
    if quota.renews_at is None:
        return []
    day = formats.date_format(timezone.localtime(quota.renews_at), "j F Y, H:i")
    return [_("It renews on %(day)s.") % {"day": day}]


def _more(remedies: Sequence[Remedy]) -> str:
    return _("To have more: %(offers)s.") % {"offers": names_of(remedies)} if remedies else _ask()


def _included(remedies: Sequence[Remedy]) -> str:
    return _("Included in: %(offers)s.") % {"offers": names_of(remedies)} if remedies else _ask()


def _ask() -> str:
    return _("Ask ThermoGestion what can be done.")
