"""Who sits at a shared tablet."""

from http import HTTPStatus

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import SEAT_SESSION_KEY
from ..models import Seat, Tablet
from ..selectors import find_floor_member, list_floor_members, list_pins
from ..services.pins import open_again, open_seat
from .account import account_of, tablet_of


@require_safe
@ensure_csrf_cookie
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def operators(request: WorkshopRequest) -> JsonResponse:
    """The names to choose from on a shared tablet; nobody's on a device of one's own."""
    account = account_of(request)
    if tablet_of(request) is None:
        return JsonResponse({"account": account, "operators": []})
    members = list_floor_members()
    pins = list_pins(members)
    listed = [{"pk": member.pk, "name": str(member.user), "ready": member.pk in pins} for member in members]
    return JsonResponse({"account": account, "operators": listed})


@require_POST
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def seat_open(request: WorkshopRequest) -> HttpResponse:
    """Sit down with a code, or with the proof of a code that was typed without network."""
    tablet = _tablet_or_404(request)
    asked = request.POST.get("operator", "")
    member = find_floor_member(int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    if member is None:
        return _refused(_("This person cannot use the tablet any more."), code="gone")
    proof = request.POST.get("proof", "")
    if proof:
        nonce = request.POST.get("nonce", "")
        seat = open_again(tablet=tablet, membership_pk=member.pk, nonce=nonce, proof=proof) if proof.isascii() else None
        return _seated(request, tablet, seat) if seat else _refused(_("Type the code again."), code="again")
    opening = open_seat(
        workshop=request.workshop, tablet=tablet, membership=member, code=request.POST.get("code", ""),
        actor=request.actor,
    )  # fmt: skip
    if opening.seat:
        return _seated(request, tablet, opening.seat)
    if opening.locked_seconds:
        return _refused(_("Too many wrong codes: wait five minutes."), code="locked", seconds=opening.locked_seconds)
    return _refused(_("Wrong code."), code="wrong", left=opening.left)


@require_POST
@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def seat_close(request: WorkshopRequest) -> JsonResponse:
    request.session.pop(SEAT_SESSION_KEY, None)
    return JsonResponse({"done": True})


def _seated(request: WorkshopRequest, tablet: Tablet, seat: Seat) -> JsonResponse:
    request.session[SEAT_SESSION_KEY] = {
        "tablet": tablet.pk, "member": seat.membership_id, "seen": timezone.now().timestamp(),
    }  # fmt: skip
    return JsonResponse({"key": seat.signing_key, "operator": seat.membership_id})


def _refused(reason: str, **facts: object) -> JsonResponse:
    return JsonResponse({"reason": reason, **facts}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _tablet_or_404(request: WorkshopRequest) -> Tablet:
    tablet = tablet_of(request)
    if tablet is None:
        raise Http404
    return tablet
