"""Writes of imports and exports, one module by subject."""
