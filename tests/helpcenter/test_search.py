"""The search in the help: endings, accents and typing errors forgiven; what nobody found is counted."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from helpcenter import selectors
from helpcenter.models import ArticleDay, GuidePage, HelpIndexPage, MissedSearch, Question, Remark, Topic
from helpcenter.selectors import search
from helpcenter.words import fold, mark, put_right

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    selectors.forget_vocabulary()
    cache.clear()
    yield
    selectors.forget_vocabulary()


def paths(query: str) -> list[str]:
    return [result.path for result in search(query).results]


@pytest.mark.spec("HLP-01", "HLP-04")
@pytest.mark.parametrize(
    "query",
    [
        "rétractation",
        "délais de rétractation",
        "RETRACTATIONS",
        "retractation",
        "rétra",
        "rétarctation",
        "retracttaion",
    ],
)
def test_a_guide_is_found_by_words_of_its_text_however_they_are_typed(query: str) -> None:
    assert "/aide/signature-en-ligne/" in paths(query)
    assert "/aide/poudres/" not in paths(query)


def test_words_that_never_stand_together_find_what_holds_one_of_them() -> None:
    assert paths("xylophone rétractation") == paths("rétractation")
    assert paths("rétractation")


def test_a_title_comes_before_a_text() -> None:
    assert paths("second facteur")[0] == "/aide/double-authentification/"
    assert paths("poudre")[0] == "/aide/poudres/"


@pytest.mark.parametrize("query", ["", "  ", "!?", "\x00", "'); DROP TABLE", "a:* & !b | (c", "é" * 500, "<script>"])
def test_whatever_is_typed_the_page_answers(client: Client, query: str) -> None:
    assert client.get("/aide/", {"q": query}).status_code == 200
    body = client.get("/aide/recherche/", {"q": query})
    assert body.status_code == 200
    assert "<script>" not in body.content.decode()


def test_a_search_that_finds_nothing_says_so_and_offers_support(client: Client) -> None:
    body = client.get("/aide/recherche/", {"q": "zzzzzz<x>"}).content.decode()
    assert "data-help-nothing" in body
    assert "/contact/" in body
    assert "<x>" not in body


def test_words_found_are_marked(client: Client) -> None:
    assert "<mark>" in client.get("/aide/recherche/", {"q": "poudre"}).content.decode()
    assert list(mark("Les Poudres, encore", ["poudre"])) == [("Les ", False), ("Poudres", True), (", encore", False)]


def test_a_draft_or_withdrawn_guide_is_not_found() -> None:
    GuidePage.objects.get(slug="poudres").unpublish()
    assert "/aide/poudres/" not in paths("poudre")


def test_a_guide_is_found_by_its_new_words_once_published() -> None:
    guide = GuidePage.objects.get(slug="poudres")
    guide.title = "Poudres et xylophones"
    revision = guide.save_revision()
    assert paths("xylophone") == []
    revision.publish()
    assert paths("xylophone") == ["/aide/poudres/"]


def test_a_question_is_found_and_opened() -> None:
    topic = Topic.objects.first()
    assert topic is not None
    question = Question.objects.create(question="Peut-on vernir un quokka ?", answer="<p>Non.</p>", topic=topic)
    assert paths("quokkas") == [f"/aide/questions/#question-{question.pk}"]


@pytest.mark.spec("HLP-15")
def test_the_part_of_the_customers_is_searched_alone(client: Client) -> None:
    part = HelpIndexPage.objects.get(slug="clients")
    part.add_child(instance=GuidePage(title="Suivre un ornithorynque", slug="ornithorynque", summary="Le vôtre."))
    assert paths("ornithorynque") == []
    found = client.get("/aide/recherche/", {"q": "ornithorynque", "partie": "clients"}).content.decode()
    assert "/aide/clients/ornithorynque/" in found
    assert "/aide/poudres/" not in client.get("/aide/recherche/", {"q": "poudre", "partie": "clients"}).content.decode()
    assert "/aide/poudres/" not in client.get("/aide/clients/").content.decode()


def test_a_short_or_known_word_is_not_put_right() -> None:
    known = {"devis", "signature", "poudre"}
    assert put_right("dev", known) == "dev"
    assert put_right("sign", known) == "sign"
    assert put_right("signatrue", known) == "signature"
    assert put_right("xyzabc", known) == "xyzabc"
    assert fold("Œuvre ÉTÉ") == "oeuvre ete"


@pytest.mark.spec("HLP-11")
def test_a_missed_search_is_counted_without_what_names_a_person(client: Client) -> None:
    for query in ("Licorne zq@zq.zz", "licorne 06 12 34 56 78", "licorne"):
        assert client.post("/aide/introuvable/", {"q": query}).status_code == 204
    assert list(MissedSearch.objects.values_list("text", "times")) == [("licorne", 3)]


@pytest.mark.parametrize("query", ["poudre", "", "ab", "x" * 500])
def test_what_is_found_or_senseless_is_not_counted_as_missed(client: Client, query: str) -> None:
    assert client.post("/aide/introuvable/", {"q": query}).status_code == 204
    assert not MissedSearch.objects.exists()


@pytest.mark.spec("HLP-04", "HLP-11")
def test_an_article_is_judged_once_a_day_by_each_visitor(client: Client) -> None:
    asked = {"path": "/aide/poudres/", "useful": "non", "remark": "Et les <b>tares</b> ?"}
    for visitor in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        assert client.post("/aide/utile/", asked, REMOTE_ADDR=visitor).status_code == 200
    day = ArticleDay.objects.get()
    assert (day.path, day.useful, day.useless) == ("/aide/poudres/", 0, 2)
    assert Remark.objects.count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "/ailleurs/", "useful": "oui"},
        {"path": "/aide/poudres/", "useful": "peut-être"},
        {"path": "https://exemple.fr/aide/x", "useful": "oui"},
        {"path": "/aide/poudres/", "useful": "oui", "remark": "x" * 501},
        {},
    ],
)
def test_a_judgement_that_cannot_be_read_changes_nothing(client: Client, sent: dict[str, str]) -> None:
    assert client.post("/aide/utile/", sent).status_code == 422
    assert not ArticleDay.objects.exists()
    assert not Remark.objects.exists()


@pytest.mark.spec("HLP-11")
def test_readings_are_counted_and_bounded_for_each_address(client: Client) -> None:
    for _ in range(70):
        assert client.post("/aide/lu/", {"path": "/aide/poudres/"}).status_code == 204
    assert ArticleDay.objects.get().views == 60


@pytest.mark.spec("HLP-05")
def test_the_panel_of_a_screen_holds_its_guide_the_search_and_the_way_to_support(client: Client) -> None:
    body = client.get("/aide/panneau/quotes:quote_edit/").content.decode()
    assert "Faire et envoyer un premier devis" in body
    assert 'hx-get="/aide/recherche/"' in body
    assert "ecran=quotes%3Aquote_edit" in body
    assert "data-no-guide" in client.get("/aide/panneau/nowhere:x/").content.decode()


def test_a_search_and_a_guide_cost_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/aide/")
    for address in ("/aide/", "/aide/?q=poudre", "/aide/poudres/", "/aide/questions/"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(6):
        client.get("/aide/recherche/?q=poudre")


def test_copying_a_guide_keeps_it_searchable() -> None:
    guide = GuidePage.objects.get(slug="poudres")
    copy = guide.copy(update_attrs={"slug": "copie", "title": "Copie platypus"}, keep_live=True)
    assert Page.objects.filter(pk=copy.pk, live=True).exists()
    assert paths("platypus") == ["/aide/copie/"]


@pytest.mark.parametrize("address", ["/aide/lu/", "/aide/utile/", "/aide/introuvable/"])
def test_a_page_of_another_site_counts_for_nothing(address: str) -> None:
    asked = {"path": "/aide/poudres/", "useful": "oui", "q": "licorne"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.fr"}, {}):
        assert Client(headers=headers).post(address, asked).status_code == 403
    assert not ArticleDay.objects.exists()
    assert not MissedSearch.objects.exists()
