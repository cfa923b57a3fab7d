"""Writes of customers, one module by subject."""
