"""Screens of the powder catalogue, one module by subject."""
