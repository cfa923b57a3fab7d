"""Batches and what they hold; ovens, their plans and their loads."""

from .batch import Batch, BatchItem, BatchSettings, PowderShare
from .oven import Oven, OvenDay, OvenLoad, OvenLoadPart, OvenPlan, OvenSettings

__all__ = [
    "Batch",
    "BatchItem",
    "BatchSettings",
    "Oven",
    "OvenDay",
    "OvenLoad",
    "OvenLoadPart",
    "OvenPlan",
    "OvenSettings",
    "PowderShare",
]
