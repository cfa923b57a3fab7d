"""Where a mail provider sends the person back.

Outside the workshop's addresses, because a provider knows one return address only; and outside any transaction,
because the code is exchanged over the network. The workshop is the one that the session left from.
"""

import hmac
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from app.notify import oauth
from app.notify.constants import Provider
from app.notify.errors import DeliveryError
from app.notify.oauth import Grant
from app.notify.providers import OAUTH_PROVIDERS
from app.notify.services.mailboxes import MailboxData, connect_mailbox
from app.notify.views.mailbox import SESSION_KEY, oauth_return_url
from app.tenancy.actor import Actor, Origin
from app.tenancy.links import workshop_url
from app.tenancy.permissions import Permission
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import Access, find_access


@require_GET
@login_required
def oauth_return(request: HttpRequest, provider: str) -> HttpResponse:
    """Exchange the code, keep the mailbox, go back to its page. 404 when no flow of this session is open."""
    flow: dict[str, Any] = request.session.pop(SESSION_KEY, {})
    same_state = hmac.compare_digest(request.GET.get("state", "").encode(), flow.get("state", "-").encode())
    if flow.get("provider") != provider or not same_state:
        raise Http404
    access = find_access(slug=flow["workshop"], user_id=request.user.pk or 0)
    if access is None or Permission.SETTINGS_EDIT not in access.membership.permissions:
        raise Http404
    try:
        grant = _grant(provider, request.GET.get("code", ""), flow["verifier"])
    except DeliveryError as error:
        messages.error(request, _("The provider did not give access: %(reason)s") % {"reason": error})
    else:
        _connect(request, access, provider, grant)
        messages.success(request, _("Mailbox kept. It is being checked."))
    return redirect(workshop_url(access.workshop, "notify:mailbox"))


def _grant(provider: str, code: str, verifier: str) -> Grant:
    if not code:
        raise DeliveryError(_("access was not granted."))
    found = OAUTH_PROVIDERS[provider]
    grant = oauth.exchange(found, code=code, verifier=verifier, redirect_uri=oauth_return_url(provider))
    if not grant.address:
        raise DeliveryError(_("the address of the mailbox is missing."))
    return grant


def _connect(request: HttpRequest, access: Access, provider: str, grant: Grant) -> None:
    actor = Actor(
        label=str(request.user), origin=Origin.SCREEN, user_id=request.user.pk, ip=request.META.get("REMOTE_ADDR")
    )
    data = MailboxData(provider=Provider(provider), address=grant.address, secret=grant.refresh_token)
    with workshop_scope(access.workshop.pk):
        connect_mailbox(workshop=access.workshop, actor=actor, data=data)
