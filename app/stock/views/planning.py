"""What to weigh today and in an inventory, what to buy, and how the workshop wants it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.csvfiles import write_csv
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..figures import find_settings
from ..forms import PlanForm, SettingsForm
from ..selectors import list_cartons_of, list_lines, list_plans, weighed_on, weighed_since
from ..services.planning import close_inventory, draw_more, list_of_the_day, plan_inventory, save_settings
from ..suggesting import suggest
from .found import plan_or_404


@workshop_page(Permission.STOCK_WEIGH)
@needs_feature(Feature.SMART_STOCK)
def to_weigh(request: WorkshopRequest) -> HttpResponse:
    """The list of the day; a post adds more to it."""
    if request.method == "POST":
        if not draw_more(workshop=request.workshop):
            messages.info(request, _("Every powder in stock is on the list or was weighed today."))
        return redirect(request.path)
    picks, today = list_of_the_day(workshop=request.workshop), timezone.localdate()
    done = weighed_on(today)
    context = {
        "picks": picks, "done": done, "left": sum(pick.item_id not in done for pick in picks),
        "cartons": list_cartons_of([pick.item_id for pick in picks]), "settings": find_settings(),
        "plans": [plan for plan in list_plans() if plan.closed_at is None and plan.starts_on <= today <= plan.ends_on],
    }  # fmt: skip
    return render(request, "stock/to_weigh.html", context)


@workshop_page(Permission.STOCK_READ, edit=Permission.STOCK_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_list(request: WorkshopRequest) -> HttpResponse:
    """Partial inventories; a post plans one."""
    today = timezone.localdate()
    form = PlanForm(request.POST or None, initial={"starts_on": today, "ends_on": today + timedelta(days=4)})
    if request.method == "POST" and form.is_valid():
        try:
            plan = plan_inventory(workshop=request.workshop, actor=request.actor, **form.cleaned_data)
        except RuleError as error:
            form.refuse(error)
        else:
            return redirect(workshop_url(request.workshop, "stock:plan_detail", plan_pk=plan.pk))
    context = {"plans": list_plans(), "form": form}
    return render(request, "stock/plan_list.html", context, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.STOCK_READ)
@needs_feature(Feature.SMART_STOCK)
def plan_detail(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    """A partial inventory day by day, and what is done."""
    plan = plan_or_404(plan_pk)
    lines = list_lines(plan)
    done = weighed_since([line.item_id for line in lines], plan.starts_on, plan.ends_on)
    context = {
        "plan": plan, "lines": lines, "done": done, "today": timezone.localdate(),
        "done_count": sum(line.item_id in done for line in lines),
        "cartons": list_cartons_of([line.item_id for line in lines]),
    }  # fmt: skip
    return render(request, "stock/plan_detail.html", context)


@require_POST
@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_close(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    close_inventory(workshop=request.workshop, actor=request.actor, plan=plan_or_404(plan_pk))
    messages.success(request, _("Inventory closed."))
    return redirect(workshop_url(request.workshop, "stock:plan_list"))


@require_safe
@workshop_page(Permission.STOCK_READ)
@needs_feature(Feature.SMART_STOCK)
def suggestion_list(request: WorkshopRequest) -> HttpResponse:
    """What to buy so that nothing runs out."""
    context = {"suggestions": suggest(request.workshop), "settings": find_settings()}
    return render(request, "stock/suggestion_list.html", context)


@require_safe
@workshop_page(Permission.STOCK_READ, when_read_only=True)
@needs_feature(Feature.SMART_STOCK)
def suggestion_export(request: WorkshopRequest) -> HttpResponse:
    """The suggestions as a list for the supplier."""
    header = [_("Brand"), _("Reference"), _("Powder"), _("Packages"), _("Total (kg)"), _("Stock (kg)"), _("Used up on")]
    rows = [
        [one.powder.brand, one.powder.reference, one.powder, one.packages_text, str(one.total).replace(".", ","),
         str(one.figures.level).replace(".", ","), one.figures.runs_out_on or ""]
        for one in suggest(request.workshop)
    ]  # fmt: skip
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="commandes-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@workshop_page(Permission.SETTINGS_EDIT)
def settings(request: WorkshopRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=find_settings())
    if request.method == "POST" and form.is_valid():
        save_settings(workshop=request.workshop, actor=request.actor, values=form.cleaned_data)
        messages.success(request, _("Stock settings recorded."))
        return redirect(request.path)
    return render(request, "stock/settings.html", {"form": form}, status=422 if form.errors else 200)
