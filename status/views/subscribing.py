"""Subscribing to the notices by mail: asked, confirmed by a click, ended by a click."""

from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_ratelimit.core import is_ratelimited
from redis import RedisError

from ..forms import SubscribeForm
from ..page import load_page
from ..services.subscriptions import ask_confirmation, components_in_words, confirm, leave, read_confirmation

PER_VISITOR, PER_ADDRESS = "10/h", "3/h"


@never_cache
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Mail the link that confirms. A robot gets the same answer and no mail."""
    form = SubscribeForm(request.POST)
    if form.is_trapped:
        return redirect("status_page:subscribed")
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if _asks_too_much(request, form.cleaned_data["email"]):
            form.add_error(None, _("Too many requests: try again in an hour."))
            return _page(request, form, HTTPStatus.TOO_MANY_REQUESTS)
        link = request.build_absolute_uri(reverse("status_page:confirm", args=["TOKEN"])).replace("TOKEN", "{token}")
        ask_confirmation(email=form.cleaned_data["email"], components=form.cleaned_data["components"], link=link)
    except (DatabaseError, RedisError, OSError):
        form.add_error(None, _("Subscriptions cannot be taken right now. Nothing was kept: try again later."))
        return _page(request, form, HTTPStatus.SERVICE_UNAVAILABLE)
    return redirect("status_page:subscribed")


@never_cache
def subscribed(request: HttpRequest) -> HttpResponse:
    """What comes next."""
    return render(request, "status/subscribed.html")


@never_cache
def confirm_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a click on the page: mail scanners open links."""
    asked = read_confirmation(token=token)
    done = confirm(token=token) if request.method == "POST" else None
    wanted = components_in_words(asked["c"]) if asked else ""
    context = {"asked": asked, "done": done, "wanted": wanted}
    return render(request, "status/confirm.html", context, status=200 if asked else 404)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token is the proof
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription, at once for a mail program, by a click for a person."""
    done = request.method == "POST" and leave(token=token)
    status = 404 if request.method == "POST" and not done else 200
    return render(request, "status/unsubscribe.html", {"done": done}, status=status)


def _asks_too_much(request: HttpRequest, email: str) -> bool:
    groups = (("visitor", lambda _group, asked: asked.META["REMOTE_ADDR"], PER_VISITOR),
              ("address", lambda _group, _asked: email.lower(), PER_ADDRESS))  # fmt: skip
    return any(
        is_ratelimited(request, group=f"status.subscribe.{name}", key=key, rate=rate, increment=True)
        for name, key, rate in groups
    )


def _page(request: HttpRequest, form: SubscribeForm, status: HTTPStatus) -> HttpResponse:
    return render(request, "status/page.html", {"page": load_page(), "form": form}, status=status)
