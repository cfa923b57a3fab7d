"""`/dev/mails/`: the messages of development, as their readers would see them. Included only when DEBUG is on."""

from pathlib import Path

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from devtools import mails

# The message keeps its own inline styles, may show its own pictures, and runs nothing.
MESSAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "script-src": ["'none'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'none'"],
}


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "mail"


def _found(name: str) -> mails.CaughtMail:
    mail = mails.find_mail(_folder(), name)
    if mail is None:
        raise Http404
    return mail


@require_safe
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    """The messages, newest first."""
    return render(request, "devmail/mail_list.html", {"mails": mails.list_mails(_folder())})


@require_safe
@never_cache
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One message: as it looks, its text, its links, its files."""
    return render(request, "devmail/mail_detail.html", {"mail": _found(name)})


@require_safe
@xframe_options_sameorigin
@csp_replace(MESSAGE_POLICY)  # type: ignore[arg-type]  # its stub knows views without arguments only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The message itself, for the frame of its page; its links open in a new tab."""
    return HttpResponse(f'<base target="_blank">{_found(name).html}')


@require_safe
def mail_attachment(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """One joined file; a PDF is shown, the others are saved."""
    attachments = _found(name).attachments
    if position >= len(attachments):
        raise Http404
    chosen = attachments[position]
    shown = "inline" if chosen.content_type == "application/pdf" else "attachment"
    response = HttpResponse(chosen.content, content_type=chosen.content_type)
    safe_name = chosen.name.replace('"', "").replace("\r", "").replace("\n", "")
    response["Content-Disposition"] = f'{shown}; filename="{safe_name}"'
    return response


@require_POST
def mails_delete(request: HttpRequest) -> HttpResponse:
    """Forget every message."""
    mails.delete_mails(_folder())
    return redirect("devmail:mail_list")
