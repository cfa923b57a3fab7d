"""Screens of batches."""
