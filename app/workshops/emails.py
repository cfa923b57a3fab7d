"""The message of an invitation."""

from django.urls import reverse
from django.utils import formats, timezone, translation

from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url
from app.tenancy.models import Invitation, Workshop
from app.tenancy.permissions import Role

from .tokens import invitation_token


def send_invitation(*, workshop: Workshop, actor: Actor, invitation: Invitation) -> None:
    """Queue the message with the link that lets its reader in."""
    path = reverse("invitations:accept", kwargs={"token": invitation_token(invitation)})
    with translation.override("fr"):
        roles = ", ".join(str(Role(role).label) for role in invitation.roles)
        until = formats.date_format(timezone.localtime(invitation.expires_at), "j F Y")
    queue_email(
        workshop=workshop,
        kind="team_invitation",
        to=invitation.email,
        context={
            "prenom": invitation.first_name,
            "invite_par": actor.label,
            "roles": roles,
            "date_fin": until,
            "lien": absolute_url(path),
        },
        actor=actor,
        subject_ref=invitation,
    )
