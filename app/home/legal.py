"""The texts that an Owner is asked to accept after signing in; before their date they can wait."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from app.accounts.documents import keep_consents, pending_texts
from app.tenancy.selectors import owns_a_workshop

#: In the session: texts wait for the person's agreement. The banner of each page reads it, without a query.
WAITING = "texts_to_accept"


def note_waiting_texts(request: HttpRequest, user_pk: int) -> bool:
    """Remember in the session whether this person, who answers for a workshop, has texts to accept."""
    waiting = bool(pending_texts(user_pk)) and owns_a_workshop(user_pk)
    if waiting:
        request.session[WAITING] = True
    else:
        request.session.pop(WAITING, None)
    return waiting


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_texts(request: HttpRequest) -> HttpResponse:
    """What changes, and the agreement; the person goes on to where they were going."""
    person_pk = int(request.user.pk or 0)
    texts = pending_texts(person_pk)
    onward = _onward(request)
    if not texts:
        request.session.pop(WAITING, None)
        return redirect(onward)
    if request.method == "POST" and request.POST.get("accepts"):
        versions = {text.document: text.version for text in texts}
        keep_consents(user_pk=person_pk, versions=versions, ip=request.META.get("REMOTE_ADDR"))
        request.session.pop(WAITING, None)
        messages.success(request, _("Thank you: your agreement is kept, with its date and the version."))
        return redirect(onward)
    return render(request, "home/legal.html", _shown(request, texts, onward), status=422 if request.POST else 200)


def _shown(request: HttpRequest, texts: list[Any], onward: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "texts": texts,
        "onward": onward,
        "may_wait": all(text.effective_on > today for text in texts),
        "refused": request.method == "POST",
    }


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # `redirect` takes a word without a slash for the name of a page.
    return wanted if allowed and wanted.startswith("/") else reverse("home_entry")
