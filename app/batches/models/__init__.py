"""Batches and what they hold."""

from .batch import Batch, BatchItem, BatchSettings, PowderShare

__all__ = ["Batch", "BatchItem", "BatchSettings", "PowderShare"]
