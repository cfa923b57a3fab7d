"""The end customer's pages: enter by a link, read, sign, follow."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.crm.services.portal_links import PATH_LONGEST, find_link, use_link
from app.documents.selectors import find_signature
from app.documents.services import SignatureData
from app.files.links import signed_url
from app.files.selectors import get_file
from app.kernel.errors import RuleError
from app.projects.passes import latest_steps
from app.projects.report_selectors import find_customer_report
from app.projects.selectors import find_project_of, list_for_customer, list_parts, list_steps
from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote
from app.quotes.pdf import document_context
from app.quotes.selectors import get_quote_by_public_id, list_lines, list_quotes
from app.quotes.services.answering import record_opening, require_signable
from app.quotes.services.withdrawing import declared, withdrawal_ends_on
from app.tenancy.links import workshop_url

from .forms import LinkForm, SignatureForm, WithdrawalForm
from .found import project_or_404
from .pages import PortalRequest, customer_page, let_in, let_out, open_page
from .photo_views import customer_photos, customer_report
from .services import can_withdraw, send_link, send_link_to, sign_quote, withdraw_from_contract

LINKS_AN_HOUR = 10


@open_page
def open_link(request: PortalRequest, token: str) -> HttpResponse:
    """A link is used by a click on the page, not by opening it: mail scanners open links too."""
    link = find_link(token)
    if link is None:
        raise Http404
    if request.method == "POST" and link.valid:
        opened = use_link(token=token)
        if opened and opened.valid:
            let_in(request, opened.customer)
            return redirect(opened.path)
        link = find_link(token)
    elif request.method == "POST" and link.customer.email:
        if not _may_ask(request):
            return _too_many(request)
        send_link_to(workshop=request.workshop, customer=link.customer, path=link.path)
        return render(request, "portal/link_sent.html")
    return render(request, "portal/open_link.html", {"link": link})


@open_page
def ask_link(request: PortalRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same whether the address is known or not."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may_ask(request):
            return _too_many(request)
        path = request.session.pop("portal_next", "")
        safe = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and len(path) <= PATH_LONGEST
        target = path if safe else workshop_url(request.workshop, "portal:space")
        send_link(workshop=request.workshop, email=form.cleaned_data["email"], path=target)
        return render(request, "portal/link_sent.html")
    return render(request, "portal/ask_link.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@customer_page
def leave(request: PortalRequest) -> HttpResponse:
    let_out(request)
    return redirect(workshop_url(request.workshop, "portal:ask_link"))


@customer_page
def space(request: PortalRequest) -> HttpResponse:
    """The customer's quotes and projects."""
    quotes = list_quotes(customer_pk=request.customer.pk).exclude(status=QuoteStatus.DRAFT)[:50]
    withdrawable = {quote.pk for quote in quotes if withdrawal_ends_on(quote) and can_withdraw(quote)}
    context = {
        "quotes": quotes,
        "withdrawable": withdrawable,
        "projects": list_for_customer(request.customer.pk)[:50],
    }
    return render(request, "portal/space.html", context)


@customer_page
def quote_detail(request: PortalRequest, public_id: UUID) -> HttpResponse:
    quote = _quote(request, public_id)
    record_opening(workshop=request.workshop, actor=request.actor, quote=quote)
    return _quote_page(request, quote, SignatureForm(initial=_names(request)))


@require_POST
@customer_page
def quote_sign(request: PortalRequest, public_id: UUID) -> HttpResponse:
    quote = _quote(request, public_id)
    form = SignatureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _quote_page(request, quote, form, status=422)
    try:
        sign_quote(
            workshop=request.workshop, actor=request.actor, quote=quote, data=_signature(request, form),
            early_start=form.cleaned_data["early_start"],
        )  # fmt: skip
    except RuleError as error:
        if _quote(request, public_id).status == QuoteStatus.ACCEPTED:  # the second of two clicks
            return redirect(workshop_url(request.workshop, "portal:quote_detail", public_id=public_id))
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _quote_page(request, quote, form, status=422)
    messages.success(request, _("Thank you: the quote is signed. A copy is on its way to you by e-mail."))
    return redirect(workshop_url(request.workshop, "portal:quote_detail", public_id=public_id))


