"""The decorators of the customer's pages: the scope of one workshop, and the customer that a link has let in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache

from app.crm.models import Customer
from app.crm.selectors import find_customer
from app.tenancy.actor import Actor, Origin
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop
from app.tenancy.pages import SAFE_METHODS
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import find_moved_slug, find_workshop_by_slug

SESSION_KEY = "portal_customers"  # by workshop: the customer and the address of the link
ASSET_LIFE = 7 * 24 * 3600  # seconds


class PortalRequest(HttpRequest):
    """A request inside one workshop's portal."""

    workshop: Workshop
    customer: Customer
    actor: Actor


View = Callable[..., HttpResponseBase]


def open_page(view: View) -> Callable[..., HttpResponseBase]:
    """A page that anybody may open: the workshop's scope around the view and its template."""
    return _scoped(view, never_cache)


def open_asset(view: View) -> Callable[..., HttpResponseBase]:
    """What the pages of a workshop load, the same for everybody; its address changes when it does."""
    return _scoped(view, cache_control(public=True, max_age=ASSET_LIFE))


def _scoped(view: View, cached: Callable[[View], View]) -> Callable[..., HttpResponseBase]:
    @cached
    @wraps(view)
    def scoped(request: PortalRequest, workshop_slug: str, **kwargs: Any) -> HttpResponseBase:
        workshop = find_workshop_by_slug(workshop_slug)
        if workshop is None:
            return _elsewhere(request, workshop_slug)
        with timezone.override(workshop.time_zone), workshop_scope(workshop.pk):
            request.workshop = workshop
            request.actor = Actor(label="", origin=Origin.PORTAL, ip=request.META.get("REMOTE_ADDR"))
            response = view(request, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response

    scoped.portal_page = "open"  # type: ignore[attr-defined]
    return scoped


def customer_page(view: View) -> Callable[..., HttpResponseBase]:
    """A page of the customer whose link this browser has followed; anybody else is asked for a link."""

    @wraps(view)
    def guarded(request: PortalRequest, **kwargs: Any) -> HttpResponseBase:
        customer = _entered(request)
        if customer is None:
            request.session["portal_next"] = request.path
            return redirect(workshop_url(request.workshop, "portal:ask_link"))
        request.customer = customer
        request.actor = Actor(label=customer.display_name, origin=Origin.PORTAL, ip=request.META.get("REMOTE_ADDR"))
        return view(request, **kwargs)

    page = open_page(guarded)
    page.portal_page = "customer"  # type: ignore[attr-defined]
    return page


def let_in(request: PortalRequest, customer: Customer) -> None:
    """Remember in this browser that the customer's link was followed, and to which address it had been sent.

    A new session key, against fixation.
    """
    known = dict(request.session.get(SESSION_KEY, {}))
    request.session.cycle_key()
    request.session[SESSION_KEY] = known | {str(request.workshop.pk): [customer.pk, customer.email_key]}


def let_out(request: PortalRequest) -> None:
    """Forget the customer of this workshop in this browser."""
    known = dict(request.session.get(SESSION_KEY, {}))
    known.pop(str(request.workshop.pk), None)
    request.session[SESSION_KEY] = known


def _entered(request: PortalRequest) -> Customer | None:
    """The customer who came in by a link; none once they are erased, or have another address than the link's."""
    pk, address = request.session.get(SESSION_KEY, {}).get(str(request.workshop.pk), ("", ""))
    customer = find_customer(str(pk))
    if customer is None or customer.erased_at or customer.email_key != address:
        return None
    return customer


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    moved_to = find_moved_slug(slug)
    if moved_to:
        path = request.get_full_path().replace(f"/{slug}/", f"/{moved_to}/", 1)
        # A signature is given on the page that was open while the workshop moved.
        return redirect(path, permanent=True, preserve_request=request.method not in SAFE_METHODS)
    raise Http404
