"""Roles, permissions, and the one table of who may do what in a workshop.

A module is a line of the matrix that Owner and Admin see; a cell holds the permissions it grants and, where the
right is narrower than the module, a note that says how.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is in a workshop; a membership may hold several, its rights are their union."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    OPERATOR = "operator", _("Operator")
    ACCOUNTANT = "accountant", _("Accounting")
    SALES = "sales", _("Sales")
    MARKETING = "marketing", _("Marketing")
    SUPPORT = "support", _("Account management")
    VIEWER = "viewer", _("Viewer")


#: The roles that can be given today; the others wait for the modules they work in.
GRANTABLE_ROLES = (Role.OWNER, Role.ADMIN, Role.OPERATOR, Role.ACCOUNTANT, Role.VIEWER)
#: A second factor is compulsory for whoever can change the workshop or its members.
SECOND_FACTOR_ROLES = frozenset({Role.OWNER, Role.ADMIN})


class Permission(StrEnum):
    """One right; views, endpoints, tasks and downloads each ask for exactly one."""

    HOME_VIEW = "home.view"
    PRICES_SEE = "prices.see"
    CUSTOMERS_READ = "customers.read"
    CUSTOMERS_EDIT = "customers.edit"
    CUSTOMERS_DELETE = "customers.delete"
    CUSTOMERS_EXPORT = "customers.export"
    QUOTES_READ = "quotes.read"
    QUOTES_EDIT = "quotes.edit"
    PROJECTS_READ = "projects.read"
    PROJECTS_UPDATE = "projects.update"
    PROJECTS_MANAGE = "projects.manage"
    FLOOR_USE = "floor.use"
    BATCHES_READ = "batches.read"
    BATCHES_EDIT = "batches.edit"
    POWDERS_READ = "powders.read"
    POWDERS_EDIT = "powders.edit"
    STOCK_READ = "stock.read"
    STOCK_WEIGH = "stock.weigh"
    STOCK_EDIT = "stock.edit"
    INVOICES_READ = "invoices.read"
    INVOICES_EDIT = "invoices.edit"
    ACCOUNTING_EXPORT = "accounting.export"
    MESSAGES_READ = "messages.read"
    SETTINGS_EDIT = "settings.edit"
    TEAM_MANAGE = "team.manage"
    SUBSCRIPTION_READ = "subscription.read"
    SUBSCRIPTION_MANAGE = "subscription.manage"
    AUDIT_READ = "audit.read"
    PROFILE_EDIT = "profile.edit"


class Module(models.TextChoices):
    """The lines of the permission matrix."""

    HOME = "home", _("Home")
    CUSTOMERS = "customers", _("Customers, contacts, companies")
    QUOTES = "quotes", _("Quotes")
    PROJECTS = "projects", _("Projects, steps, photos, quality")
    BATCHES = "batches", _("Batches")
    STOCK = "stock", _("Powders and stock")
    INVOICES = "invoices", _("Invoices and payments")
    ACCOUNTING = "accounting", _("Accounting exports")
    SETTINGS = "settings", _("Settings")
    TEAM = "team", _("Team and integrations")
    SUBSCRIPTION = "subscription", _("ThermoGestion subscription")
    AUDIT = "audit", _("Action history")


@dataclass(frozen=True)
class Cell:
    """What one role may do in one module."""

    label: str | Promise
    permissions: frozenset[Permission] = frozenset()


def _cell(label: str | Promise, *permissions: Permission) -> Cell:
    return Cell(label, frozenset(permissions))


P, R, M = Permission, Role, Module
NONE = _cell(_("none"))
ALL, READ, OWN_SITES = _("all"), _("read"), _("own sites")
LIMITED = _cell(_("own profile and preferences"), P.PROFILE_EDIT)
_LATER_SALES = _cell(_("own, with the sales module"))

_CUSTOMERS = (P.CUSTOMERS_READ, P.CUSTOMERS_EDIT, P.CUSTOMERS_DELETE, P.CUSTOMERS_EXPORT, P.MESSAGES_READ)
_PROJECTS = (P.PROJECTS_READ, P.PROJECTS_UPDATE, P.PROJECTS_MANAGE, P.FLOOR_USE)
_STOCK = (P.POWDERS_READ, P.POWDERS_EDIT, P.STOCK_READ, P.STOCK_WEIGH, P.STOCK_EDIT)

MATRIX: dict[Module, dict[Role, Cell]] = {
    M.HOME: {
        R.OWNER: _cell(_("full"), P.HOME_VIEW, P.PRICES_SEE),
        R.ADMIN: _cell(_("full"), P.HOME_VIEW, P.PRICES_SEE),
        R.MANAGER: _cell(OWN_SITES, P.HOME_VIEW, P.PRICES_SEE),
        R.OPERATOR: _cell(_("the workshop's day"), P.HOME_VIEW),
        R.ACCOUNTANT: _cell(_("finance"), P.HOME_VIEW, P.PRICES_SEE),
        R.SALES: _cell(_("personal"), P.HOME_VIEW, P.PRICES_SEE),
        R.MARKETING: _cell(_("marketing"), P.HOME_VIEW),
        R.SUPPORT: _cell(_("support"), P.HOME_VIEW),
        R.VIEWER: _cell(READ, P.HOME_VIEW, P.PRICES_SEE),
    },
    M.CUSTOMERS: {
        R.OWNER: _cell(ALL, *_CUSTOMERS),
        R.ADMIN: _cell(ALL, *_CUSTOMERS),
        R.MANAGER: _cell(OWN_SITES, P.CUSTOMERS_READ, P.CUSTOMERS_EDIT),
        R.OPERATOR: _cell(_("name and contact of the project only")),
        R.ACCOUNTANT: _cell(READ, P.CUSTOMERS_READ),
        R.SALES: _LATER_SALES,
        R.MARKETING: NONE,
        R.SUPPORT: NONE,
        R.VIEWER: _cell(READ, P.CUSTOMERS_READ),
    },
    M.QUOTES: {
        R.OWNER: _cell(ALL, P.QUOTES_READ, P.QUOTES_EDIT),
        R.ADMIN: _cell(ALL, P.QUOTES_READ, P.QUOTES_EDIT),
        R.MANAGER: _cell(OWN_SITES, P.QUOTES_READ, P.QUOTES_EDIT),
        R.OPERATOR: NONE,
        R.ACCOUNTANT: _cell(ALL, P.QUOTES_READ, P.QUOTES_EDIT),
        R.SALES: _LATER_SALES,
        R.MARKETING: NONE,
        R.SUPPORT: NONE,
        R.VIEWER: _cell(READ, P.QUOTES_READ),
    },
    M.PROJECTS: {
        R.OWNER: _cell(ALL, *_PROJECTS),
        R.ADMIN: _cell(ALL, *_PROJECTS),
        R.MANAGER: _cell(OWN_SITES, *_PROJECTS),
        R.OPERATOR: _cell(_("update"), P.PROJECTS_READ, P.PROJECTS_UPDATE, P.FLOOR_USE),
        R.ACCOUNTANT: _cell(READ, P.PROJECTS_READ),
        R.SALES: _LATER_SALES,
        R.MARKETING: NONE,
        R.SUPPORT: _cell(_("read from a ticket")),
        R.VIEWER: _cell(READ, P.PROJECTS_READ),
    },
    M.BATCHES: {
        R.OWNER: _cell(ALL, P.BATCHES_READ, P.BATCHES_EDIT),
        R.ADMIN: _cell(ALL, P.BATCHES_READ, P.BATCHES_EDIT),
        R.MANAGER: _cell(OWN_SITES, P.BATCHES_READ, P.BATCHES_EDIT),
        R.OPERATOR: _cell(_("create, edit, launch, close"), P.BATCHES_READ, P.BATCHES_EDIT),
        R.ACCOUNTANT: NONE,
        R.SALES: NONE,
        R.MARKETING: NONE,
        R.SUPPORT: NONE,
        R.VIEWER: _cell(READ, P.BATCHES_READ),
    },
    M.STOCK: {
        R.OWNER: _cell(ALL, *_STOCK),
        R.ADMIN: _cell(ALL, *_STOCK),
        R.MANAGER: _cell(OWN_SITES, *_STOCK),
        R.OPERATOR: _cell(_("read, weigh, count"), P.POWDERS_READ, P.STOCK_READ, P.STOCK_WEIGH),
        R.ACCOUNTANT: _cell(READ, P.POWDERS_READ, P.STOCK_READ),
        R.SALES: NONE,
        R.MARKETING: NONE,
        R.SUPPORT: NONE,
        R.VIEWER: _cell(READ, P.POWDERS_READ, P.STOCK_READ),
    },
    M.INVOICES: {
        R.OWNER: _cell(ALL, P.INVOICES_READ, P.INVOICES_EDIT),
        R.ADMIN: _cell(ALL, P.INVOICES_READ, P.INVOICES_EDIT),
        R.MANAGER: _cell(_("read own sites"), P.INVOICES_READ),
        R.OPERATOR: NONE,
        R.ACCOUNTANT: _cell(ALL, P.INVOICES_READ, P.INVOICES_EDIT),
        R.SALES: _LATER_SALES,
        R.MARKETING: NONE,
        R.SUPPORT: NONE,
        R.VIEWER: _cell(READ, P.INVOICES_READ),
    },
    M.ACCOUNTING: {
        **dict.fromkeys(Role, NONE),
        R.OWNER: _cell(ALL, P.ACCOUNTING_EXPORT),
        R.ADMIN: _cell(ALL, P.ACCOUNTING_EXPORT),
        R.ACCOUNTANT: _cell(ALL, P.ACCOUNTING_EXPORT),
    },
    M.SETTINGS: {
        **dict.fromkeys(Role, LIMITED),
        R.OWNER: _cell(_("full"), P.SETTINGS_EDIT, P.PROFILE_EDIT),
        R.ADMIN: _cell(_("all but the subscription"), P.SETTINGS_EDIT, P.PROFILE_EDIT),
    },
    M.TEAM: {
        **dict.fromkeys(Role, NONE),
        R.OWNER: _cell(ALL, P.TEAM_MANAGE),
        R.ADMIN: _cell(ALL, P.TEAM_MANAGE),
    },
    M.SUBSCRIPTION: {
        **dict.fromkeys(Role, NONE),
        R.OWNER: _cell(ALL, P.SUBSCRIPTION_READ, P.SUBSCRIPTION_MANAGE),
        R.ADMIN: _cell(_("read the status"), P.SUBSCRIPTION_READ),
    },
    M.AUDIT: {
        **dict.fromkeys(Role, NONE),
        R.OWNER: _cell(READ, P.AUDIT_READ),
        R.ADMIN: _cell(READ, P.AUDIT_READ),
    },
}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """The union of what these roles may do."""
    held = [Role(role) for role in roles]
    return frozenset().union(*(line[role].permissions for line in MATRIX.values() for role in held))
