"""The history of prices, rules and quotas: read, exported, and what it still owes asked for again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.billing.models import CatalogChange

from ..access import PublisherRequest, publisher_page
from ..exports import changes_csv, csv_file
from ..forms.catalogue import HistoryFilters
from ..selectors.catalogue import find_change, get_history, list_notices_of, read_history
from ..services.catalogue import retry_failed_notices
from ..words import changes_in_words


@publisher_page
@require_safe
def change_list(request: PublisherRequest) -> HttpResponse:
    filters = HistoryFilters(request.GET)
    asked = filters.asked()
    page = get_history(filters=asked, cursor=request.GET.get("apres"))
    context = {"page": page, "filters": filters, "filtered": any(asked.values())}
    return render(request, "backoffice/change_list.html", context)


@publisher_page
@require_safe
def change_export(request: PublisherRequest) -> HttpResponse:
    return csv_file(changes_csv(read_history(HistoryFilters(request.GET).asked())), "historique-offres")


@publisher_page
@require_safe
def change_detail(request: PublisherRequest, change_pk: int) -> HttpResponse:
    change = _change_or_404(change_pk)
    context = {"change": change, "lines": changes_in_words(change.changes), "notices": list_notices_of(change_pk)}
    return render(request, "backoffice/change_detail.html", context)


@publisher_page
@require_POST
def change_retry(request: PublisherRequest, change_pk: int) -> HttpResponse:
    """Ask again for the mails and prices of this change that failed."""
    _change_or_404(change_pk)
    count = retry_failed_notices(change_pk=change_pk)
    messages.success(request, _("Asked again: %(count)d.") % {"count": count})
    return redirect("backoffice:change_detail", change_pk=change_pk)


def _change_or_404(change_pk: int) -> CatalogChange:
    change = find_change(change_pk)
    if change is None:
        raise Http404
    return change
