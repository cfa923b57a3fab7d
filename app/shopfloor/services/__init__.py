"""Writes of the workshop mode."""
