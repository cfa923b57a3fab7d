"""Opens the workshop's scope around every product page: `/app/<workshop-slug>/…`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import structlog
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone

from .actor import Actor, Origin
from .models import Membership, Workshop
from .pages import SAFE_METHODS, WorkshopRequest
from .permissions import Permission
from .scope import workshop_scope
from .selectors import Access, find_access, find_moved_slug, needs_second_factor

PREFIX = "/app/"
#: An address of a workshop, whatever its page: Django looks for that once, and not here too.
WORKSHOP_ADDRESS = re.compile(rf"{PREFIX}([-a-zA-Z0-9_]+)/")
ACCOUNT_PREFIX = "/compte/"
#: What an Owner or Admin without a second factor still reaches: enrolment, recovery, signing out.
WITHOUT_SECOND_FACTOR = frozenset(
    {"accounts:second_factor", "accounts:theme", "mfa_activate_totp", "mfa_add_webauthn", "account_logout",
     "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_confirm_email",
     "account_email_verification_sent", "account_reset_password", "account_reset_password_done",
     "account_reset_password_from_key", "account_reset_password_from_key_done"}
)  # fmt: skip


@dataclass(frozen=True)
class Entrance:
    """What opens a workshop to a request: as whom, and with which rights.

    A middleware that stands before may leave one on the request: a tablet that the workshop shares has no person
    signed in, and opens nothing but its own pages. Such an entrance needs no second factor and may have no member.
    """

    workshop: Workshop
    membership: Membership | None
    permissions: frozenset[Permission]
    actor: Actor


class WorkshopScopeMiddleware:
    """Stands last: it owns the transaction of a product request, templates included.

    A stranger and an unknown address get the same 404; a person who is not signed in is asked to; an Owner or
    Admin without a second factor reaches only the pages of enrolment, of recovery and of signing out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slug = _workshop_slug(request)
        if slug is None:
            return redirect("accounts:second_factor") if _must_enrol(request) else self.get_response(request)
        entrance: Entrance | None = getattr(request, "entrance", None)
        if entrance is None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            access = find_access(slug=slug, user_id=request.user.pk)
            if access is None:
                return _elsewhere(request, slug)
            helped = hasattr(request, "support_access")
            if access.membership.needs_second_factor and not (access.has_second_factor or helped):
                return redirect("accounts:second_factor")
            entrance = _entrance_of(request, access)
        structlog.contextvars.bind_contextvars(workshop_id=entrance.workshop.pk)
        # Hours are those of the workshop, and not of where the person is: all see the same day.
        with timezone.override(entrance.workshop.time_zone), workshop_scope(entrance.workshop.pk):
            _open(request, entrance)
            response = self.get_response(request)
            # Django has turned the view's exception into this response: undo what the view wrote.
            if getattr(request, "view_failed", False):
                transaction.set_rollback(True)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember the failure; the error page still has to be rendered inside the transaction."""
        setattr(request, "view_failed", True)  # noqa: B010  not an attribute of HttpRequest


def _must_enrol(request: HttpRequest) -> bool:
    """Whether this is an account page that waits for the second factor that the person's role makes compulsory."""
    if not (request.path_info.startswith(ACCOUNT_PREFIX) and request.user.is_authenticated):
        return False
    try:
        page = resolve(request.path_info).view_name
    except Resolver404:
        return False
    if page in WITHOUT_SECOND_FACTOR or is_mfa_enabled(request.user):
        return False
    return needs_second_factor(request.user.pk)


def _workshop_slug(request: HttpRequest) -> str | None:
    found = WORKSHOP_ADDRESS.match(request.path_info)
    return found[1] if found else None


def _entrance_of(request: HttpRequest, access: Access) -> Entrance:
    """The entrance of a member who has signed in, or of the publisher who helps as one."""
    actor = getattr(request, "support_actor", None) or Actor(
        label=str(request.user),
        origin=Origin.SCREEN,
        user_id=access.membership.user_id,
        ip=request.META.get("REMOTE_ADDR"),
    )
    return Entrance(access.workshop, access.membership, access.membership.permissions, actor)


def _open(request: HttpRequest, entrance: Entrance) -> None:
    """Give the request what WorkshopRequest promises; a locked tablet has no member."""
    opened = cast(WorkshopRequest, request)
    opened.workshop = entrance.workshop
    if entrance.membership is not None:
        opened.membership = entrance.membership
    opened.permissions = entrance.permissions
    opened.may = opened.permissions.__contains__
    opened.actor = entrance.actor


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponseBase:
    moved_to = find_moved_slug(slug)
    if moved_to:
        path = request.get_full_path().replace(f"{PREFIX}{slug}/", f"{PREFIX}{moved_to}/", 1)
        # What was being typed while the workshop moved is posted again where it is now.
        return redirect(path, permanent=True, preserve_request=request.method not in SAFE_METHODS)
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)
