"""The shell of the workshop mode: one page, its worker, its manifest. Nothing in them belongs to a person."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..shell import ICONS, SHELL_HEADER, assets, config, shell_version, worker_source


@require_safe
@ensure_csrf_cookie
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def shell(request: WorkshopRequest) -> HttpResponse:
    response = render(
        request, "shopfloor/shell.html", {"config": config(request.workshop), "assets": assets(), "icons": ICONS}
    )
    response[SHELL_HEADER] = shell_version(request.workshop)
    # The reader of part numbers is WebAssembly; no other page may compile it.
    response._csp_update = {"script-src": "'wasm-unsafe-eval'", "connect-src": "'self'"}  # type: ignore[attr-defined]
    return response


@require_safe
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def service_worker(request: WorkshopRequest) -> HttpResponse:
    """The worker of this workshop's scope; browsers ask for it again at each start."""
    response = HttpResponse(worker_source(request.workshop), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def manifest(request: WorkshopRequest) -> JsonResponse:
    """What makes the workshop mode an application of the tablet."""
    start = workshop_url(request.workshop, "shopfloor:shell")
    icon = {"type": "image/png", "purpose": "any"}
    return JsonResponse(
        {
            "id": start,
            "name": f"Atelier · {request.workshop.name}",
            "short_name": "Atelier",
            "lang": "fr",
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": "#151311",
            "theme_color": "#151311",
            "icons": [
                {**icon, "src": static(f"dist/images/icon-{size}.png"), "sizes": f"{size}x{size}"}
                for size in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )
