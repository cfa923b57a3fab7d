"""Money that did not come, and money that is owed back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from app.billing.services.notices import retry_notice
from app.billing.services.orders import hurry_order
from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..forms.dunning import MonthForm
from ..selectors.dunning import get_credits, get_dunning, list_measured_months
from ..services.credits import record_month
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
def credits(request: PublisherRequest) -> HttpResponse:
    """The measured months, the credits with their calculation, and a new month."""
    form = MonthForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            count = record_month(actor=request.actor, **form.cleaned_data)
        except RuleError as error:
            form.add_error(error.field or None, error.message)
        else:
            text = ngettext("%(count)d credit is owed.", "%(count)d credits are owed.", count)
            messages.success(request, text % {"count": count})
            return redirect("backoffice:credits")
    page = get_credits(cursor=request.GET.get("apres"))
    context = {"form": form, "page": page, "months": list_measured_months()}
    return render(request, "backoffice/credits.html", context, status=422 if form.errors else 200)
