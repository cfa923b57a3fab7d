"""The contact form, on whatever page of the site serves it."""

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .constants import Subject
from .forms import CallForm, ContactForm
from .models import ContactPage
from .services import receive


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, page: ContactPage) -> HttpResponse:
    """Show the form, or keep what it holds; the page says thanks at `?merci`."""
    asked = request.POST.get("subject") or request.GET.get("sujet", "")
    form = (CallForm if asked == Subject.SET_UP else ContactForm)(request.POST or None, initial=_initial(request))
    status = 200
    if request.method == "POST":
        status = _refuse(request, form)
        if status == 200:
            receive(token=form.cleaned_data["issued"], values=_values(request, form), is_trapped=_is_trapped(form))
            return redirect(f"{page.public_path}?merci")
        form.renew()
    context = {**page.get_context(request), "form": form, "is_sent": "merci" in request.GET}
    return render(request, page.template, context, status=status)


def _refuse(request: HttpRequest, form: ContactForm) -> int:
    """200 when the message may be kept; else the answer's status, the reasons being in the form."""
    if not form.is_valid():
        return 422
    within = ratelimit.consume(request, action="contact") and ratelimit.consume(
        request, action="contact_email", key=form.cleaned_data["email"].lower()
    )
    if within:
        return 200
    form.add_error(None, _("Many messages came from here. Wait ten minutes, then send it again."))
    return 429


def _is_trapped(form: ContactForm) -> bool:
    return bool(form.cleaned_data["website"])


def _values(request: HttpRequest, form: ContactForm) -> dict[str, Any]:
    """What is kept of the form, with where it was sent from; the workshop's address is believed of its members only."""
    values = {name: value for name, value in form.cleaned_data.items() if name not in {"website", "issued"}}
    workshop = _workshop(request)
    return {
        **values,
        "workshop_slug": workshop.slug if workshop else "",
        "screen": request.GET.get("ecran", "").replace("\x00", "")[:80],
        "campaign": request.GET.get("campagne", "").replace("\x00", "")[:120],
        "language": "en" if getattr(request, "LANGUAGE_CODE", "fr").startswith("en") else "fr",
    }


def _initial(request: HttpRequest) -> dict[str, str]:
    """What is known of a person who is signed in."""
    asked = request.GET.get("sujet", "")
    initial = {"subject": asked if asked in Subject.values else Subject.QUESTION}
    if isinstance(request.user, AnonymousUser):
        return initial
    workshop = _workshop(request)
    person = request.user
    known = {"name": person.get_full_name(), "email": person.email, "phone": str(getattr(person, "phone", "") or "")}
    return {**initial, **known, "workshop": workshop.name if workshop else ""}


def _workshop(request: HttpRequest) -> Any:
    """The workshop that a signed-in person writes from: the one named in the address, else the only one; or None."""
    if not request.user.is_authenticated:
        return None
    workshops = [access.workshop for access in import_string(settings.PERSON_WORKSHOPS)(request.user.pk)]
    named = [workshop for workshop in workshops if workshop.slug == request.GET.get("atelier")]
    return named[0] if named else workshops[0] if len(workshops) == 1 else None
