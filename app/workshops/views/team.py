"""The team: members, invitations, and who may do what."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.kernel.pagination import keyset_page
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import MATRIX, Permission, Role
from app.tenancy.selectors import list_members, list_open_invitations

from ..forms import InvitationForm, MemberFilters, MemberForm
from ..services.invitations import cancel_invitation, invite, resend_invitation
from ..services.members import deactivate_member, reactivate_member, update_member
from .found import invitation_or_404, member_or_404


@workshop_page(Permission.TEAM_MANAGE)
def member_list(request: WorkshopRequest) -> HttpResponse:
    filters = MemberFilters(request.GET)
    filters.is_valid()
    asked = filters.cleaned_data
    members = list_members(search=asked.get("q", ""), role=asked.get("role", ""), status=asked.get("statut", ""))
    page = keyset_page(members, keys=("user__last_name", "user__first_name", "id"), cursor=request.GET.get("apres"))
    context = {
        "page": page,
        "filters": filters,
        "filtered": any(asked.values()),
        "invitations": list_open_invitations(),
    }
    return render(request, "workshops/member_list.html", context)


@workshop_page(Permission.TEAM_MANAGE)
def member_invite(request: WorkshopRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, by=request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite(
                workshop=request.workshop, actor=request.actor, by=request.membership, data=form.invitation_data()
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Invitation on its way to %(email)s.") % {"email": invitation.email})
            return _to_team(request)
    return render(request, "workshops/member_invite.html", {"form": form}, status=422 if form.errors else 200)


@workshop_page(Permission.TEAM_MANAGE)
def member_edit(request: WorkshopRequest, membership_pk: int) -> HttpResponse:
    member = member_or_404(membership_pk)
    initial = {
        "roles": member.roles,
        "department": member.department,
        "manager": member.manager_id,
        "starts_on": member.starts_on,
    }
    form = MemberForm(request.POST or None, initial=initial, by=request.membership, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            update_member(
                workshop=request.workshop,
                actor=request.actor,
                by=request.membership,
                member=member,
                data=form.data_of_member(),
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Member saved."))
            return _to_team(request)
    context = {"form": form, "member": member, "is_self": member.pk == request.membership.pk}
    return render(request, "workshops/member_edit.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.TEAM_MANAGE)
def member_deactivate(request: WorkshopRequest, membership_pk: int) -> HttpResponse:
    member = member_or_404(membership_pk)
    return _act(
        request,
        lambda: deactivate_member(workshop=request.workshop, actor=request.actor, by=request.membership, member=member),
        _("Member deactivated: the workshop is closed to them from now on."),
    )


@require_POST
@workshop_page(Permission.TEAM_MANAGE)
def member_reactivate(request: WorkshopRequest, membership_pk: int) -> HttpResponse:
    member = member_or_404(membership_pk)
    return _act(
        request,
        lambda: reactivate_member(workshop=request.workshop, actor=request.actor, by=request.membership, member=member),
        _("Member reactivated, with the roles held before."),
    )


@require_POST
@workshop_page(Permission.TEAM_MANAGE)
def invitation_resend(request: WorkshopRequest, invitation_pk: int) -> HttpResponse:
    invitation = invitation_or_404(invitation_pk)
    return _act(
        request,
        lambda: resend_invitation(
            workshop=request.workshop, actor=request.actor, by=request.membership, invitation=invitation
        ),
        _("Invitation sent again, for seven days."),
    )


@require_POST
@workshop_page(Permission.TEAM_MANAGE)
def invitation_cancel(request: WorkshopRequest, invitation_pk: int) -> HttpResponse:
    invitation = invitation_or_404(invitation_pk)
    return _act(
        request,
        lambda: cancel_invitation(workshop=request.workshop, actor=request.actor, invitation=invitation),
        _("Invitation cancelled: its link no longer works."),
    )


@workshop_page(Permission.TEAM_MANAGE)
def matrix(request: WorkshopRequest) -> HttpResponse:
    """The table of who may do what, as the server applies it."""
    lines = [(module.label, [cells[role] for role in Role]) for module, cells in MATRIX.items()]
    return render(request, "workshops/matrix.html", {"roles": list(Role), "lines": lines})


def _act(request: WorkshopRequest, service: Callable[[], None], done: str) -> HttpResponse:
    try:
        service()
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return _to_team(request)


def _to_team(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "workshops:member_list"))
