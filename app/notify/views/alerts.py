"""The alerts of the workshop: what wants somebody, since when, who has seen it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.pagination import keyset_page
from app.notify.alerts import AlertCause, AlertLevel, AlertState
from app.notify.models import Alert
from app.notify.selectors import count_new, get_alert, keep_count, list_alerts, list_sites
from app.notify.services.alerting import resolve_alert, see_alert
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@require_safe
@workshop_page(Permission.STOCK_READ)
def alert_list(request: WorkshopRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("etat", "niveau", "cause", "site")}
    alerts = list_alerts(state=asked["etat"], level=asked["niveau"], cause=asked["cause"], site=asked["site"])
    page = keyset_page(alerts, keys=("-raised_at", "-id"), cursor=request.GET.get("apres"))
    keep_count(request.workshop.pk, count_new())
    context = {
        "page": page, "asked": asked, "filtered": any(asked.values()), "sites": list_sites(),
        "states": AlertState.choices, "levels": [(str(value), label) for value, label in AlertLevel.choices],
        "causes": AlertCause.choices,
    }  # fmt: skip
    return render(request, "notify/alert_list.html", context)


@require_POST
@workshop_page(Permission.STOCK_EDIT)
def alert_see(request: WorkshopRequest, alert_pk: int) -> HttpResponse:
    return _act(request, alert_pk, see_alert, _("Alert seen."))


@require_POST
@workshop_page(Permission.STOCK_EDIT)
def alert_resolve(request: WorkshopRequest, alert_pk: int) -> HttpResponse:
    return _act(request, alert_pk, resolve_alert, _("Alert resolved."))


def _act(request: WorkshopRequest, alert_pk: int, service: Callable[..., None], said: str) -> HttpResponse:
    try:
        alert = get_alert(alert_pk)
    except Alert.DoesNotExist as error:
        raise Http404 from error
    service(workshop=request.workshop, actor=request.actor, alert=alert)
    messages.success(request, said)
    return redirect(workshop_url(request.workshop, "alerts:alert_list"))
