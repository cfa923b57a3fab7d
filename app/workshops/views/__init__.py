"""Screens of the team and of the workshop's identity."""
