"""Whoever enters the editor has a second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

EDITOR = "/cms/"


class EditorSecondFactorMiddleware:
    """Stands after authentication. Somebody without the right to edit gets Wagtail's own refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(EDITOR) and request.user.is_authenticated and not is_mfa_enabled(request.user):
            return redirect("accounts:second_factor")
        return self.get_response(request)
