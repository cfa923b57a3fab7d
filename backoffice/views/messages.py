"""What people write from the site, and what readers make of the help."""

from contact.constants import State
from contact.selectors import count_messages, find_message, list_messages
from contact.services import handle
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from app.kernel.pagination import keyset_page
from helpcenter.selectors import list_article_figures, list_missed_searches, list_remarks, month_ago

from ..access import PublisherRequest, publisher_page
from ..forms.messages import HandlingForm, MessageFilters

PAGE_SIZE = 50


@publisher_page
@require_safe
def message_list(request: PublisherRequest) -> HttpResponse:
    """The messages, newest first."""
    filters = MessageFilters(request.GET)
    asked = filters.asked()
    page = keyset_page(
        list_messages(**asked), keys=("-at", "-id"), cursor=request.GET.get("apres"), size=PAGE_SIZE
    )  # fmt: skip
    context = {"page": page, "counts": count_messages(), "filters": filters, "filtered": any(asked.values())}
    return render(request, "backoffice/message_list.html", context)


@publisher_page
def message_detail(request: PublisherRequest, message_pk: int) -> HttpResponse:
    """One message, and what became of it."""
    found = find_message(message_pk)
    if found is None:
        raise Http404
    form = HandlingForm(request.POST or None, initial={"state": found.state, "note": found.note})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        handle(message_pk=message_pk, state=State(asked["state"]), note=asked["note"], by=request.actor.label)
        messages.success(request, _("Saved."))
        return redirect("backoffice:message_list")
    context = {"message": found, "form": form}
    return render(request, "backoffice/message_detail.html", context, status=422 if form.errors else 200)


@publisher_page
@require_safe
def help_figures(request: PublisherRequest) -> HttpResponse:
    """The articles of the last thirty days, what was not found, and what readers missed."""
    context = {
        "articles": list_article_figures(since=month_ago()),
        "missed": list_missed_searches(),
        "remarks": list_remarks(),
    }
    return render(request, "backoffice/help_figures.html", context)
