"""The messages about a customer's own data."""

from django.utils import timezone, translation
from django.utils.formats import date_format

from app.notify.services import queue_email
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


def confirm_erasure(*, workshop: Workshop, address: str, language: str) -> None:
    """Tell the person that their data is erased; this message alone keeps their address, as proof of the answer."""
    with translation.override(language):
        today = date_format(timezone.localdate())
    queue_email(
        workshop=workshop,
        actor=Actor.system("person erased"),
        kind="person_erased",
        to=address,
        context={"date_effacement": today},
        language=language,
    )
