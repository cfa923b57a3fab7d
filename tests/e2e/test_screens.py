"""Every screen of the product and of the customers' space: axe is silent in both themes, nothing overflows."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import APIResponse, Page
from playwright.sync_api import Route as BrowserRoute
from pytest_django.live_server_helper import LiveServer

from app.crm.constants import CustomerType
from app.crm.models import Customer
from app.crm.services.portal_links import make_link
from app.documents.services import SignatureData
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.portal.services import sign_quote
from app.projects.constants import TermKind
from app.projects.models import Part, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import add_defect_photo, declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import validate_step
from app.quotes.models import Quote
from app.quotes.services.sending import finish_sending, send_quote
from app.stock.models import Carton
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.portal.test_brand import dress
from tests.app.stock.stage import Stage
from tests.conftest import signed_in
from tests.e2e.looking import look
from tests.tenancy.rows import make_row
from tests.tenancy.test_routes import OBJECTS, PRODUCT, Route, _model_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NOT_PAGES = (
    "csv",
    "fichiers/",
    "autoriser/",
    "<slug:workshop_slug>/atelier/",
    "modeles/<slug:kind>/apercu/",
    "stock/etiquettes/",
    "fournees/<int:rank>/",
    "consommables/<int:item_pk>/",
)  # downloads, a provider, a mail in a frame; the workshop mode, loads of a plan, consumables: test_floor_screens, _ovens
PAGES = [route for route in PRODUCT if not any(part in route.pattern for part in NOT_PAGES)]


@pytest.fixture
def shop(transactional_db: None) -> tuple[Workshop, Membership]:
    """A workshop with a row of everything, long names included."""
    workshop = factories.workshop(name="Thermolaquage et Sablage du Grésivaudan Réunis", slug="atelier-vulcain")
    owner = factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    with workshop_scope(workshop.pk):
        long = factories.customer(workshop, company="Établissements Métalliques de la Haute-Isère et Fils")
        send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop, customer=long))
        project = factories.project(workshop, customer=long)
        for step in list_steps(project)[:3]:
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step)
        _defect(workshop, project)
        factories.quote(workshop)
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
        stage = Stage(workshop)
        [carton] = stage.receive()
        stage.weigh(carton, "12.4")
        for model in set(OBJECTS.values()):
            if not model.objects.exists():
                make_row(model, workshop)
    return workshop, owner


def _defect(workshop: Workshop, project: Project) -> None:
    """Something wrong on the project, with its photo."""
    supply_terms(workshop=workshop)
    steps = list_steps(project)
    noted = declare_nonconformity(
        workshop=workshop, actor=factories.ACTOR, project=project, step=steps[3], return_to=steps[1],
        defect=list_terms(TermKind.DEFECT)[0], comment="Grains sous le film, sur toute la longueur du profilé",
    )  # fmt: skip
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#7a2e0e").save(picture, "JPEG")
    add_defect_photo(
        workshop=workshop, actor=factories.ACTOR, nonconformity=noted, content=picture.getvalue(), name="defaut.jpg"
    )


def addresses(workshop: Workshop) -> Iterator[tuple[str, str]]:
    """Pattern and address of each page, about the first object of each kind."""
    with workshop_scope(workshop.pk):
        for route in PAGES:
            yield route.pattern, route.path(workshop.slug, **_objects(route))


def _objects(route: Route) -> dict[str, Any]:
    code = (
        Carton.objects.order_by("pk")[0].number if "carton/" in route.pattern else Part.objects.order_by("pk")[0].code
    )
    found: dict[str, Any] = {"kind": "ready_to_collect", "code": code}
    for name in route.converters:
        model = _model_of(route, name)
        if model is not None:
            row = model.objects.order_by("pk").first()
            assert row is not None, model
            found[name] = row.public_id if name == "public_id" else row.pk
    return found


def _give(answer: APIResponse) -> Callable[[BrowserRoute], None]:
    """Answers the browser with what the server has answered already."""
    return lambda route: route.fulfill(response=answer)


@pytest.mark.spec("A11-01", "A11-02", "A11-04", "TST-07", "TEN-15", "UXR-04")
def test_every_screen_of_the_product(page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]) -> None:
    workshop, owner = shop
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    shown = 0
    problems: list[str] = []
    for pattern, address in addresses(workshop):
        answer = page.request.get(live_server.url + address, max_redirects=0)
        html = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status in (301, 302, 405) or not html or "<html" not in answer.text():
            continue  # an action, a download, a fragment
        shown += 1
        page.route(live_server.url + address, _give(answer), times=1)  # it is drawn once, not once more to be looked at
        problems += look(page, live_server.url + address, pattern)
    assert not problems, "\n".join(problems)
    assert shown > 40


@pytest.mark.spec("A11-01", "A11-02", "POR-01", "TST-07")
def test_every_screen_of_the_customer_s_space(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    workshop, _owner = shop
    with workshop_scope(workshop.pk):
        dress(workshop)
        signed = signed_quote(workshop)
        quote = Quote.objects.exclude(number=None).exclude(pk=signed.pk).get()
        project_pk = factories.project(workshop, customer=quote.customer).pk
        link = make_link(workshop=workshop, customer=quote.customer, path="/espace/atelier-vulcain/")
    base = f"{live_server.url}/espace/atelier-vulcain/"
    problems = look(page, live_server.url + link.removeprefix("http://testserver"), "link")
    problems += look(page, f"{base}lien/", "ask for a link")
    page.goto(live_server.url + link.removeprefix("http://testserver"))
    page.locator("main form button[type=submit]").click()
    names = ("", f"devis/{quote.public_id}/", f"projets/{project_pk}/", f"devis/{signed.public_id}/",
             f"devis/{signed.public_id}/renoncer/")  # fmt: skip
    for name in names:
        problems += look(page, base + name, name or "space")
    assert not problems, "\n".join(problems)


def signed_quote(workshop: Workshop) -> Quote:
    """A quote that the same customer, a private person, has signed and may withdraw from."""
    Customer.objects.update(type=CustomerType.PRIVATE)
    customer = Quote.objects.exclude(number=None).get().customer
    sent = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop, customer=customer))
    finish_sending(workshop=workshop, quote_pk=sent.pk)
    data = SignatureData(name="Camille Lefèvre", method="typed", consent="J'accepte")
    sign_quote(workshop=workshop, actor=factories.ACTOR, quote=sent, data=data, early_start=True)
    return Quote.objects.get(pk=sent.pk)


@pytest.mark.spec("A11-01", "A11-02", "TST-07", "SIT-12")
def test_the_doors_to_the_product(page: Page, live_server: LiveServer, site: None) -> None:
    problems: list[str] = []
    for path in ("/compte/login/", "/compte/password/reset/"):
        problems += look(page, live_server.url + path, path)
    assert not problems, "\n".join(problems)


@pytest.mark.spec("A11-01", "A11-02", "TST-07", "ACT-12")
def test_every_page_of_one_s_own_account(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    _workshop, owner = shop
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    problems: list[str] = []
    for path in ("profil/", "email/", "password/change/", "2fa/", "sessions/", "logout/"):
        problems += look(page, f"{live_server.url}/compte/{path}", path)
    assert not problems, "\n".join(problems)
