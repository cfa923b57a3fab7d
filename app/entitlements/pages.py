"""The decorator of the pages that belong to a feature; it stands under `workshop_page`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from app.tenancy.pages import SAFE_METHODS, View, WorkshopRequest

from .constants import Feature
from .errors import FeatureRefusedError
from .services import require_feature


def needs_feature(feature: Feature, *, only_to_write: bool = False) -> Callable[[View], View]:
    """Answer with what includes the feature (403) when the workshop may not use it.

    With `only_to_write` what was made before stays readable, as after a change to a smaller plan.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: WorkshopRequest, **kwargs: Any) -> HttpResponseBase:
            if only_to_write and request.method in SAFE_METHODS:
                return view(request, **kwargs)
            try:
                require_feature(workshop=request.workshop, feature=feature)
            except FeatureRefusedError as refusal:
                return render(request, "entitlements/feature_refused.html", {"refusal": refusal}, status=403)
            return view(request, **kwargs)

        return guarded

    return decorate
