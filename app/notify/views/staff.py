"""What a member is told of, how, and on which devices."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.assets import asset_path
from app.kernel.errors import RuleError
from app.notify import push
from app.notify.forms import DeviceForm, NewsForm, PreferencesForm
from app.notify.models import PushDevice
from app.notify.selectors import choices_of, get_device, list_devices
from app.notify.services.staff import add_device, choose, remove_device
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.PROFILE_EDIT)
def preferences(request: WorkshopRequest) -> HttpResponse:
    person_pk = int(request.user.pk or 0)
    held = choices_of(person_pk, request.permissions)
    form = PreferencesForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        choose(workshop=request.workshop, user_pk=person_pk, wanted=form.wanted())
        messages.success(request, _("Your choices are kept."))
        return _back(request)
    context = {
        "form": form,
        "news": NewsForm(initial={"news": import_string(settings.NEWS_STATE)(request.user.email)}),
        "devices": list_devices(person_pk),
        "push_key": push.public_key() if push.is_connected() else "",
    }
    return render(request, "notify/preferences.html", context)


@require_POST
@workshop_page(Permission.PROFILE_EDIT)
def news_switch(request: WorkshopRequest) -> HttpResponse:
    """The person's own choice, the same in each of their workshops; their address is confirmed already."""
    form = NewsForm(request.POST)
    if form.is_valid():
        import_string(settings.NEWS_SWITCH)(email=request.user.email, wanted=form.cleaned_data["news"])
        messages.success(request, _("Your choices are kept."))
    return _back(request)


@require_POST
@workshop_page(Permission.PROFILE_EDIT)
def device_add(request: WorkshopRequest) -> HttpResponse:
    """Called by the script of the page, once the browser has said yes."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        device = add_device(
            workshop=request.workshop, actor=request.actor, user_pk=int(request.user.pk or 0), **form.cleaned_data
        )
    except RuleError:
        return JsonResponse({"errors": {"endpoint": ["unknown"]}}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"name": device.name}, status=HTTPStatus.CREATED)


@require_POST
@workshop_page(Permission.PROFILE_EDIT)
def device_remove(request: WorkshopRequest, device_pk: int) -> HttpResponse:
    try:
        device = get_device(int(request.user.pk or 0), device_pk)
    except PushDevice.DoesNotExist as error:
        raise Http404 from error
    remove_device(workshop=request.workshop, actor=request.actor, device=device)
    messages.success(request, _("This device is told nothing more."))
    return _back(request)


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows notifications, the same for everybody; at the root, so that it may serve every workshop."""
    response = HttpResponse(asset_path("dist/push-sw.js").read_text(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _back(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "notify:preferences"))
