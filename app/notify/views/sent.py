"""The messages that the workshop has sent, and what became of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.kernel.pagination import keyset_page
from app.notify.constants import RESENDABLE
from app.notify.forms import SentFilterForm
from app.notify.kinds import KINDS
from app.notify.rendering import hide_links
from app.notify.selectors import all_emails, list_emails
from app.notify.services.outbox import resend_email
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.MESSAGES_READ)
def email_list(request: WorkshopRequest) -> HttpResponse:
    filters = SentFilterForm(request.GET)
    filters.is_valid()
    values = filters.cleaned_data
    emails = list_emails(state=values.get("etat", ""), query=values.get("q", ""))
    page = keyset_page(emails, keys=("-created_at", "-id"), cursor=request.GET.get("apres"))
    context = {"page": page, "filters": filters, "filtered": any(request.GET.values())}
    return render(request, "notify/email_list.html", context)


@workshop_page(Permission.MESSAGES_READ)
def email_detail(request: WorkshopRequest, email_pk: int) -> HttpResponse:
    email = get_object_or_404(all_emails(), pk=email_pk)
    # Staff read what was written, not the customer's own way in: it would let them sign in the customer's place.
    context = {
        "email": email,
        "text": hide_links(email.text),
        "kind": KINDS.get(email.kind),
        "can_resend": email.state in RESENDABLE,
    }
    return render(request, "notify/email_detail.html", context)


@require_POST
@workshop_page(Permission.MESSAGES_READ, edit=Permission.CUSTOMERS_EDIT)
def email_resend(request: WorkshopRequest, email_pk: int) -> HttpResponse:
    email = get_object_or_404(all_emails(), pk=email_pk)
    try:
        resend_email(workshop=request.workshop, actor=request.actor, email=email)
    except RuleError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Message on its way again."))
    return redirect(workshop_url(request.workshop, "notify:email_detail", email_pk=email.pk))
