"""A local server that speaks Stripe's protocol, with state: see README.md in this folder."""

from .client import StripeServer
from .settings import Settings

__all__ = ["Settings", "StripeServer"]
