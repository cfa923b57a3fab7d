"""Screens of the stock, one module by subject."""
