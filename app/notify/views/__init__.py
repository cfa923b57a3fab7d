"""Screens of the workshop's mail: mailbox, words, sent messages."""
