"""Screens of quotes."""
