"""Search over everything a member may read: customers, quotes, projects, powders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from app.batches.selectors import list_batches
from app.crm.selectors import list_customers
from app.powders.selectors import list_powders
from app.projects.selectors import list_parts_by_code, list_projects
from app.quotes.selectors import list_quotes
from app.stock.selectors import list_cartons_by_number
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission

PER_GROUP = 5


@dataclass(frozen=True)
class Hit:
    """One result: where it leads, its name, what tells it from its neighbours."""

    url: str
    label: str
    note: str


@dataclass(frozen=True)
class Group:
    label: str | Promise
    icon: str
    hits: list[Hit]


@dataclass(frozen=True)
class Source:
    """A kind of object: who may read it, how it is found, how it is shown."""

    label: str | Promise
    icon: str
    permission: Permission
    find: Callable[[str], QuerySet[Any]]
    page: str
    argument: str
    describe: Callable[[Any], tuple[str, str]]
    key: str = "pk"


SOURCES = (
    Source(_("Parts"), "tag", Permission.PROJECTS_READ, list_parts_by_code, "projects:project_detail", "project_pk",
           lambda row: (f"{row.code} · {row.designation}", f"{row.project} · {row.project.customer}"), "project_id"),
    Source(_("Customers"), "users", Permission.CUSTOMERS_READ, lambda words: list_customers(search=words),
           "crm:customer_detail", "customer_pk", lambda row: (str(row), row.city or row.email)),
    Source(_("Quotes"), "document-text", Permission.QUOTES_READ, lambda words: list_quotes(search=words),
           "quotes:quote_detail", "quote_pk", lambda row: (f"{row.number or '—'} · {row.title}", str(row.customer))),
    Source(_("Projects"), "briefcase", Permission.PROJECTS_READ, lambda words: list_projects(search=words),
           "projects:project_detail", "project_pk", lambda row: (f"{row.number} · {row.title}", str(row.customer))),
    Source(_("Batches"), "rectangle-stack", Permission.BATCHES_READ,
           lambda words: list_batches(search=words).order_by("-pk"), "batches:batch_detail", "batch_pk",
           lambda row: (row.number, str(row.powder))),
    Source(_("Cartons"), "scale", Permission.STOCK_READ, list_cartons_by_number, "stock:carton_detail", "carton_pk",
           lambda row: (row.number, str(row.item))),
    Source(_("Powders"), "swatch", Permission.POWDERS_READ, lambda words: list_powders(query=words),
           "powders:powder_detail", "powder_pk", lambda row: (f"{row.colour_code} {row.colour_name}", str(row))),
)  # fmt: skip


def search_everything(workshop: Workshop, permissions: frozenset[Permission], query: str) -> list[Group]:
    """The groups that have a result, a few of each."""
    groups = [_group(workshop, source, query) for source in SOURCES if source.permission in permissions]
    return [group for group in groups if group.hits]


def _group(workshop: Workshop, source: Source, query: str) -> Group:
    return Group(source.label, source.icon, [_hit(workshop, source, row) for row in source.find(query)[:PER_GROUP]])


def _hit(workshop: Workshop, source: Source, row: Any) -> Hit:
    label, note = source.describe(row)
    return Hit(workshop_url(workshop, source.page, **{source.argument: getattr(row, source.key)}), label, note)
