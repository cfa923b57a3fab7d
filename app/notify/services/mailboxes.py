"""Connecting the workshop's mailbox and watching over it."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.kernel.jobs import send_on_commit
from app.notify.constants import CHECK_MAILBOX, Health, Provider, Security
from app.notify.errors import AccountRefusedError, DeliveryError, TemporaryError
from app.notify.models import Mailbox
from app.notify.selectors import find_mailbox
from app.notify.senders import check, mailbox_connection
from app.notify.services.outbox import queue_email, queue_platform_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import list_members_with


@dataclass(frozen=True, slots=True)
class MailboxData:
    """What connects a mailbox; host, port and encryption matter to classic SMTP only."""

    provider: Provider
    address: str
    secret: str
    username: str = ""
    host: str = ""
    port: int = 587
    security: Security = Security.STARTTLS


def connect_mailbox(*, workshop: Workshop, actor: Actor, data: MailboxData) -> Mailbox:
    """Keep the account in place of the former one; it is checked after the commit, and waiting messages follow."""
    mailbox = Mailbox(workshop=workshop, **asdict(data))
    with transaction.atomic():
        Workshop.objects.select_for_update().get(pk=workshop.pk)  # a form sent twice at once: one after the other
        Mailbox.objects.filter(workshop=workshop).delete()
        mailbox.save()
        changes = {"provider": str(data.provider), "address": data.address}
        record(workshop=workshop, actor=actor, action="mailbox.connected", subject=mailbox, changes=changes)
    check_again(workshop=workshop, mailbox=mailbox)
    return mailbox


def check_again(*, workshop: Workshop, mailbox: Mailbox) -> None:
    """Ask a worker to sign in to the provider; the answer is on the mailbox a few seconds later."""
    Mailbox.objects.filter(pk=mailbox.pk).update(health=Health.UNTESTED, last_error="")
    send_on_commit(CHECK_MAILBOX, workshop_id=workshop.pk)


def check_mailbox(*, workshop_id: int) -> None:
    """Sign in to the provider without sending. Opens its own scopes: call it outside of one."""
    with workshop_scope(workshop_id):
        workshop, mailbox = Workshop.objects.get(pk=workshop_id), find_mailbox()
    if mailbox is None:
        return
    error: DeliveryError | None = None
    try:
        check(mailbox_connection(mailbox))
    except DeliveryError as refusal:
        error = refusal
    with workshop_scope(workshop_id):
        record_health(workshop=workshop, mailbox=mailbox, error=error)


def disconnect_mailbox(*, workshop: Workshop, actor: Actor, mailbox: Mailbox) -> None:
    """Forget the mailbox and its secret; messages, the waiting ones too, leave through the product again."""
    with transaction.atomic():
        record(workshop=workshop, actor=actor, action="mailbox.disconnected", subject=mailbox)
        mailbox.delete()


def send_test_message(*, workshop: Workshop, actor: Actor, to: str, address: str) -> None:
    """Queue a message to the person who asks, from the mailbox whose address is given."""
    queue_email(workshop=workshop, actor=actor, kind="mailbox_test", to=to, context={"adresse": address})


def record_health(*, workshop: Workshop, mailbox: Mailbox, error: DeliveryError | None) -> None:
    """Write what an attempt said of the mailbox; when it starts to be refused, warn the Owners, once."""
    health = health_after(error)
    mailbox.last_error = "" if health == Health.OK else str(error)
    row = Mailbox.objects.filter(pk=mailbox.pk)
    newly_refused = health == Health.REFUSED and row.exclude(health=health).update(health=health)
    row.update(health=health, checked_at=timezone.now(), last_error=mailbox.last_error, secret=mailbox.secret)
    if newly_refused:
        _warn_owners(workshop, mailbox)


def health_after(error: DeliveryError | None) -> Health:
    """A refused recipient or message means that the mailbox itself works."""
    if isinstance(error, AccountRefusedError):
        return Health.REFUSED
    return Health.UNREACHABLE if isinstance(error, TemporaryError) else Health.OK


def _warn_owners(workshop: Workshop, mailbox: Mailbox) -> None:
    """Through the product's own sender: the workshop's is the one that does not work."""
    link = absolute_url(workshop_url(workshop, "notify:mailbox"))
    for member in list_members_with(Permission.SUBSCRIPTION_MANAGE):
        queue_platform_email(
            kind="mailbox_refused",
            to=member.user.email,
            context={
                "prenom": member.user.first_name,
                "atelier": workshop.name,
                "adresse": mailbox.address,
                "raison": mailbox.last_error,
                "lien": link,
            },
            language=member.user.language,
        )
