"""Writes: identity, members, invitations."""
