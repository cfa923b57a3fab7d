"""The workshop's words for the messages to its customers."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.notify.constants import CUSTOMERS_LANGUAGE
from app.notify.forms import TemplateForm
from app.notify.kinds import KINDS, TO_CUSTOMERS, EmailKind
from app.notify.previews import preview
from app.notify.rendering import Words
from app.notify.selectors import find_template, find_words, reworded_kinds
from app.notify.services.templates import reset_template, save_template
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.SETTINGS_EDIT)
def template_list(request: WorkshopRequest) -> HttpResponse:
    context = {"kinds": TO_CUSTOMERS, "reworded": reworded_kinds()}
    return render(request, "notify/template_list.html", context)


@workshop_page(Permission.SETTINGS_EDIT)
def template_edit(request: WorkshopRequest, kind: str) -> HttpResponse:
    definition = _kind_or_404(kind)
    words = find_words(definition, CUSTOMERS_LANGUAGE)
    form = TemplateForm(request.POST or None, initial={"subject": words.subject, "body": words.body})
    if request.method == "POST" and form.is_valid():
        try:
            save_template(
                workshop=request.workshop, actor=request.actor, kind=definition, words=Words(**form.cleaned_data)
            )
        except RuleError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Your words are kept."))
            return redirect(workshop_url(request.workshop, "notify:template_edit", kind=kind))
    context = {"kind": definition, "form": form, "template": find_template(definition)}
    return render(request, "notify/template_form.html", context, status=422 if form.errors else 200)


@csp_replace({"style-src": [SELF, UNSAFE_INLINE], "frame-ancestors": [SELF]})
@xframe_options_sameorigin
@workshop_page(Permission.SETTINGS_EDIT)
def template_preview(request: WorkshopRequest, kind: str) -> HttpResponse:
    """The message as customers get it, with sample values: the words kept, or those being typed."""
    definition = _kind_or_404(kind)
    words = find_words(definition, CUSTOMERS_LANGUAGE)
    if request.method == "POST":
        words = Words(request.POST.get("subject", "")[:200], request.POST.get("body", "")[:5000])
    return HttpResponse(preview(request.workshop, definition, words).html)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def template_reset(request: WorkshopRequest, kind: str) -> HttpResponse:
    template = find_template(_kind_or_404(kind))
    if template is None:
        raise Http404
    reset_template(workshop=request.workshop, actor=request.actor, template=template)
    messages.success(request, _("The default text is back."))
    return redirect(workshop_url(request.workshop, "notify:template_edit", kind=kind))


def _kind_or_404(kind: str) -> EmailKind:
    definition = KINDS.get(kind)
    if definition is None or not definition.is_editable:
        raise Http404
    return definition