@customer_page
def quote_withdraw(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The second of the two steps that the law asks for: what is declared, and its confirmation."""
    quote = _quote(request, public_id)
    here = workshop_url(request.workshop, "portal:quote_detail", public_id=public_id)
    if not can_withdraw(quote):  # over, or the second of two clicks
        return redirect(here)
    form = WithdrawalForm(request.POST or None, initial=_names(request) | {"email": request.customer.email})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_from_contract(workshop=request.workshop, actor=request.actor, quote=quote, **form.cleaned_data)
        except RuleError as error:  # the work was finished meanwhile
            messages.error(request, error.message)
        else:
            messages.success(request, _("You have withdrawn. The receipt is on its way to you by e-mail."))
        return redirect(here)
    name = form["name"].value() or request.customer.display_name
    context = {"quote": quote, "form": form, "declaration": declared(quote, name)}
    return render(request, "portal/quote_withdraw.html", context, status=422 if form.errors else 200)


@customer_page
def quote_pdf(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The signed document, or the one to sign."""
    quote = _quote(request, public_id)
    file_id = quote.signed_file_id or quote.pdf_file_id
    if file_id is None:
        raise Http404
    return redirect(signed_url(get_file(file_id), ttl=timedelta(minutes=5)))


@customer_page
def project_detail(request: PortalRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(request, project_pk)
    steps = latest_steps(list_steps(project))
    done = sum(step.is_done for step in steps)
    context = {
        "project": project,
        "parts": list_parts(project),
        "steps": steps,
        "done": done,
        "photos": customer_photos(request, project),
        "report": customer_report(request, project),
    }
    return render(request, "portal/project_detail.html", context)


@customer_page
def project_report(request: PortalRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(request, project_pk)
    report = find_customer_report(request.workshop, project)
    if report is None:
        raise Http404
    return redirect(signed_url(get_file(report), ttl=timedelta(minutes=5)))


def _quote_page(request: PortalRequest, quote: Quote, form: SignatureForm, status: int = 200) -> HttpResponse:
    try:
        require_signable(quote)
        refusal = ""
    except RuleError as error:
        refusal = error.message
    context = document_context(request.workshop, quote, list_lines(quote)) | {
        "form": form,
        "refusal": refusal,
        "signature": find_signature(quote),
        "project": find_project_of(quote.pk),
        "can_withdraw": can_withdraw(quote),
        "withdrawal_ends_on": withdrawal_ends_on(quote),
    }
    return render(request, "portal/quote_detail.html", context, status=status)


def _signature(request: PortalRequest, form: SignatureForm) -> SignatureData:
    data = form.cleaned_data
    texts = [str(form.fields["consent"].label)]
    if data["early_start"]:
        texts.append(str(form.fields["early_start"].label))
    return SignatureData(
        name=data["name"],
        method=data["method"],
        image=data["image"],
        consent=" ".join(texts),
        email=request.customer.email,
        account=request.customer.display_name,
        user_agent=request.headers.get("User-Agent", ""),
    )


def _quote(request: PortalRequest, public_id: UUID) -> Quote:
    """A quote of this customer; a draft and another customer's do not exist."""
    try:
        quote = get_quote_by_public_id(public_id)
    except Quote.DoesNotExist as error:
        raise Http404 from error
    if quote.customer_id != request.customer.pk or quote.is_draft:
        raise Http404
    return quote


def _names(request: PortalRequest) -> dict[str, str]:
    return {"name": request.customer.person_name}


def _may_ask(request: PortalRequest) -> bool:
    """At most so many links an hour from one address of the network."""
    key = f"w{request.workshop.pk}:links:{request.META.get('REMOTE_ADDR')}"
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) <= LINKS_AN_HOUR


def _too_many(request: PortalRequest) -> HttpResponse:
    """Nobody waits for a link that does not come; this says nothing of who is known."""
    return render(request, "portal/links_too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)
