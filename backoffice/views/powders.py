"""The catalogue of powders: how its reading goes, and reading it now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..selectors.powders import get_catalogue_state
from ..services.powders import read_catalogue_now


@publisher_page
@require_safe
def powders(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/powders.html", {"state": get_catalogue_state()})


@publisher_page
@require_POST
def read_now(request: PublisherRequest) -> HttpResponse:
    try:
        read_catalogue_now()
        messages.success(request, _("The reading has been asked for: reload this page in a moment."))
    except RuleError as error:
        messages.error(request, error.message)
    return redirect("backoffice:powders")
