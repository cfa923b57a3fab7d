"""The workshop's tablet in the engine of Safari, which iPads have: what is done without network is kept and sent."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from pytest_django.live_server_helper import LiveServer

from app.projects.models import Project, Step
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.e2e.windows import TABLET, Size, Window
from tests.e2e.wire import Wire

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    opened = Wire(live_server.thread.host, live_server.thread.port)
    yield opened
    with suppress(OSError):
        opened.cut()


def wait_for(tablet: Window, count: int) -> None:
    """Until this many actions wait on the tablet."""
    tablet.see(f"[data-waiting='{count}']")


def validate(tablet: Window, project: Project) -> None:
    """The current step, by the large button."""
    tablet.see("[data-step]")
    step = tablet.ask("() => document.querySelector('[data-step]').dataset.step")
    tablet.click("[data-k='validate']")
    tablet.miss(f"[data-step='{step}']")


def done_by(project: Project) -> list[int | None]:
    """Who has done each step that is done, as the server knows it."""
    with workshop_scope(project.workshop_id):
        return list(Step.objects.filter(project=project).exclude(done_at=None).values_list("done_by_id", flat=True))


@pytest.mark.spec("WSM-02", "WSM-03", "WSM-05", "BEY-04", "TST-03")
def test_what_is_done_without_network_is_on_the_server_once(
    open_window: Callable[[str, Size], Window], wire: Wire, broken_pages: list[str]
) -> None:
    shop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    omar = factories.member(shop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")
    with workshop_scope(shop.pk):
        project = factories.project(shop, title="Portail")
    tablet, floor = open_window("webkit", TABLET), f"{wire.address}/app/atelier-vulcain/atelier/"
    tablet.go(floor)
    tablet.fill("[name=login]", "omar@vulcain.test")
    tablet.fill("[name=password]", factories.PASSWORD)
    tablet.submit("form:has([name=login]) button[type=submit]")
    tablet.see("[data-project]", "Portail")
    tablet.ask("() => navigator.serviceWorker.ready.then(() => true)")

    wire.cut()
    tablet.go(f"{floor}#/projet/{project.pk}")
    tablet.see("h1", "Portail")
    validate(tablet, project)
    wait_for(tablet, 1)
    tablet.reload()
    wait_for(tablet, 1)
    tablet.see("h1", "Portail")
    validate(tablet, project)
    wait_for(tablet, 2)
    tablet.see("[data-sync='offline']")
    assert tablet.too_wide("floor") == []
    assert done_by(project) == []

    wire.mend()
    tablet.see("[data-sync='online'][data-waiting='0']")
    assert done_by(project) == [omar.user_id] * 2
    assert broken_pages == []
