"""The maker's catalogue: looking a powder up, copying it, and the shop that says that something changed."""

from dataclasses import fields

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.kernel.pagination import keyset_page
from app.powders.forms import FilterForm, ReferencesForm
from app.powders.maker import find_source, is_signed
from app.powders.selectors import copied_products, find_product, latest_reading, list_products
from app.powders.services.powders import PowderData
from app.powders.services.sharing import Taken, take_product, take_references
from app.powders.views.found import product_or_404
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

READ_TASK = "powders.read_catalogue"
#: The shop's export keeps a change back for five seconds: what is read at once would miss the one that was told.
READ_AFTER = 10


@workshop_page(Permission.POWDERS_READ)
def product_list(request: WorkshopRequest) -> HttpResponse:
    """What the maker sells, with what the workshop has of it."""
    return _show_list(request, ReferencesForm())


@require_GET
@workshop_page(Permission.POWDERS_EDIT)
def product_fill(request: WorkshopRequest) -> HttpResponse:
    """What a reference fills in the form of a powder: values as people of this language write them."""
    product = find_product(request.GET.get("reference", "")[:80])
    if product is None:
        return JsonResponse({"known": False})
    names = [each.name for each in fields(PowderData) if each.name != "notes"] + ["price_per_kg"]
    values = {name: getattr(product, name) for name in names}
    texts = {name: "" if value is None else str(localize(value, use_l10n=True)) for name, value in values.items()}
    return JsonResponse({"known": True, "values": texts})


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def product_take(request: WorkshopRequest, product_pk: int) -> HttpResponse:
    try:
        powder = take_product(workshop=request.workshop, actor=request.actor, product=product_or_404(product_pk))
    except RuleError as refusal:
        messages.error(request, refusal.message)
        return redirect(workshop_url(request.workshop, "powders:product_list"))
    messages.success(request, _("%(powder)s is among your powders; this copy is yours.") % {"powder": powder.reference})
    return redirect(workshop_url(request.workshop, "powders:powder_detail", powder_pk=powder.pk))


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def reference_take(request: WorkshopRequest) -> HttpResponse:
    """Copy every reference of a list; those that are not known come back in the field."""
    form = ReferencesForm(request.POST)
    if form.is_valid():
        try:
            taken = take_references(workshop=request.workshop, actor=request.actor, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error("references", refusal.message)
        else:
            return _tell(request, taken)
    return _show_list(request, form)


@csrf_exempt
@require_POST
def catalogue_told(request: HttpRequest) -> HttpResponse:
    """The maker's shop says that products changed: signed, it starts a reading; whatever else is refused."""
    if not is_signed(settings.CATALOGUE_SECRET, request.headers, request.body):
        return HttpResponse(status=403)
    send_on_commit(READ_TASK, countdown=READ_AFTER)
    return HttpResponse(status=202)


def _show_list(request: WorkshopRequest, form: ReferencesForm) -> HttpResponse:
    filters = FilterForm(request.GET)
    filters.is_valid()
    asked = filters.cleaned_data
    products = list_products(query=asked.get("q", ""), type=asked.get("type", ""), finish=asked.get("finition", ""))
    page = keyset_page(products, keys=("search_key", "id"), cursor=request.GET.get("apres"))
    copies = copied_products(page.rows)
    context = {
        "page": page, "rows": [(product, copies.get(product.pk)) for product in page.rows], "filters": filters,
        "filtered": any(request.GET.values()), "form": form, "reading": latest_reading(),
        "is_connected": find_source() is not None,
    }  # fmt: skip
    return render(request, "powders/product_list.html", context, status=422 if form.errors else 200)


def _tell(request: WorkshopRequest, taken: Taken) -> HttpResponse:
    if taken.powders:
        many = len(taken.powders)
        messages.success(request, ngettext("%d powder added.", "%d powders added.", many) % many)
    if taken.had:
        messages.info(request, _("You had already: %(references)s.") % {"references": ", ".join(taken.had)})
    if not taken.unknown:
        return redirect(workshop_url(request.workshop, "powders:product_list"))
    form = ReferencesForm(initial={"references": "\n".join(taken.unknown)})
    messages.warning(request, _("Not in the catalogue: %(references)s.") % {"references": ", ".join(taken.unknown)})
    return _show_list(request, form)
