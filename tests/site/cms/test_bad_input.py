"""What is broken on purpose or by accident in what editors and visitors send: a clear answer, and the page stays up."""

import json
from typing import Any

import pytest
from blog.models import ArticlePage
from cms.models import Call, FaqSet
from django.test import Client
from marketing.models import HomePage, StoriesPage, TopicPage
from wagtail.models import Page

from helpcenter.models import GuidePage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
OURS = {"Sec-Fetch-Site": "same-origin"}
POSTS = ["/contact/", "/temoignages/proposer/", "/en/stories/tell/", "/nouveautes/abonnement/", "/campagne/visite/",
         "/essai/mesure/", "/status/abonnement/", "/feuille-de-route/1/vote/"]  # fmt: skip


@pytest.fixture
def visitor() -> Client:
    """A browser on our own pages that does not raise what the server would answer 500 to."""
    return Client(headers=OURS, raise_request_exception=False)


def body_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("gone", ["deleted", "unpublished"])
def test_a_link_to_a_page_that_is_gone_leaves_its_words(client: Client, gone: str) -> None:
    home = HomePage.objects.get(slug="accueil")
    target = home.add_child(instance=TopicPage(title="Cible", slug="cible", hero_title="Cible", hero_text="Cible."))
    article = ArticlePage.objects.first()
    assert article is not None
    article.body = [("prose", f'<p>Voir <a linktype="page" id="{target.pk}">la cible</a> ensuite.</p>')]
    article.save_revision().publish()
    if gone == "deleted":
        target.delete()
    else:
        target.unpublish()
    body = body_of(client, article.url)
    assert "la cible" in body
    assert 'href="None"' not in body
    assert client.get("/cible/").status_code == 404


def test_sections_whose_snippet_is_deleted_are_left_out(client: Client) -> None:
    home = HomePage.objects.get(slug="accueil")
    shared = Call.objects.create(name="Appel", title="Essayez donc")
    faq = FaqSet.objects.create(name="Questions", items=[("question", {"title": "Pourquoi ?", "text": "Parce que."})])
    home.body = [
        ("shared_call", shared),
        ("faq", {"title": "Vos questions", "introduction": "", "items": [], "shared": faq}),
        ("trial_call", {"title": "Il reste la suite", "text": ""}),
    ]
    home.save_revision().publish()
    assert "Essayez donc" in body_of(client, "/")
    shared.delete()
    faq.delete()
    body = body_of(client, "/")
    assert "Essayez donc" not in body
    assert "Il reste la suite" in body


def test_markup_typed_in_plain_fields_of_editors_comes_out_as_text(client: Client) -> None:
    pages: list[tuple[Page, dict[str, Any]]] = [
        (HomePage.objects.get(slug="accueil"), {"eyebrow": ATTACK, "hero_title": ATTACK, "hero_text": ATTACK}),
        (StoriesPage.objects.get(slug="temoignages"), {"introduction": ATTACK, "title": ATTACK}),
        (ArticlePage.objects.order_by("pk")[0], {"title": ATTACK, "introduction": ATTACK}),
        (GuidePage.objects.get(slug="poudres"), {"title": ATTACK, "summary": ATTACK}),
    ]
    for page, values in pages:
        for name, value in {**values, "seo_title": ATTACK, "search_description": ATTACK}.items():
            setattr(page, name, value)
        if hasattr(page, "body"):
            blocks = [{"type": "prose", "value": f"<p onclick=x()>a</p>{ATTACK}"}]
            page.body = page._meta.get_field("body").to_python(json.dumps(blocks))
        page.save_revision().publish()
        body = body_of(client, page.url)
        assert "<script>alert" not in body
        assert "onerror" not in body.replace("&lt;img src=x onerror", "").replace("\\u003Cimg src=x onerror", "")
        assert "onclick" not in body


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"email": "x" * 400_000, "name": "é" * 100_000, "text": ATTACK}},
        {"data": {"email": "a\x00b@exemple.test", "name": "a\x00b", "campaign": "a\x00", "experiment": "1\x00"}},
        {"data": b"\xff\xfe\x00%%%&&&===", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"--nothing", "content_type": "multipart/form-data; boundary=nothing"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"", "content_type": "multipart/form-data"},
    ],
    ids=["long", "nul", "not-utf8", "cut", "json", "no-boundary"],
)
def test_submissions_that_no_form_makes_get_an_answer(visitor: Client, path: str, sent: dict[str, Any]) -> None:
    answer = visitor.post(path, **sent)
    assert answer.status_code < 500, (path, answer.status_code)
    assert visitor.get("/contact/").status_code == 200


@pytest.mark.parametrize("path", ["/contact/", "/temoignages/proposer/", "/nouveautes/abonnement/"])
def test_a_submission_too_large_for_any_form_is_refused_clearly(visitor: Client, path: str) -> None:
    answer = visitor.post(path, {"text": "x" * (6 * 1024 * 1024)})
    assert answer.status_code in (400, 413)
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("query", ["%00", "%ff", "a" * 6000, "%27%22%3Cscript%3E", "((((&|!", "%F0%9F%92%A9"])
@pytest.mark.parametrize("path", ["/aide/?q=", "/aide/recherche/?q=", "/blog/?q=", "/tarifs/?projets=", "/blog/?page="])
def test_a_search_of_anything_answers(visitor: Client, path: str, query: str) -> None:
    answer = visitor.get(path + query)
    assert answer.status_code < 500, (path, answer.status_code)
    assert "<script>alert" not in answer.content.decode()
