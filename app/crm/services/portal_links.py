"""Links by which a customer enters their space without a password."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop

from ..models import Customer, CustomerLink

#: What a link leads to is no longer than this; an address made by hand may be.
PATH_LONGEST = 200
#: A link that the customer has just asked for, and one that comes with a document.
ASKED_LIFE = timedelta(minutes=30)
SENT_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Opened:
    """A link that was followed: whose it is, where it leads, whether it still opens the door."""

    customer: Customer
    path: str
    valid: bool


def make_link(*, workshop: Workshop, customer: Customer, path: str, life: timedelta = SENT_LIFE) -> str:
    """The whole address of a new single-use link to a page of the customer's space."""
    token = secrets.token_urlsafe(32)
    CustomerLink.objects.create(
        workshop=workshop,
        customer=customer,
        token_hash=_hash(token),
        path=path,
        expires_at=timezone.now() + life,
    )
    return absolute_url(workshop_url(workshop, "portal:open", token=token))


def find_link(token: str) -> Opened | None:
    """The link behind a token, without using it; None when this workshop has no such link."""
    link = CustomerLink.objects.select_related("customer").filter(token_hash=_hash(token)).first()
    return _opened(link) if link else None


def use_link(*, token: str) -> Opened | None:
    """Use the link: of two simultaneous uses, one is valid. None when this workshop has no such link."""
    link = (
        CustomerLink.objects.select_for_update(of=("self",))
        .select_related("customer")
        .filter(token_hash=_hash(token))
        .first()
    )
    if link is None:
        return None
    opened = _opened(link)
    if opened.valid:
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        Customer.objects.filter(pk=link.customer_id, portal_opened_at=None).update(portal_opened_at=link.used_at)
    return opened


def note_invitation(*, customer: Customer) -> None:
    """Remember that the customer has been invited to their space: the next quote is "in your space"."""
    Customer.objects.filter(pk=customer.pk, portal_invited_at=None).update(portal_invited_at=timezone.now())


def close_links(customer_pks: Collection[int]) -> None:
    """The links mailed so far open nothing any more: these customers have another address, the old one is not theirs.

    Their pages say so and send a new link, to the address that the workshop knows now.
    """
    now = timezone.now()
    CustomerLink.objects.filter(customer_id__in=customer_pks, used_at=None, expires_at__gt=now).update(expires_at=now)


def follow_merge(*, kept: Customer, merged: Customer) -> None:
    """The links mailed to a record that goes into another lead on; they open only if the address stays the same."""
    if kept.email_key and kept.email_key != merged.email_key:
        close_links([merged.pk])
    CustomerLink.objects.filter(customer=merged).update(customer=kept)


def _opened(link: CustomerLink) -> Opened:
    erased = link.customer.erased_at is not None
    valid = link.used_at is None and link.expires_at > timezone.now() and not erased
    return Opened(link.customer, link.path, valid)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
