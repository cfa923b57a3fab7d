"""Ovens, their plans and their loads."""

from .oven import Oven, OvenDay, OvenLoad, OvenLoadPart, OvenPlan, OvenSettings

__all__ = ["Oven", "OvenDay", "OvenLoad", "OvenLoadPart", "OvenPlan", "OvenSettings"]
