"""Money that did not come, and money that is owed back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.billing.services.notices import retry_notice
from app.billing.services.orders import hurry_order

from ..access import PublisherRequest, publisher_page
from ..selectors.dunning import get_credits, get_dunning, list_measured_months
from .found import workshop_or_404


@publisher_page
@require_safe
def dunning(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/dunning.html", {"found": get_dunning()})


@publisher_page
@require_POST
def notice_retry(request: PublisherRequest, workshop_pk: int, notice_pk: int) -> HttpResponse:
    """Ask again for one failed mail or price."""
    retry_notice(workshop_id=workshop_or_404(workshop_pk).pk, notice_pk=notice_pk)
    messages.success(request, _("Asked again."))
    return redirect("backoffice:dunning")


@publisher_page
@require_POST
def order_hurry(request: PublisherRequest, workshop_pk: int, order_pk: int) -> HttpResponse:
    """Try a waiting order now."""
    hurry_order(workshop_id=workshop_or_404(workshop_pk).pk, order_pk=order_pk)
    messages.success(request, _("Asked again."))
    return redirect("backoffice:dunning")


@publisher_page
@require_safe
def credits(request: PublisherRequest) -> HttpResponse:
    """The months that the probes measured, and the credits with their calculation."""
    page = get_credits(cursor=request.GET.get("apres"))
    return render(request, "backoffice/credits.html", {"page": page, "months": list_measured_months()})
