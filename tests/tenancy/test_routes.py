"""Every address of the product asks for a right, and does not exist for another workshop's people and objects."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from app.batches.models import Batch, Oven, OvenLoad, OvenPlan
from app.billing.models import BillingOrder
from app.crm.models import Customer
from app.dataio.models import CustomerExport, CustomerImport
from app.documents.models import Paper
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.files.models import StoredFile
from app.notify.models import Alert, PushDevice, WorkshopEmail
from app.powders.models import Powder, PowderFormat, PowderImport
from app.projects.models import LabelPrint, Nonconformity, Part, Photo, Project, QualityTerm, Step, Workflow
from app.quotes.models import Quote
from app.shopfloor.models import DeviceAction, PhotoUpload, Tablet
from app.stock.models import Carton, InventoryPlan, Item, Weighing
from app.tenancy.base import TenantModel
from app.tenancy.models import Invitation, Membership, Site, Workshop
from app.tenancy.permissions import Permission, Role
from app.tenancy.rls import tenant_models
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.kept_rows import Rows, put_instead
from tests.tenancy.rows import make_row


@dataclass(frozen=True)
class Route:
    """A pattern of the URLconf, with its converters and its view."""

    pattern: str
    converters: dict[str, Any]
    view: Any

    @property
    def app(self) -> str:
        return str(self.view.__module__.split(".")[1])

    def path(self, slug: str, **objects: Any) -> str:
        """The address with this workshop and these objects, and something plausible for the rest."""
        filled = self.pattern
        for name, converter in self.converters.items():
            value = slug if name == "workshop_slug" else objects.get(name, _plausible(converter))
            filled = filled.replace(_placeholder(filled, name), str(value))
        return f"/{filled}"


def _placeholder(pattern: str, name: str) -> str:
    start = pattern.rindex("<", 0, pattern.index(f":{name}>"))
    return pattern[start : pattern.index(">", start) + 1]


def _plausible(converter: Any) -> Any:
    if isinstance(converter, UUIDConverter):
        return uuid.uuid4()
    return 987654321 if isinstance(converter, IntConverter) else "smtp"


def _walk(patterns: list[Any], prefix: str = "", converters: dict[str, Any] | None = None) -> Iterator[Route]:
    for found in patterns:
        pattern, known = prefix + str(found.pattern), {**(converters or {}), **found.pattern.converters}
        if isinstance(found, URLResolver):
            yield from _walk(found.url_patterns, pattern, known)
        elif isinstance(found, URLPattern):
            yield Route(pattern, known, found.callback)


ROUTES = [route for route in _walk(get_resolver().url_patterns) if "workshop_slug" in route.converters]
PRODUCT = [route for route in ROUTES if route.pattern.startswith("app/")]
PORTAL = [route for route in ROUTES if route.pattern.startswith("espace/")]
#: The objects that addresses name, by argument; where two apps use one name, by app.
OBJECTS: dict[str, type[TenantModel]] = {
    "customer_pk": Customer, "order_pk": BillingOrder, "email_pk": WorkshopEmail, "format_pk": PowderFormat, "invitation_pk": Invitation,
    "membership_pk": Membership, "part_pk": Part, "powder_pk": Powder, "powders.import_pk": PowderImport, "print_pk": LabelPrint, "device_pk": PushDevice,
    "dataio.import_pk": CustomerImport, "dataio.export_pk": CustomerExport, "project_pk": Project, "photo_pk": Photo,
    "paper_pk": Paper, "public_id": StoredFile, "quote_pk": Quote, "step_pk": Step, "workflow_pk": Workflow, "action_pk": DeviceAction, "tablet_pk": Tablet,
    "batch_pk": Batch, "upload_key": PhotoUpload, "term_pk": QualityTerm, "site_pk": Site,
    "nonconformity_pk": Nonconformity, "oven_pk": Oven, "batches.plan_pk": OvenPlan, "load_pk": OvenLoad,
    "alert_pk": Alert, "item_pk": Item, "carton_pk": Carton, "weighing_pk": Weighing, "stock.plan_pk": InventoryPlan,
}  # fmt: skip
NOT_OBJECTS = {"product_pk", "workshop_slug", "provider", "kind", "screen", "code", "rank", "key"}


def _model_of(route: Route, name: str) -> type[TenantModel] | None:
    return OBJECTS.get(f"{route.app}.{name}") or OBJECTS.get(name)


@dataclass(frozen=True)
class Cast:
    """Two workshops and what their owners' browsers bear once they have signed in."""

    workshop: Workshop
    other_workshop: Workshop
    owner: str
    stranger: str


