"""A person's own pages."""

from typing import Any
from uuid import UUID

from allauth.account.views import SignupView
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from app.kernel.errors import RuleError

from .confirmation import resend_confirmation
from .forms import ProfileForm, ResendForm, WorkshopSignupForm
from .photos import open_photo, remove_photo, set_photo
from .selectors import get_person
from .services import choose_theme, save_profile

PHOTO_LIFE = 30 * 24 * 3600  # seconds


class WorkshopSignupView(SignupView):  # type: ignore[misc]
    """allauth's sign-up with our screen; a form with errors answers 422."""

    template_name = "accounts/signup.html"

    def get_initial(self) -> dict[str, Any]:
        """The campaign that the visitor comes from stands in the address of the page."""
        return {**super().get_initial(), "campagne": self.request.GET.get("campagne", "")[:40]}

    def form_invalid(self, form: WorkshopSignupForm) -> HttpResponse:
        refused: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return refused


def signup(request: HttpRequest, **extra_context: Any) -> HttpResponseBase:
    """The sign-up, on whatever page of the site serves it; `page` gives its title and introduction.

    Who is signed in has an account: they are asked for the rest.
    """
    if request.user.is_authenticated:
        return redirect("own_workshop")
    response: HttpResponseBase = WorkshopSignupView.as_view(extra_context=extra_context)(request)
    if hasattr(response, "render"):
        response.render()
    return response


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send the confirmation again; the same answer for every address."""
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="signup")
    if limited:
        return limited
    form = ResendForm(request.POST)
    if not form.is_valid():
        return render(request, "account/verification_sent.html", {"resend_form": form}, status=422)
    resend_confirmation(request, form.cleaned_data["email"])
    messages.info(request, _("If this address is waiting for its confirmation, the message is on its way."))
    return redirect("account_email_verification_sent")


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is asked for, and the two ways to add one."""
    if is_mfa_enabled(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor.html")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, photo and screen preferences."""
    person = get_person(int(request.user.pk or 0))
    form = ProfileForm(request.POST or None, request.FILES or None, instance=person)
    if request.method == "POST" and form.is_valid() and _keep_profile(form):
        messages.success(request, _("Profile saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


def _keep_profile(form: ProfileForm) -> bool:
    """Whether all was kept; a refused photo is told beside its field, and nothing else is lost."""
    photo = form.cleaned_data["photo"]
    try:
        if photo:
            set_photo(user=form.instance, content=photo.read())
        elif form.cleaned_data.get("no_photo"):
            remove_photo(user=form.instance)
    except RuleError as error:
        form.add_error("photo", error.message)
        return False
    save_profile(user=form.instance)
    return True


@require_safe
@login_required
@cache_control(private=True, max_age=PHOTO_LIFE, immutable=True)
def photo(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A person's photo, for whoever is signed in and was given its address; a new photo has a new one."""
    try:
        return FileResponse(open_photo(public_id), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme chosen on screen."""
    choose_theme(user_pk=int(request.user.pk or 0), theme=request.POST.get("theme", ""))
    return HttpResponse(status=204)
