"""The mailbox that the workshop sends from: choose, connect, check, test, take away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.notify import oauth
from app.notify.constants import Provider
from app.notify.forms import FIELDS_OF, MailboxForm
from app.notify.models import Mailbox
from app.notify.providers import OAUTH_PROVIDERS
from app.notify.selectors import count_held, find_mailbox
from app.notify.services.mailboxes import check_again, connect_mailbox, disconnect_mailbox, send_test_message
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

SESSION_KEY = "mail_oauth"


@workshop_page(Permission.SETTINGS_EDIT)
def mailbox(request: WorkshopRequest) -> HttpResponse:
    """The state of the mailbox; asked by htmx while it is checked, only that part."""
    context = {
        "mailbox": find_mailbox(),
        "held": count_held(),
        "oauth_providers": [(name, Provider(name).label, found) for name, found in OAUTH_PROVIDERS.items()],
        "key_providers": [(name, name.label) for name in FIELDS_OF],
    }
    template = "notify/mailbox_state.html" if request.headers.get("HX-Request") else "notify/mailbox.html"
    return render(request, template, context)


@workshop_page(Permission.SETTINGS_EDIT)
def mailbox_connect(request: WorkshopRequest, provider: str) -> HttpResponse:
    if provider not in FIELDS_OF:
        raise Http404
    form = MailboxForm(request.POST or None, provider=Provider(provider))
    if request.method == "POST" and form.is_valid():
        connect_mailbox(workshop=request.workshop, actor=request.actor, data=form.mailbox_data())
        messages.success(request, _("Mailbox kept. It is being checked."))
        return _to_mailbox(request)
    context = {"form": form, "provider": Provider(provider)}
    return render(request, "notify/mailbox_form.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.SETTINGS_EDIT)
def oauth_start(request: WorkshopRequest, provider: str) -> HttpResponse:
    """Leave for the provider's consent page; its answer comes back to views/oauth_return.py."""
    found = OAUTH_PROVIDERS.get(provider)
    if found is None or not found.is_available:
        raise Http404
    authorization = oauth.start(found, oauth_return_url(provider))
    request.session[SESSION_KEY] = {
        "state": authorization.state,
        "verifier": authorization.verifier,
        "workshop": request.workshop.slug,
        "provider": provider,
    }
    return redirect(authorization.url)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def mailbox_check(request: WorkshopRequest) -> HttpResponse:
    check_again(workshop=request.workshop, mailbox=_mailbox_or_404())
    return _to_mailbox(request)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def mailbox_test(request: WorkshopRequest) -> HttpResponse:
    send_test_message(
        workshop=request.workshop,
        actor=request.actor,
        to=request.membership.user.email,
        address=_mailbox_or_404().address,
    )
    messages.success(request, _("Test message on its way to %(to)s.") % {"to": request.membership.user.email})
    return _to_mailbox(request)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def mailbox_disconnect(request: WorkshopRequest) -> HttpResponse:
    disconnect_mailbox(workshop=request.workshop, actor=request.actor, mailbox=_mailbox_or_404())
    messages.success(request, _("Mailbox disconnected: messages leave through ThermoGestion."))
    return _to_mailbox(request)


def oauth_return_url(provider: str) -> str:
    """The one address registered at the provider, the same for every workshop."""
    return absolute_url(reverse("mail_oauth:return", kwargs={"provider": provider}))


def _mailbox_or_404() -> Mailbox:
    mailbox = find_mailbox()
    if mailbox is None:
        raise Http404
    return mailbox


def _to_mailbox(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "notify:mailbox"))
