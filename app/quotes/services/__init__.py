"""Writes of quotes: drafting, sending, answering, settings."""
