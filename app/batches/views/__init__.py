"""Screens of batches and ovens."""
