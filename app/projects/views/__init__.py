"""Screens of projects."""
