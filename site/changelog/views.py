"""Asking for the month's news, stopping them, voting for the roadmap."""

from cms.protection import limited, own_pages_only
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import selectors
from .forms import SubscriptionForm
from .services import subscribing, voting

YEAR = 365 * 24 * 3600
ROADMAP = "/feuille-de-route/"


@never_cache
@own_pages_only
def subscribe(request: HttpRequest) -> HttpResponseBase:
    """The form alone, and the answer to it: the same whether the address was known or not."""
    refused = limited(request, group="news", rate="10/h")
    if refused is not None:
        return refused
    form = SubscriptionForm(request.POST if request.method == "POST" else None)
    if request.user.is_authenticated and request.method == "POST" and "account" in request.POST:
        subscribing.subscribe_account(email=request.user.email)
        return render(request, "changelog/subscribe.html", {"state": "confirmed"})
    if form.is_valid():
        subscribing.subscribe(email=form.cleaned_data["email"])
        return render(request, "changelog/subscribe.html", {"state": "asked"})
    return render(request, "changelog/subscribe.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@own_pages_only
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Asked on a page, so that a mail scanner that opens links confirms nothing."""
    if request.method != "POST":
        return render(request, "changelog/subscribe.html", {"state": "to_confirm"})
    confirmed = subscribing.confirm(token=token)
    state = "confirmed" if confirmed else "unknown"
    return render(request, "changelog/subscribe.html", {"state": state}, status=200 if confirmed else 404)


@never_cache
@csrf_exempt  # mail programs post here by themselves (RFC 8058): the token is the proof
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails: by a button on the page, or in one click by the mail program."""
    if request.method != "POST":
        return render(request, "changelog/subscribe.html", {"state": "to_stop"})
    stopped = subscribing.stop(token=token)
    state = "stopped" if stopped else "unknown"
    return render(request, "changelog/subscribe.html", {"state": state}, status=200 if stopped else 404)


@never_cache
@require_POST
@own_pages_only
def vote(request: HttpRequest, item_pk: int) -> HttpResponseBase:
    """Give or take back a voice; somebody without an account receives a cookie that says only that it is them."""
    item = selectors.find_open_item(item_pk)
    if item is None:
        raise Http404
    refused = limited(request, group="roadmap", rate="60/h")
    if refused is not None:
        return refused
    voter, cookie = selectors.voter_of(request.user, request.COOKIES), ""
    if not voter:
        voter, cookie = voting.new_device()
    (voting.withdraw_vote if "withdraw" in request.POST else voting.vote)(item=item, voter=voter)
    response = redirect(f"{ROADMAP}#item-{item.pk}")
    if cookie:
        response.set_cookie(selectors.VOTER_COOKIE, cookie, max_age=YEAR, path=ROADMAP, httponly=True,
                            samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)  # fmt: skip
    return response
