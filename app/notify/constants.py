"""States of a message and delays between attempts."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailState(models.TextChoices):
    """From the outbox to the recipient's server."""

    QUEUED = "queued", _("Waiting to leave")
    SENDING = "sending", _("Being sent")
    RETRYING = "retrying", _("Will be tried again")
    HELD = "held", _("Waiting for the mailbox")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Refused by the recipient")


#: What a workshop words for its customers, and its quotes, are in French, whatever its people read the screens in.
CUSTOMERS_LANGUAGE = "fr"

#: States from which a worker may take a message.
CLAIMABLE = (EmailState.QUEUED, EmailState.RETRYING)
#: States that a person may send again from.
RESENDABLE = (EmailState.FAILED, EmailState.BOUNCED, EmailState.RETRYING, EmailState.HELD)

#: Pause after each failed attempt; after the last one the message has failed.
RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
#: The task of a new message is given this long before the sweep sends another one.
FIRST_SWEEP_AFTER = timedelta(seconds=45)
#: A message that is "being sent" for longer belongs to a worker that died.
SENDING_LASTS_AT_MOST = timedelta(minutes=10)
SWEEP_SIZE = 500

SEND_WORKSHOP_EMAIL = "app.notify.tasks.send_workshop_email"
CHECK_MAILBOX = "app.notify.tasks.check_mailbox"
SEND_PLATFORM_EMAIL = "app.notify.tasks.send_platform_email"
SEND_PUSH = "app.notify.tasks.send_push"
#: A notification older than this is of no use to anybody.
PUSH_RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
PUSH_KEPT_FOR = timedelta(days=7)


class Provider(models.TextChoices):
    """Whose server sends the workshop's mail."""

    GMAIL = "gmail", "Gmail / Google Workspace"
    OUTLOOK = "outlook", "Outlook / Microsoft 365"
    SMTP = "smtp", _("Other mailbox (SMTP)")
    SENDGRID = "sendgrid", "SendGrid"
    MAILGUN = "mailgun", "Mailgun"


class Security(models.TextChoices):
    """How the connection to an SMTP server is encrypted."""

    STARTTLS = "starttls", "STARTTLS (587)"
    TLS = "tls", "TLS (465)"


class Health(models.TextChoices):
    """What the last use of the mailbox said."""

    UNTESTED = "untested", _("Not tested yet")
    OK = "ok", _("Working")
    REFUSED = "refused", _("Authorisation refused")
    UNREACHABLE = "unreachable", _("Unreachable")
