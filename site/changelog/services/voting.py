"""Votes for the roadmap: one voice for an account, or for a device without one."""

import secrets

from django.core.signing import Signer
from django.db import IntegrityError, transaction

from changelog.models import RoadmapItem, RoadmapVote
from changelog.selectors import VOTER_SALT


def new_device() -> tuple[str, str]:
    """(voter, value of its cookie) for somebody who has no account; it says nothing of the person."""
    name = secrets.token_urlsafe(16)
    return f"device:{name}", Signer(salt=VOTER_SALT).sign(name)


def vote(*, item: RoadmapItem, voter: str) -> None:
    """Give this voter's voice to the item; a second time changes nothing, even at the same moment."""
    try:
        with transaction.atomic():
            RoadmapVote.objects.get_or_create(item=item, voter=voter)
    except IntegrityError:
        return  # the other request has just written it


def withdraw_vote(*, item: RoadmapItem, voter: str) -> None:
    """Take the voice back."""
    RoadmapVote.objects.filter(item=item, voter=voter).delete()
