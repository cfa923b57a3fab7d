"""Reads across every workshop, for the publisher; each opens the scope that it needs."""

from .overview import Overview, get_overview
from .workshops import find_member

__all__ = ["Overview", "find_member", "get_overview"]
