"""The settings, by subject: each member sees what their roles open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@dataclass(frozen=True)
class Subject:
    """A line of the settings; `personal` pages stand outside the workshop."""

    label: str | Promise
    note: str | Promise
    name: str
    icon: str
    permission: Permission
    personal: bool = False


@dataclass(frozen=True)
class Section:
    label: str | Promise
    subjects: tuple[Subject, ...]


P = Permission
SECTIONS = (
    Section(
        _("Workshop"),
        (
            Subject(
                _("Identity"),
                _("Name, address, legal details, colour and logo"),
                "workshops:identity",
                "building-storefront",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Address on the Internet"),
                _("The workshop's name in its pages' addresses"),
                "workshops:address",
                "link",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Sites"),
                _("The places where the workshop works"),
                "workshops:site_list",
                "map-pin",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Numbers"),
                _("Format of the numbers of quotes and projects"),
                "numbering:formats",
                "hashtag",
                P.SETTINGS_EDIT,
            ),
        ),
    ),
    Section(
        _("Work"),
        (
            Subject(
                _("Prices and quotes"),
                _("Margins, hourly rate, taxes, validity, deposit, conditions"),
                "quotes:settings",
                "calculator",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Workflows"),
                _("Steps and checklists of projects"),
                "projects:workflow_list",
                "queue-list",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Batches"),
                _("Curing times that go together, lots, when the powder leaves the stock"),
                "batches:settings",
                "rectangle-stack",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Stock"),
                _("Blind count, powders to weigh each day, alerts, orders"),
                "stock:settings",
                "scale",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Ovens"),
                _("Sizes, hooks, hours, costs of the curing plan"),
                "batches:oven_list",
                "fire",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Photos"),
                _("What customers see, logo, archive, room"),
                "projects:photo_settings",
                "photo",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Defects and causes"),
                _("The words of non-conformities"),
                "projects:quality_terms",
                "exclamation-triangle",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Tablets"),
                _("Shared tablets of the workshop mode, codes of operators"),
                "tablets:tablet_list",
                "device-tablet",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("E-mails"),
                _("Mailbox, words of the messages, sent messages"),
                "notify:mailbox",
                "envelope",
                P.SETTINGS_EDIT,
            ),
            Subject(
                _("Duplicate customers"),
                _("What makes two customers look alike"),
                "crm:settings",
                "user-group",
                P.SETTINGS_EDIT,
            ),
        ),
    ),
    Section(
        _("Team and account"),
        (
            Subject(_("Team"), _("Members, roles, invitations"), "workshops:member_list", "users", P.TEAM_MANAGE),
            Subject(
                _("Who may do what"), _("The rights of each role"), "workshops:matrix", "table-cells", P.TEAM_MANAGE
            ),
            Subject(
                _("Action history"),
                _("Who did what, when, with old and new values"),
                "audit:entry_list",
                "clock",
                P.AUDIT_READ,
            ),
            Subject(
                _("Subscription"),
                _("Trial, plan, days left"),
                "billing:subscription",
                "credit-card",
                P.SUBSCRIPTION_READ,
            ),
        ),
    ),
    Section(
        _("My account"),
        (
            Subject(
                _("Profile"),
                _("Name, language, time zone, theme"),
                "accounts:profile",
                "user-circle",
                P.PROFILE_EDIT,
                True,
            ),
            Subject(
                _("Notifications"),
                _("What you are told of, by e-mail or on your devices"),
                "notify:preferences",
                "bell",
                P.PROFILE_EDIT,
            ),
            Subject(
                _("My tablet code"),
                _("What I type on the workshop's tablets"),
                "tablets:my_pin",
                "device-tablet",
                P.FLOOR_USE,
            ),
            Subject(_("Password"), _("Change the password"), "account_change_password", "key", P.PROFILE_EDIT, True),
            Subject(
                _("Two-step verification"),
                _("Authenticator app, security keys, recovery codes"),
                "mfa_index",
                "shield-check",
                P.PROFILE_EDIT,
                True,
            ),
            Subject(
                _("Open sessions"),
                _("Devices on which you are signed in"),
                "usersessions_list",
                "computer-desktop",
                P.PROFILE_EDIT,
                True,
            ),
        ),
    ),
)


@workshop_page(Permission.PROFILE_EDIT)
def settings(request: WorkshopRequest) -> HttpResponse:
    return render(request, "home/settings.html", {"sections": list(_open_sections(request))})


def _open_sections(request: WorkshopRequest) -> Iterator[dict[str, Any]]:
    """The sections with at least one subject that this member may open."""
    for section in SECTIONS:
        subjects = [_card(request, subject) for subject in section.subjects if request.may(subject.permission)]
        if subjects:
            yield {"label": section.label, "subjects": subjects}


def _card(request: WorkshopRequest, subject: Subject) -> dict[str, Any]:
    url = reverse(subject.name) if subject.personal else workshop_url(request.workshop, subject.name)
    return {"label": subject.label, "note": subject.note, "icon": subject.icon, "url": url}
