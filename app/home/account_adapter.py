"""What happens around people's accounts, told where it matters: to the person by mail, to their workshops' history.

It stands at the top because it sees all three: accounts, mail and the audit trail.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone, translation

from app.accounts.adapter import AccountAdapter as BaseAdapter
from app.accounts.models import User
from app.audit.services import record
from app.kernel.templatetags.interface import browser_name
from app.notify.services.outbox import queue_platform_email
from app.tenancy.actor import Actor, Origin
from app.tenancy.links import absolute_url
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import list_accesses

from .legal import note_waiting_texts

#: The library's notification → the act that the history of each of the person's workshops keeps.
ACTS = {
    "mfa/email/totp_activated": "account.second_factor_added",
    "mfa/email/webauthn_added": "account.second_factor_added",
    "mfa/email/totp_deactivated": "account.second_factor_removed",
    "mfa/email/webauthn_removed": "account.second_factor_removed",
    "mfa/email/recovery_codes_generated": "account.recovery_codes_renewed",
    "account/email/password_changed": "account.password_changed",
    "account/email/password_reset": "account.password_changed",
    "account/email/password_set": "account.password_changed",
}
DEVICE_COOKIE, DEVICE_SALT = "known_device", "app.home.known_device"
DEVICE_SECONDS = 365 * 24 * 3600
MOST_PEOPLE = 20  # on one device


class AccountAdapter(BaseAdapter):
    """allauth's own behaviour, the history of each workshop and the mail about a new device besides."""

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix in ACTS:
            record_everywhere(user=user, action=ACTS[template_prefix], ip=self.get_client_ip(self.request))

    def login(self, request: HttpRequest, user: User) -> None:
        """Remember whether it is the person's first sign-in: the date of the last one is about to be replaced."""
        setattr(request, "is_first_login", user.last_login is None)  # noqa: B010  not an attribute of HttpRequest
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known = _people_of(request)
        if user.pk not in known:
            if not getattr(request, "is_first_login", False):
                _tell_new_device(request, user, self.get_client_ip(request))
            _remember(response, [user.pk, *known][:MOST_PEOPLE])
        if note_waiting_texts(request, user.pk):
            response["Location"] = f"{reverse('legal_texts')}?{urlencode({'next': response['Location']})}"
        return response


def record_everywhere(*, user: User, action: str, ip: str | None) -> None:
    """An entry in the history of each workshop of the person."""
    actor = Actor(label=str(user), origin=Origin.SCREEN, user_id=user.pk, ip=ip)
    for access in list_accesses(user.pk):
        with workshop_scope(access.workshop.pk):
            record(workshop=access.workshop, actor=actor, action=action, subject=access.membership)


def _tell_new_device(request: HttpRequest, user: User, ip: str) -> None:
    address = EmailAddress.objects.get_primary(user)
    with translation.override(user.language):
        moment = formats.date_format(timezone.localtime(), "j F Y, H:i")
        device = browser_name(request.META.get("HTTP_USER_AGENT")) or translation.gettext("an unknown browser")
    queue_platform_email(
        kind="new_device",
        to=address.email if address else user.email,
        context={
            "prenom": user.first_name or user.email,
            "appareil": device,
            "date": moment,
            "ip": ip,
            "lien": absolute_url(reverse("usersessions_list")),
        },
        language=user.language,
    )
    record_everywhere(user=user, action="account.signed_in", ip=ip)


def _people_of(request: HttpRequest) -> list[int]:
    """The people who have signed in on this device, from a cookie that only we can write."""
    try:
        value = request.get_signed_cookie(DEVICE_COOKIE, salt=DEVICE_SALT, max_age=DEVICE_SECONDS)
    except (KeyError, signing.BadSignature):
        return []
    return [int(key) for key in str(value).split("-")]


def _remember(response: HttpResponse, people: list[int]) -> None:
    response.set_signed_cookie(
        DEVICE_COOKIE,
        "-".join(str(key) for key in people),
        salt=DEVICE_SALT,
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
