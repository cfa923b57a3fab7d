"""Taking a person out of the messages of a workshop, when their data is erased (GDPR, art. 17)."""

import re
from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from app.notify.constants import EmailState
from app.notify.models import PushMessage, WorkshopEmail

#: RFC 2606: no server will ever receive mail for it.
NOBODY = "erased@person.invalid"
GONE = (EmailState.SENT, EmailState.FAILED, EmailState.BOUNCED)
#: What has not left, or whose worker may die and leave it to another.
WAITING = (EmailState.QUEUED, EmailState.RETRYING, EmailState.HELD, EmailState.SENDING)
#: What colleagues are told, which names customers and is about no row in particular.
TO_STAFF = ("staff_event", "late_projects")


def forget_person(
    *, address: str, name: str, subjects: Mapping[str, Collection[int]], others: Collection[str] = ()
) -> None:
    """Empty the messages sent to this address or about these rows; those that have not left never will.

    What stays says that a message of this kind left that day: no name, no address, no words. `subjects` maps a kind
    of data to its keys; `name` is who acted when the person did, and what colleagues were told in messages and
    notifications, unless it is about a document of somebody of the same name, whose numbers are the `others`. A message
    that a worker is sending at this moment may still leave; nothing of it is kept, and nobody sends it again.
    """
    to_person = Q(to__iexact=address) if address else Q(pk=None)
    about = Q(pk=None)
    for kind, pks in subjects.items():
        about |= Q(subject_kind=kind, subject_pk__in=list(pks))
    if name:
        named = _named(name, others)
        about |= Q(kind__in=TO_STAFF, text__regex=named)
        PushMessage.objects.filter(Q(title__regex=named) | Q(body__regex=named)).delete()
    WorkshopEmail.objects.filter(to_person | about, state__in=WAITING).delete()
    WorkshopEmail.objects.filter(to_person | about, requested_by=name).update(requested_by="")
    WorkshopEmail.objects.filter(to_person | about, state__in=GONE).update(
        to=NOBODY,
        subject=_("Message to an erased person"),
        text="",
        html="",
        attachments=[],
        last_error="",
        unsubscribe_url="",
    )


def _named(name: str, others: Collection[str]) -> str:
    """The name as notices hold it, alone between its separators: “Q-12 · Li”, “P-7 · Gate · Li: promised on…”.

    A short name is also a part of other names and of ordinary words. A line that begins with one of `others`, or has
    it after its title (“Quote sent: Q-12 · Li”), names somebody else.
    """
    numbers = "|".join(re.escape(number) for number in sorted(others))
    somebody_else = rf"(?!(.*:\s)?({numbers})\s·)" if numbers else ""
    return rf"(?n)^{somebody_else}(.*·\s)?{re.escape(name)}(\s*:|\s*$)"
