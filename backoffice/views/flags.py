"""Feature flags: to whom a function that is being tried is open, and off for everybody in one click."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.billing.models import FeatureFlag
from app.billing.services.flags import change_flag, create_flag, switch_off
from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..forms.flags import FlagForm, NewFlagForm
from ..selectors.flags import find_flag, list_flags


@publisher_page
@require_safe
def flag_list(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/flag_list.html", {"flags": list_flags()})


@publisher_page
def flag_create(request: PublisherRequest) -> HttpResponse:
    form = NewFlagForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            create_flag(actor=request.actor, key=form.cleaned_data["key"], values=form.asked())
        except RuleError as error:
            form.add_error(error.field or None, error.message)
        else:
            return _saved(request)
    return _page(request, form, _("New flag"))


@publisher_page
def flag_edit(request: PublisherRequest, flag_pk: int) -> HttpResponse:
    flag = _flag_or_404(flag_pk)
    form = FlagForm(request.POST if request.method == "POST" else None, flag=flag)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            change_flag(flag_pk=flag_pk, actor=request.actor, values=form.asked(), version=version)
        except RuleError as error:
            form.add_error(error.field or None, error.message)
        else:
            return _saved(request)
    return _page(request, form, flag.key)


@publisher_page
@require_POST
def flag_off(request: PublisherRequest, flag_pk: int) -> HttpResponse:
    """Off for everybody, now."""
    switch_off(flag_pk=_flag_or_404(flag_pk).pk, actor=request.actor)
    return _saved(request)


def _saved(request: PublisherRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("backoffice:flag_list")


def _page(request: PublisherRequest, form: FlagForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "backoffice/flag_form.html", context, status=422 if form.errors else 200)


def _flag_or_404(flag_pk: int) -> FeatureFlag:
    flag = find_flag(flag_pk)
    if flag is None:
        raise Http404
    return flag
