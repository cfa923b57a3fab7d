"""The page of a refused quota or feature, for the screens that do not say it themselves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .errors import FeatureRefusedError, QuotaReachedError


class RefusalMiddleware:
    """Stands before the middleware that owns the transaction, which has then decided to undo what the view wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is refused, and what lifts it (403); any other exception is not ours."""
        if isinstance(exception, QuotaReachedError):
            return render(request, "entitlements/quota_reached.html", {"refusal": exception}, status=403)
        if isinstance(exception, FeatureRefusedError):
            return render(request, "entitlements/feature_refused.html", {"refusal": exception}, status=403)
        return None
