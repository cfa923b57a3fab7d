"""A/B tests: drawn by lot, without anything in the browser, from kept pages; sums, and what they allow to say."""

import re
from datetime import date
from typing import Any

import pytest
from cms import page_cache
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from marketing.comparing import LEAST_VIEWS, Tally, Verdict, compare
from marketing.models import Experiment, ExperimentDay, HomePage, LandingPage
from marketing.services import count_variant
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
MEASURE = "/essai/mesure/"
TITLE, CALL = "Le four n’attend plus.", "Essayez {days} jours sans carte"


@pytest.fixture
def home() -> HomePage:
    return HomePage.objects.get(slug="accueil")


@pytest.fixture
def running(home: HomePage, settings: Settings) -> Experiment:
    settings.PAGE_CACHE_SECONDS = 300
    return Experiment.objects.create(name="Titre du four", page=home, title_b=TITLE, call_b=CALL, is_running=True)


@pytest.fixture
def lot(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The letters that come out, the first one first; b for ever after."""
    letters: list[str] = []
    monkeypatch.setattr(page_cache.secrets, "choice", lambda _all: letters.pop(0) if letters else "b")
    return letters


def title(client: Client, path: str = "/") -> str:
    found = re.search(r"<h1>(.*?)</h1>", client.get(path).content.decode())
    assert found
    return found.group(1)


def test_without_a_test_everybody_reads_the_page_as_it_is(client: Client, home: HomePage) -> None:
    Experiment.objects.create(name="Éteint", page=home, title_b=TITLE)
    body = client.get("/").content.decode()
    assert home.hero_title in body
    assert TITLE not in body
    assert "data-experiment" not in body


@pytest.mark.spec("SEO-07")
def test_each_visit_draws_a_wording_and_both_are_given_from_memory(
    client: Client, running: Experiment, home: HomePage, lot: list[str]
) -> None:
    lot += ["b", "a", "b", "a"]
    assert [title(client), title(client)] == [TITLE, home.hero_title]
    with at_most(0):
        answers = [client.get("/"), client.get("/")]
    assert [answer.headers["X-Page-Cache"] for answer in answers] == ["hit", "hit"]
    second, first = (answer.content.decode() for answer in answers)
    assert TITLE in second
    assert 'data-variant="b"' in second
    assert f"?campagne=essai-{running.pk}-b" in second
    assert "Essayez 30 jours sans carte" in second
    assert TITLE not in first
    assert 'data-variant="a"' in first
    assert "Essayez 30 jours sans carte" not in first


@pytest.mark.spec("SEO-07")
def test_the_draw_writes_nothing_in_the_browser_and_other_pages_have_one_copy(
    client: Client, running: Experiment, lot: list[str]
) -> None:
    answer = client.get("/")
    assert not answer.cookies
    assert not client.cookies
    assert "storage" not in answer.content.decode().lower()
    lot += ["b", "a"]
    assert [client.get("/tarifs/").headers["X-Page-Cache"] for _ in range(2)] == ["miss", "hit"]


def test_both_wordings_come_out(client: Client, running: Experiment) -> None:
    assert len({title(client) for _ in range(60)}) == 2  # one in 2**59 that they do not


def test_somebody_signed_in_reads_the_page_as_it_is_and_is_not_counted(
    owner_client: Client, running: Experiment, home: HomePage, lot: list[str]
) -> None:
    assert title(owner_client) == home.hero_title
    assert "data-experiment" not in owner_client.get("/").content.decode()


@pytest.mark.spec("SEO-07")
def test_switching_a_test_off_ends_it_at_once(
    client: Client, running: Experiment, home: HomePage, lot: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    assert title(client) == TITLE
    running.is_running = False
    with django_capture_on_commit_callbacks(execute=True):
        running.save()
    assert title(client) == home.hero_title


def test_a_page_being_measured_still_asks_little_of_the_database(
    client: Client, running: Experiment, settings: Settings
) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    client.get("/")
    with at_most(15):
        client.get("/")


def tell(client: Client, running: Experiment, **values: Any) -> int:
    told = {"experiment": running.pk, "variant": "b", "what": "view", **values}
    return client.post(MEASURE, told).status_code


@pytest.mark.spec("SEO-07")
def test_readings_and_calls_are_added_by_day_and_nothing_else_is_kept(client: Client, running: Experiment) -> None:
    assert [tell(client, running), tell(client, running), tell(client, running, what="call")] == [204] * 3
    assert tell(client, running, variant="a") == 204
    assert {(row.variant, row.views, row.calls) for row in ExperimentDay.objects.all()} == {("b", 2, 1), ("a", 1, 0)}
    kept = {field.name for field in ExperimentDay._meta.get_fields()}
    assert kept == {"id", "experiment", "variant", "day", "views", "calls"}


@pytest.mark.parametrize(
    "values", [{"variant": "c"}, {"what": "<b>"}, {"experiment": "x"}, {"experiment": "9" * 30}, {"experiment": ""}]
)
def test_a_measure_that_is_wrong_is_refused(client: Client, running: Experiment, values: dict[str, str]) -> None:
    assert tell(client, running, **values) == 422
    assert not ExperimentDay.objects.exists()


def test_a_measure_from_elsewhere_or_of_no_running_test_counts_nothing(client: Client, running: Experiment) -> None:
    told = {"experiment": running.pk, "variant": "b", "what": "view"}
    assert client.post(MEASURE, told, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(MEASURE).status_code == 405
    assert tell(client, running, experiment=running.pk + 99) == 204
    Experiment.objects.update(is_running=False)
    assert tell(client, running) == 204
    assert not ExperimentDay.objects.exists()


def test_a_robot_that_insists_is_not_counted_for_ever(client: Client, running: Experiment) -> None:
    for _ in range(70):
        tell(client, running)
    assert ExperimentDay.objects.get().views == 60


def test_refusals_of_a_test(running: Experiment, home: HomePage) -> None:
    def refused(**values: Any) -> set[str]:
        with pytest.raises(ValidationError) as error:
            Experiment(**{"name": "Autre", "page": home, "title_b": "Autre titre", **values}).full_clean()
        return set(error.value.message_dict)

    assert refused(title_b="") == {"title_b"}
    assert refused(call_b="Essai de 30 jours") == {"call_b"}
    assert refused(is_running=True) == {"__all__"}
    assert refused(name=running.name) == {"name"}
    Experiment(name="En attente", page=home, title_b="Autre titre").full_clean()


def test_the_words_of_a_test_that_was_measured_do_not_change(running: Experiment) -> None:
    running.title_b = "Encore autre chose"
    running.full_clean()
    count_variant(experiment_pk=running.pk, variant="a", calls=False, day=date(2026, 12, 1))
    with pytest.raises(ValidationError):
        running.full_clean()
    running.title_b, running.is_running = TITLE, False
    running.full_clean()


def test_words_of_an_editor_are_shown_as_text(client: Client, running: Experiment, lot: list[str]) -> None:
    Experiment.objects.update(title_b="<script>alert(1)</script>", call_b='"><img src=x>')
    body = client.get("/").content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_a_landing_page_keeps_its_campaign(client: Client, running: Experiment, home: HomePage, lot: list[str]) -> None:
    page = home.add_child(
        instance=LandingPage(title="Portails", slug="portails", campaign="portails", hero_title="Vos portails",
                             hero_text="Chiffrés.", body=[("trial_call", {"title": "Essayez", "text": ""})])
    )  # fmt: skip
    Experiment.objects.create(name="Portails", page=page, title_b="Vos grilles", is_running=True)
    body = client.get("/portails/").content.decode()
    assert "<h1>Vos grilles</h1>" in body
    assert "campagne=portails" in body
    assert "campagne=essai" not in body


views = st.integers(0, 10_000)


@given(st.tuples(views, views), st.tuples(views, views))
def test_the_verdict_does_not_depend_on_which_is_called_a(one: tuple[int, int], two: tuple[int, int]) -> None:
    first, second = Tally(*one), Tally(*two)
    swapped = {Verdict.A_BETTER: Verdict.B_BETTER, Verdict.B_BETTER: Verdict.A_BETTER}
    verdict = compare(first, second)
    assert compare(second, first) == swapped.get(verdict, verdict)
    if min(one[0], two[0]) < LEAST_VIEWS:
        assert verdict == Verdict.TOO_EARLY
    if one == two:
        assert verdict in (Verdict.TOO_EARLY, Verdict.NO_DIFFERENCE)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ((1000, 50), (1000, 75), Verdict.B_BETTER),  # z = 2.31
        ((1000, 75), (1000, 50), Verdict.A_BETTER),
        ((1000, 50), (1000, 65), Verdict.NO_DIFFERENCE),  # z = 1.44
        ((LEAST_VIEWS - 1, 0), (5000, 900), Verdict.TOO_EARLY),
        ((500, 0), (500, 0), Verdict.NO_DIFFERENCE),
        ((500, 500), (500, 700), Verdict.NO_DIFFERENCE),
    ],
)
def test_verdicts(first: tuple[int, int], second: tuple[int, int], verdict: Verdict) -> None:
    assert compare(Tally(*first), Tally(*second)) == verdict
