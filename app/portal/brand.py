"""What makes the customers' pages the workshop's own: its colour and its logo."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from app.files.models import StoredFile
from app.files.selectors import get_file, open_file

from .pages import PortalRequest, open_asset

#: The colour is readable with white and on the light backgrounds (it is refused otherwise): titles in the dark theme
#: keep the colour of the text.
SHEET = """\
.portal-bar {{ border-top: 3px solid {accent}; }}
.portal .btn-primary {{ background: {accent}; border-color: {accent}; color: #fff; }}
.portal .btn-primary:hover {{ background: color-mix(in srgb, {accent} 84%, #000); }}
:root[data-theme="light"] .portal h1 {{ color: {accent}; }}
@media (prefers-color-scheme: light) {{ :root[data-theme="system"] .portal h1 {{ color: {accent}; }} }}
"""


@require_safe
@open_asset
def colours(request: PortalRequest) -> HttpResponse:
    """The style sheet of the workshop's accent; nothing without one."""
    accent = request.workshop.accent
    return HttpResponse(SHEET.format(accent=accent) if accent else "", content_type="text/css; charset=utf-8")


@require_safe
@open_asset
def logo(request: PortalRequest) -> HttpResponseBase:
    """The workshop's logo."""
    if request.workshop.logo_file_id is None:
        raise Http404
    try:
        stored = get_file(request.workshop.logo_file_id)
        content = open_file(stored)
    except (StoredFile.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    return FileResponse(content, content_type=stored.content_type, headers={"X-Content-Type-Options": "nosniff"})
