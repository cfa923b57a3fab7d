"""The public page, its feeds, its subscription and its banner: from the disk, whatever happens to the database."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from app.notify.models import PlatformEmail
from app.tenancy.models import Workshop
from status import files, snapshot
from status.constants import Severity, Step
from status.models import DayFigure, Maintenance, Subscriber
from status.page import load_page
from status.probes import Measured
from status.services.incidents import add_update, publish_incident
from status.services.notices import tell_notices
from status.services.subscriptions import ask_confirmation, leaving_token
from tests.queries import at_most

NASTY = '<script>alert(1)</script> & "quotes"'


def _live(down: tuple[str, ...] = (), at: datetime | None = None) -> None:
    at = at or timezone.now()
    names = ["site", "app", "portal", "database", "queue", "mail", "storage"]
    measured = [Measured(name, at, name not in down, 40) for name in names]
    snapshot.write_live(measured, names=names, since=dict.fromkeys(names, at))


def _publish(severity: Severity = Severity.MAJOR, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "by": "Éditeur", "title": "Envois en panne", "text": "Nous cherchons.", "severity": severity,
        "components": ["mail"], "workshops": [], "started_at": timezone.now() - timedelta(hours=1),
    } | changes  # fmt: skip
    return publish_incident(**values)


@pytest.mark.spec("SIT-15")
def test_the_address_of_the_site_leads_to_the_public_page(client: Client) -> None:
    _live()
    short = client.get("/status")
    assert (short.status_code, short["Location"]) == (301, "/status/")
    assert client.get("/status/").context["page"] is not None


def test_a_telephone_receives_the_page_compressed(client: Client) -> None:
    _live()
    plain = client.get("/status/")
    small = client.get("/status/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 5


@pytest.mark.spec("STA-01", "STA-13")
def test_the_page_asks_nothing_of_the_database_nor_of_the_cache_even_for_who_is_signed_in(
    client: Client, settings: Any
) -> None:
    # No `db` mark: the first statement would fail the test.
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}  # nobody there
    settings.PAGE_CACHE_SECONDS = 300
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session-of-the-application"
    _live(down=("database",))
    files.write(files.FACTS, {"made_at": (timezone.now() - timedelta(hours=2)).isoformat()})
    for path in (
        "",
        "historique/",
        "flux.rss",
        "flux.atom",
        "etat.json",
        "incidents.json",
        "badge.svg",
        "abonnement/demande/",
    ):
        assert client.get(f"/status/{path}").status_code == 200, path
    page = client.get("/status/").content.decode()
    assert "Service interrompu" in page or "Service interrupted" in page


@pytest.mark.spec("STA-01")
def test_its_own_host_serves_the_page_and_nothing_else(client: Client, settings: Any) -> None:
    settings.STATUS_HOST, settings.ALLOWED_HOSTS = "status.thermogestion.test", ["*"]
    _live()
    host = {"HTTP_HOST": "status.thermogestion.test"}
    page = client.get("/", **host)
    assert page.status_code == 200 and 'href="/historique/"' in page.content.decode()
    assert client.get("/status/").status_code == 200  # the other host keeps its own address


@pytest.mark.spec("STA-01")
@pytest.mark.django_db
def test_the_product_is_not_served_at_the_host_of_the_status_page(client: Client, settings: Any) -> None:
    settings.STATUS_HOST, settings.ALLOWED_HOSTS = "status.thermogestion.test", ["*"]
    for path in ("/app/", "/editeur/", "/compte/login/", "/cms/"):
        assert client.get(path, HTTP_HOST="status.thermogestion.test").status_code == 404, path


@pytest.mark.spec("STA-02", "STA-13")
def test_nothing_known_and_broken_files_are_an_unknown_state(client: Client, folder: Path) -> None:
    assert load_page().overall == "unknown"
    folder.mkdir()
    (folder / files.LIVE).write_text("{half a fi")
    (folder / files.FACTS).write_text("[]")
    assert client.get("/status/").status_code == 200
    _live()
    now = timezone.now()
    assert load_page(now + timedelta(seconds=30)).overall == "up"
    late = load_page(now + timedelta(minutes=10))
    assert (late.overall, late.is_stale, {one.state for one in late.components}) == ("unknown", True, {"unknown"})


@pytest.mark.spec("STA-02")
@pytest.mark.django_db
def test_a_day_that_was_not_measured_is_a_gap_and_a_second_down_is_not_100() -> None:
    today = timezone.localdate()
    for back, down in ((1, 0), (2, 3), (3, 3600)):
        DayFigure.objects.create(
            component="app", day=today - timedelta(days=back), measured=86400, down=down, maintenance=0
        )
    _live()
    snapshot.write_facts()
    [app] = [one for one in load_page().components if one.key == "app"]
    assert [day.tone for day in app.days[-5:]] == ["gap", "bad", "warn", "ok", "gap"]
    assert app.days[-3].share == Decimal("99.99") and app.days[-5].share is None
    assert len(app.days) == 90 and app.share == Decimal("98.61")


@pytest.mark.spec("STA-01", "STA-12")
@pytest.mark.django_db
def test_incidents_are_shown_with_their_timeline_and_their_text_is_only_text(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    _live()
    with django_capture_on_commit_callbacks(execute=True):
        incident = _publish(Severity.CRITICAL, title=NASTY, text=NASTY)
        add_update(by="x", incident_pk=incident.pk, step=Step.IDENTIFIED, severity=Severity.CRITICAL, text="Trouvé.")
    for path in ("/status/", "/status/historique/", f"/status/incidents/{incident.pk}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page, path
    assert load_page().overall == "down"
    assert client.get("/status/incidents/999999/").status_code == 404
    log = client.get("/status/incidents.json").json()
    assert [entry["state"] for entry in log["incidents"][0]["updates"]] == ["investigating", "identified"]
    assert "Éditeur" not in json.dumps(log, ensure_ascii=False)


@pytest.mark.spec("STA-03", "BEY-12")
@pytest.mark.django_db
def test_feeds_say_each_entry_once_newest_first(client: Client) -> None:
    incident = _publish(title=NASTY)
    add_update(by="x", incident_pk=incident.pk, step=Step.RESOLVED, severity=Severity.MAJOR, text="Fini.")
    in_three_days = timezone.now() + timedelta(days=3)
    Maintenance.objects.create(
        title="Base", text="t", starts_at=in_three_days, ends_at=in_three_days + timedelta(days=1)
    )
    snapshot.write_facts()
    rss = ElementTree.fromstring(client.get("/status/flux.rss").content)
    assert len(rss.findall("./channel/item")) == 3
    assert len({item.findtext("guid") for item in rss.findall("./channel/item")}) == 3
    assert NASTY in (rss.findall("./channel/item")[-1].findtext("title") or "")
    atom = ElementTree.fromstring(client.get("/status/flux.atom").content)
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["flux.rss", "flux.atom"])
def test_a_text_copied_from_a_document_stops_no_feed(client: Client, name: str) -> None:
    _publish(title="Panne\x0bdu \x01soir")
    snapshot.write_facts()
    answer = client.get(f"/status/{name}")
    assert answer.status_code == 200
    assert "Panne du  soir" in "".join(ElementTree.fromstring(answer.content).itertext())


@pytest.mark.spec("BEY-12")
def test_the_badge_is_a_picture_of_the_present_state(client: Client) -> None:
    for down, colour in (((), "#166534"), (("mail",), "#8a4b08"), (("app",), "#b42318")):
        _live(down=down)
        answer = client.get("/status/badge.svg")
        assert answer["Content-Type"].startswith("image/svg+xml") and colour in answer.content.decode()
        ElementTree.fromstring(answer.content)
    assert client.get("/status/etat.json").json()["state"] == "down"
    assert client.get("/status/etat.json")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.spec("BEY-12")
@pytest.mark.django_db
def test_a_subscription_is_confirmed_by_a_click_and_ended_by_a_click(client: Client) -> None:
    sent = client.post("/status/abonnement/", {"email": "Jean@Client.test", "components": ["mail", "app"]})
    assert sent.status_code == 302
    assert not Subscriber.objects.exists()
    mail = PlatformEmail.objects.get()
    [link] = re.findall(r"http://testserver(/status/abonnement/confirmer/\S+/)", mail.text)
    assert client.get(link).status_code == 200
    assert not Subscriber.objects.exists()  # a scanner that opens links confirms nothing
    for _twice in range(2):
        assert client.post(link).status_code == 200
    held = Subscriber.objects.get()
    assert (held.email, held.components) == ("Jean@Client.test", ["app", "mail"])
    _publish(Severity.MINOR)
    tell_notices()
    told = PlatformEmail.objects.get(kind="status_incident")
    assert told.unsubscribe_url in told.text
    leaving = told.unsubscribe_url.removeprefix("http://testserver")
    assert client.get(leaving).status_code == 200 and Subscriber.objects.exists()
    strict = Client(enforce_csrf_checks=True)  # a mail program posts with no page before
    for _twice in range(2):
        assert strict.post(leaving, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()


@pytest.mark.spec("BEY-12")
@pytest.mark.django_db
def test_a_link_that_is_wrong_or_old_does_nothing(client: Client, time_machine: Any) -> None:
    ask_confirmation(email="a@client.test", components=[], link="http://testserver/c/{token}/")
    [token] = re.findall(r"/c/(\S+)/", PlatformEmail.objects.get().text)
    assert client.post(f"/status/abonnement/confirmer/{token}x/").status_code == 404
    assert client.post(f"/status/abonnement/confirmer/{leaving_token('a@client.test')}/").status_code == 404
    assert client.post(f"/status/abonnement/arreter/{token}/").status_code == 404
    time_machine.move_to(timezone.now() + timedelta(days=3, minutes=1))
    assert client.post(f"/status/abonnement/confirmer/{token}/").status_code == 404
    assert not Subscriber.objects.exists()


@pytest.mark.spec("BEY-12")
@pytest.mark.django_db
def test_bad_input_and_robots_get_an_answer_and_no_mail(client: Client) -> None:
    for wrong in (
        {},
        {"email": "nobody"},
        {"email": "a@b.test", "components": ["everything"]},
        {"email": "x" * 9000 + "@b.test"},
    ):
        assert client.post("/status/abonnement/", wrong).status_code == 422, wrong
    trapped = client.post("/status/abonnement/", {"email": "a@b.test", "website": "http://spam.test"})
    assert trapped.status_code == 302
    assert client.get("/status/abonnement/").status_code == 405
    assert not PlatformEmail.objects.exists()


@pytest.mark.spec("BEY-12")
@pytest.mark.django_db
def test_one_address_and_one_visitor_may_ask_so_often(client: Client) -> None:
    answers = [client.post("/status/abonnement/", {"email": "a@client.test"}).status_code for _time in range(4)]
    assert answers == [302, 302, 302, 429]
    assert PlatformEmail.objects.count() == 1  # the same request within the hour sends nothing new
    answers = [client.post("/status/abonnement/", {"email": f"b{rank}@client.test"}).status_code for rank in range(8)]
    assert answers[-1] == 429 and answers[0] == 302


@pytest.mark.spec("STA-13")
def test_subscribing_while_the_database_is_down_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_values: Any) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr("status.views.subscribing.ask_confirmation", fails)
    answer = client.post("/status/abonnement/", {"email": "a@client.test"})
    assert answer.status_code == 503
    assert "a@client.test" in answer.content.decode()


@pytest.mark.spec("STA-14")
def test_the_banner_shows_what_concerns_the_workshop_until_it_is_put_away(
    owner_client: Client, workshop: Workshop, other_workshop: Workshop
) -> None:
    path = f"/app/{workshop.slug}/"
    assert "data-notice" not in owner_client.get(path).content.decode()
    _publish(title="Pas chez vous", workshops=[other_workshop.pk])
    incident = _publish(title="Chez tous")
    starts = timezone.now() + timedelta(hours=47)
    Maintenance.objects.create(title="Bientôt", text="t", starts_at=starts, ends_at=starts + timedelta(hours=1))
    later = timezone.now() + timedelta(hours=49)
    Maintenance.objects.create(title="Plus tard", text="t", starts_at=later, ends_at=later + timedelta(hours=1))
    snapshot.write_facts()
    page = owner_client.get(path).content.decode()
    assert "Chez tous" in page and "Bientôt" in page
    assert "Pas chez vous" not in page and "Plus tard" not in page
    owner_client.cookies["hidden_notices"] = f"i{incident.pk}-1.autre"
    page = owner_client.get(path).content.decode()
    assert "Chez tous" not in page and "Bientôt" in page
    add_update(by="x", incident_pk=incident.pk, step=Step.IDENTIFIED, severity=Severity.MAJOR, text="Suite.")
    snapshot.write_facts()
    assert "Chez tous" in owner_client.get(path).content.decode()  # there is something new to say


@pytest.mark.spec("STA-14")
def test_the_banner_costs_no_query(owner_client: Client, workshop: Workshop) -> None:
    path = f"/app/{workshop.slug}/"
    owner_client.get(path)
    before = _Count()
    with connection.execute_wrapper(before):
        owner_client.get(path)
    _publish()
    snapshot.write_facts()
    after = _Count()
    with connection.execute_wrapper(after):
        assert "data-notice" in owner_client.get(path).content.decode()
    assert after.asked == before.asked


class _Count:
    """Counts statements."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.asked += 1
        return execute(*arguments)


@pytest.mark.django_db
def test_the_facts_of_many_incidents_cost_a_fixed_number_of_statements() -> None:
    for rank in range(3):
        _publish(title=f"Panne {rank}")
    with at_most(12):
        snapshot.write_facts()
