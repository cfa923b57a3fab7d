"""What a device may send, and what becomes of it."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionKind(models.TextChoices):
    STEP = "step", _("Step validated")
    NONCONFORMITY = "nc", _("Non-conformity declared")
    PART = "part", _("Part recorded")
    NOTE = "note", _("Note written")
    PHOTO = "photo", _("Photo taken")
    CAPTION = "caption", _("Caption written")
    BATCH = "batch", _("Batch opened, launched or closed")
    WEIGH = "weigh", _("Carton weighed")


class Outcome(models.TextChoices):
    """What the server did with an action; each is final, but a conflict, which somebody resolves."""

    APPLIED = "applied", _("Done")
    OVERTAKEN = "overtaken", _("A later one was kept")
    CONFLICT = "conflict", _("To decide")
    REFUSED = "refused", _("Refused")


class Choice(models.TextChoices):
    """How a conflict was resolved."""

    MINE = "mine", _("what the tablet says")
    THEIRS = "theirs", _("what was there")


#: Actions in one request: small enough to hold the rows of few projects, large enough for a day in a minute.
MOST_AT_ONCE = 50
#: How many projects a device carries.
QUEUE_SIZE = 80
#: And how many more that it names: scanned, looked at, or with something that waits on it.
MOST_NAMED = 30
#: Powders a device can choose from when a part is recorded.
POWDERS_CARRIED = 400
#: A clock that differs less is right.
CLOCK_TOLERANCE = timedelta(minutes=2)

#: An entry of the trail and a row of the ledger this close were written together.
SAME_MOMENT = timedelta(seconds=5)

PHOTO_LARGEST = 10 * 1024 * 1024
CHUNK_LARGEST = 1024 * 1024
#: Photos on their way from one sender: more than a day without network makes, and 2 GB at most.
UPLOADS_MOST = 200
#: An upload that nobody finishes.
UPLOAD_FORGOTTEN_AFTER = timedelta(days=14)

PIN_TRIES = 5
PIN_LOCKED_FOR = timedelta(minutes=5)
ENROLMENT_LASTS = timedelta(hours=1)
TABLET_COOKIE = "thermo_tablet"
TABLET_COOKIE_AGE = timedelta(days=400)
#: Tells the script of the workshop mode who has last signed in on this device, with or without network.
ACCOUNT_COOKIE = "device_account"
#: What somebody's own device keeps is under this name.
PERSON_KEY = "u{}"
SEAT_SESSION_KEY = "floor_seat"
LOCK_MINUTES = 5
