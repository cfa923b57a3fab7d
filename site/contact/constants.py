"""What people write about, what becomes of it, and how long it is kept."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What a message is about; the values stand in addresses (`/contact/?sujet=…`)."""

    QUESTION = "question", _("A question before starting")
    HELP = "aide", _("Help with the software")
    SET_UP = "mise-en-route", _("A set-up call")
    PLAN = "abonnement", _("The subscription or an invoice")
    PRIVACY = "donnees", _("My personal data")
    OTHER = "autre", _("Something else")


class State(models.TextChoices):
    """Where the publisher is with it."""

    NEW = "new", _("new")
    HANDLED = "handled", _("handled")
    SPAM = "spam", _("spam")


class Slot(models.TextChoices):
    """When somebody can be called."""

    MORNING = "matin", _("between 9 and 12")
    AFTERNOON = "apres-midi", _("between 14 and 18")


#: Filled faster than this, in seconds, a form was not filled by a person.
FASTEST = 3
#: A form left open longer than this, in seconds, is asked to be checked and sent again.
OLDEST = 24 * 3600
LONGEST_MESSAGE = 5000
#: How far ahead a call may be asked for, in days.
CALL_WITHIN = 45
#: A prospect's data are kept three years after the last contact (CNIL, management of prospects).
KEPT = timedelta(days=3 * 365)
#: Spam is forgotten sooner.
SPAM_KEPT = timedelta(days=30)
