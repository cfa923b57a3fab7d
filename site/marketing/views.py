"""What a visitor sends: a story, the name of the campaign that brought them, the wording that they read."""

import re
from http import HTTPStatus

from cms.protection import own_pages_only
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.decorators import ratelimit

from .forms import MeasureForm
from .models.landing import CAMPAIGN
from .services import count_variant, count_visit, offer_story
from .story_forms import StoryForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@ratelimit(key="ip", rate="5/h", method="POST", block=False)
def story_offer(request: HttpRequest, language: str) -> HttpResponse:
    """The form by which a workshop offers its story, in the language of its address.

    A robot that fills the trap is thanked and nothing is kept.
    """
    translation.activate(language)
    request.LANGUAGE_CODE = language
    form = StoryForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "marketing/story_offer.html", {"form": form})
    if getattr(request, "limited", False):
        form.add_error(None, _("Too many messages from this place: try again in an hour."))
        return render(request, "marketing/story_offer.html", {"form": form}, status=HTTPStatus.TOO_MANY_REQUESTS)
    if not form.is_valid():
        return render(request, "marketing/story_offer.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not form.is_trapped:
        offer_story(proposal=form.instance)
    messages.success(request, _("Thank you! We read your story and call you before anything is shown."))
    return redirect(request.path)


@own_pages_only
@require_POST
@ratelimit(key="ip", rate="30/h", block=False)
def campaign_visit(request: HttpRequest) -> HttpResponse:
    """One more visit of a campaign."""
    campaign = request.POST.get("campaign", "")
    if not re.match(CAMPAIGN, campaign):
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not getattr(request, "limited", False):
        count_visit(campaign=campaign, day=timezone.localdate())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@own_pages_only
@require_POST
@ratelimit(key="ip", rate="60/h", block=False)
def variant_measure(request: HttpRequest) -> HttpResponse:
    """One more reading of a wording, or one more call pressed."""
    form = MeasureForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    told = form.cleaned_data
    if not getattr(request, "limited", False):
        count_variant(
            experiment_pk=told["experiment"],
            variant=told["variant"],
            calls=told["what"] == "call",
            day=timezone.localdate(),
        )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
