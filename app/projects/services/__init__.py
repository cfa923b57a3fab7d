"""Writes of projects: starting, working, finishing, workflows."""
