"""Writes of features and quotas: what other apps call is here."""

from .counting import consume, count, release, require_feature, require_room
from .granting import allow, clear_allowance, grant, set_allowance, set_modules
from .recounting import forget_hours, recount
from .warning import take_warnings

__all__ = [
    "allow",
    "clear_allowance",
    "consume",
    "count",
    "forget_hours",
    "grant",
    "recount",
    "release",
    "require_feature",
    "require_room",
    "set_allowance",
    "set_modules",
    "take_warnings",
]