@pytest.fixture(scope="module")
def cast(new_rows: Rows, django_db_blocker: Any) -> Iterator[Cast]:
    """The people whom every address of a file is asked by, committed once: a thousand times would take a minute.

    A page that no feature closes shows whether its object is found, so the first workshop has them all.
    """
    with django_db_blocker.unblock():
        workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
        other = factories.workshop(name="Laquage Concurrent", slug="laquage-concurrent")
        people = [factories.member(one, Role.OWNER) for one in (workshop, other)]
        with workshop_scope(workshop.pk):
            grant(workshop=workshop, features=list(Feature), source=Source.PUBLISHER, ends_at=None)
        owner, stranger = (signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value for person in people)
    yield Cast(workshop, other, owner, stranger)
    with django_db_blocker.unblock():
        put_instead(new_rows)


def browser_with(session: str) -> Client:
    """A browser that bears this session and nothing else."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


@pytest.fixture
def workshop(cast: Cast, db: None) -> Workshop:
    return cast.workshop


@pytest.fixture
def other_workshop(cast: Cast, db: None) -> Workshop:
    return cast.other_workshop


@pytest.fixture
def owner_client(cast: Cast, db: None) -> Client:
    return browser_with(cast.owner)


@pytest.fixture
def stranger_client(cast: Cast, db: None) -> Client:
    return browser_with(cast.stranger)


every_route = pytest.mark.parametrize("route", PRODUCT, ids=lambda route: route.pattern)
OF_OBJECTS = [route for route in PRODUCT if set(route.converters) - NOT_OBJECTS]


def test_the_routes_are_all_of_the_product_or_of_the_portal() -> None:
    assert len(PRODUCT) > 80
    assert [route.pattern for route in ROUTES if route not in PRODUCT and route not in PORTAL] == []
    under = [route for route in _walk(get_resolver().url_patterns) if route.pattern.startswith("app/")]
    assert [route.pattern for route in under if route not in PRODUCT] == ["app/"]  # the choice of a workshop


@pytest.mark.spec("ROL-09")
@every_route
def test_a_product_page_asks_for_a_right(route: Route) -> None:
    assert isinstance(getattr(route.view, "workshop_permission", None), Permission)


@pytest.mark.spec("ROL-05")
@pytest.mark.parametrize("route", PORTAL, ids=lambda route: route.pattern)
def test_a_portal_page_says_who_may_open_it(route: Route) -> None:
    assert getattr(route.view, "portal_page", None) in ("open", "customer")


def test_every_argument_is_a_known_object() -> None:
    unknown = {
        f"{route.app}.{name}"
        for route in PRODUCT
        for name in set(route.converters) - NOT_OBJECTS
        if _model_of(route, name) is None
    }
    assert unknown == set()


def _everything(workshop: Workshop) -> dict[str, str]:
    """Each table with a hash of the workshop's rows, to see that nothing moved; one question for all of them."""
    tables = [model._meta.db_table for model in tenant_models()]
    hashes = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(row::text, ',' ORDER BY row::text)) "
        f"FROM {table} AS row WHERE workshop_id = {workshop.pk}"
        for table in tables
    )
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(hashes)
        return dict(cursor.fetchall())


@pytest.mark.spec("TEN-04", "TEN-03")
@pytest.mark.parametrize("method", ["get", "post"])
@every_route
def test_another_workshop_does_not_exist(
    route: Route, method: str, stranger_client: Client, workshop: Workshop
) -> None:
    answer = getattr(stranger_client, method)(route.path(workshop.slug))
    assert answer.status_code == 404


@pytest.mark.spec("TEN-03")
@every_route
def test_nobody_enters_without_signing_in(route: Route, client: Client, workshop: Workshop) -> None:
    answer = client.get(route.path(workshop.slug))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/login/")


@pytest.mark.spec("TEN-04")
@pytest.mark.parametrize("route", OF_OBJECTS, ids=lambda route: route.pattern)
def test_an_object_of_another_workshop_does_not_exist(
    route: Route, owner_client: Client, workshop: Workshop, other_workshop: Workshop
) -> None:
    with workshop_scope(other_workshop.pk):
        rows = {name: make_row(_required(route, name), other_workshop) for name in set(route.converters) - NOT_OBJECTS}
    objects = {name: getattr(row, "public_id", row.pk) if name == "public_id" else row.pk for name, row in rows.items()}
    before = _everything(other_workshop)
    assert any(before.values())
    path = route.path(workshop.slug, **objects)
    answers = {method: getattr(owner_client, method)(path).status_code for method in ("get", "post")}
    assert set(answers.values()) <= {404, 405}, answers  # 405: the address takes one method only
    assert 404 in answers.values()
    assert _everything(other_workshop) == before


def _required(route: Route, name: str) -> type[TenantModel]:
    model = _model_of(route, name)
    assert model, f"{route.app}.{name}"
    return model
