"""Writes of the status page and of the health of the installation."""
