"""A person's own pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from .services import choose_theme


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is asked for, and the two ways to add one."""
    return render(request, "accounts/second_factor.html")


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme chosen on screen."""
    choose_theme(user=request.user, theme=request.POST.get("theme", ""))
    return HttpResponse(status=204)
