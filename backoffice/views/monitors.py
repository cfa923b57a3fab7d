"""What runs late, waits or failed; and asking again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..selectors.monitors import get_monitors, get_tracking
from ..services.browser_errors import send_test_error
from ..services.monitors import resend_platform_mail, resend_workshop_mail, take_events_again
from .found import workshop_or_404


@publisher_page
@require_safe
def monitors(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/monitors.html", {"found": get_monitors(), "tracking": get_tracking()})


@publisher_page
@require_POST
def test_error(request: PublisherRequest) -> HttpResponse:
    """Make an error of the server on purpose."""
    send_test_error()
    messages.success(request, _("An error was made on purpose: it is in the log within a minute."))
    return redirect("backoffice:monitors")


@publisher_page
@require_POST
def mail_resend(request: PublisherRequest, workshop_pk: int, email_pk: int) -> HttpResponse:
    workshop = workshop_or_404(workshop_pk)
    return _again(request, lambda: resend_workshop_mail(workshop=workshop, actor=request.actor, email_pk=email_pk))


@publisher_page
@require_POST
def platform_mail_resend(request: PublisherRequest, email_pk: int) -> HttpResponse:
    return _again(request, lambda: resend_platform_mail(email_pk=email_pk))


@publisher_page
@require_POST
def events_again(request: PublisherRequest) -> HttpResponse:
    return _again(request, take_events_again)


def _again(request: PublisherRequest, ask: Callable[[], object]) -> HttpResponse:
    try:
        ask()
        messages.success(request, _("Asked again."))
    except RuleError as error:
        messages.error(request, error.message)
    return redirect("backoffice:monitors")
