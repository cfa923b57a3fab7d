"""The confirmation of an address, sent again."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.http import HttpRequest


def resend_confirmation(request: HttpRequest, email: str) -> None:
    """Write to an address whatever we know of it, once per few minutes: nobody learns from it who has an account."""
    if not ratelimit.consume(request, action="confirm_email", key=email.lower()):
        return
    address = EmailAddress.objects.filter(email__iexact=email).first()
    if address is None:
        send_unknown_account_mail(request, email)
    elif address.verified:
        get_adapter(request).send_account_already_exists_mail(email)
    else:
        address.send_confirmation(request, signup=True)
