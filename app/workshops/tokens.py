"""The link of an invitation: signed, good for one sending of one invitation."""

from django.core import signing

from app.tenancy.models import Invitation
from app.tenancy.scope import platform_scope

SALT = "app.workshops.invitation"


def invitation_token(invitation: Invitation) -> str:
    """A token that names the invitation and the sending: a later sending, which moves the expiry, replaces it."""
    return signing.dumps([invitation.pk, int(invitation.expires_at.timestamp())], salt=SALT)


def find_invitation(token: str) -> Invitation | None:
    """The invitation of this link with its workshop; None for a forged link or one that a later sending replaced."""
    try:
        invitation_pk, sending = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with platform_scope():
        invitation = Invitation.objects.select_related("workshop").filter(pk=invitation_pk).first()
    if invitation is None or int(invitation.expires_at.timestamp()) != sending:
        return None
    return invitation
