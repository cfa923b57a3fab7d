"""The cookie choice: no banner without a tool, nothing before a choice, a proof that names nobody."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from cms.consent import forget_old_proofs
from cms.models import ConsentProof, PublisherSettings
from cms.tools import COOKIE, COOKIE_SECONDS, ConsentPolicyMiddleware, accepted
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
URL = "/cookies/choix/"
BANNER = "data-consent-form"


@pytest.fixture
def tools(site: None) -> PublisherSettings:
    return PublisherSettings.objects.create(site=Site.objects.get(is_default_site=True), analytics_id="G-ABC1234567")


def choose(client: Client, choice: Any, **headers: str) -> Any:
    return client.post(URL, json.dumps(choice), content_type="application/json", headers=headers)


@pytest.mark.spec("SEO-13", "LEG-13")
def test_no_tool_no_banner_and_no_question(client: Client) -> None:
    body = client.get("/").content.decode()
    assert BANNER not in body
    assert "data-consent-open" not in body


@pytest.mark.spec("SEO-13", "SEO-05", "LEG-13")
def test_with_a_tool_every_page_offers_to_accept_or_refuse_and_loads_nothing(
    client: Client, tools: PublisherSettings
) -> None:
    for path in ("/", "/tarifs/", "/en/", "/cgu/", "/temoignages/proposer/", "/inscription/"):
        response = client.get(path)
        body = response.content.decode()
        assert BANNER in body, path
        assert "data-consent-open" in body, f"the choice can be changed from the footer of {path}"
        assert "googletagmanager.com/gtag" not in body
        assert "google" not in response["Content-Security-Policy"]
        assert COOKIE not in response.cookies
        assert 'name="audience"' in body
        assert 'name="chat"' not in body


@pytest.mark.spec("SEO-13", "LEG-13")
def test_accepting_and_refusing_have_the_same_look(client: Client, tools: PublisherSettings) -> None:
    body = client.get("/").content.decode()
    accept = next(tag for tag in body.split("<button") if "data-consent-all" in tag).partition(">")[0]
    refuse = next(tag for tag in body.split("<button") if "data-consent-none" in tag).partition(">")[0]
    assert accept.replace("data-consent-all", "") == refuse.replace("data-consent-none", "")


@pytest.mark.spec("SEO-13", "SEO-05", "LEG-13")
def test_a_choice_is_kept_six_months_with_a_proof_and_opens_the_policy_of_what_is_accepted(
    client: Client, tools: PublisherSettings
) -> None:
    answer = choose(client, {"audience": True})
    assert answer.json() == {"audience": True}
    cookie = answer.cookies[COOKIE]
    assert cookie["max-age"] == COOKIE_SECONDS
    assert not cookie["httponly"]
    proof = ConsentProof.objects.get()
    assert proof.key.hex in cookie.value
    assert proof.choice == {"audience": True}
    assert {field.name for field in ConsentProof._meta.fields} == {"id", "key", "choice", "at"}
    policy = client.get("/")["Content-Security-Policy"]
    assert "googletagmanager.com" in policy
    assert "crisp.chat" not in policy
    assert choose(client, {"audience": False}).status_code == 200
    assert "google" not in client.get("/")["Content-Security-Policy"]
    assert ConsentProof.objects.count() == 2


def test_the_html_is_the_same_whatever_was_chosen(client: Client, tools: PublisherSettings) -> None:
    before = _same(client.get("/cgu/").content.decode())
    choose(client, {"audience": True})
    assert _same(client.get("/cgu/").content.decode()) == before


def test_a_page_given_from_memory_has_the_policy_of_the_visitor_s_own_choice(
    client: Client, tools: PublisherSettings, settings: Settings
) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    choose(client, {"audience": True})
    for browser, lets_in in ((client, True), (Client(), False), (client, True), (Client(), False)):
        assert ("google" in browser.get("/cgu/")["Content-Security-Policy"]) is lets_in
    assert Client().get("/cgu/")["X-Page-Cache"] == "hit"
    choose(client, {"audience": False})
    assert "google" not in client.get("/cgu/")["Content-Security-Policy"]


def _same(body: str) -> str:
    """Without what each request gets anew."""
    return re.sub(r'csp-nonce" content="[^"]*|X-CSRFToken": "[^"]*', "", body)


def test_what_a_page_lets_in_by_itself_stays_beside_what_is_accepted() -> None:
    response = HttpResponse()
    response._csp_update = {"frame-src": ["https://player.vimeo.com"]}  # type: ignore[attr-defined]
    request = RequestFactory().get("/aide/")
    request.COOKIES[COOKIE] = "x.chat-1"
    update = ConsentPolicyMiddleware(lambda _request: response)(request)._csp_update  # type: ignore[attr-defined]
    assert "https://player.vimeo.com" in update["frame-src"]
    assert "https://*.crisp.chat" in update["frame-src"]


def test_the_product_never_loads_a_tool(owner_client: Client, tools: PublisherSettings) -> None:
    choose(owner_client, {"audience": True})
    response = owner_client.get("/app/atelier-vulcain/")
    assert "google" not in response["Content-Security-Policy"]
    assert BANNER not in response.content.decode()


@pytest.mark.parametrize("sent", [{}, {"pub": True}, {"audience": "oui"}, [], None, {"audience": 1}, "x"])
def test_what_is_no_choice_is_refused_and_nothing_is_kept(client: Client, sent: Any) -> None:
    answer = choose(client, sent)
    assert answer.status_code == 422
    assert COOKIE not in answer.cookies
    assert not ConsentProof.objects.exists()


def test_what_is_not_json_another_site_and_a_get_are_refused(client: Client) -> None:
    for unreadable in (b"\xff{", b"[" * 100_000):
        assert client.post(URL, unreadable, content_type="application/json").status_code == 422
    assert choose(client, {"audience": True}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(URL).status_code == 405
    assert not ConsentProof.objects.exists()


def test_a_robot_cannot_fill_the_table(client: Client) -> None:
    answers = [choose(client, {"audience": False}).status_code for _time in range(32)]
    assert answers[-1] == 429
    assert ConsentProof.objects.count() == 30


def test_a_forged_cookie_opens_only_what_we_know() -> None:
    assert accepted("") == set()
    assert accepted("abc.audience-1.evil-1.chat-0") == {"audience"}
    assert accepted("<script>-1") == set()


def test_proofs_go_after_five_years(client: Client) -> None:
    choose(client, {"audience": True})
    choose(client, {"audience": False})
    old = ConsentProof.objects.order_by("pk").first()
    with pytest.raises(Exception, match="permission denied"):
        _age(old)
    assert forget_old_proofs() == 0


def _age(proof: ConsentProof | None) -> None:
    from django.db import transaction

    with transaction.atomic():
        ConsentProof.objects.filter(pk=proof.pk if proof else 0).update(at=timezone.now() - timedelta(days=6 * 365))


@pytest.mark.parametrize(
    ("field", "value"),
    [("analytics_id", "UA-123"), ("analytics_id", "G-1'><x"), ("chat_id", "crisp"), ("chat_id", "x" * 36)],
)
def test_the_identifier_of_a_tool_has_its_shape(field: str, value: str) -> None:
    publisher = PublisherSettings(**{field: value})
    with pytest.raises(ValidationError) as refused:
        publisher.full_clean(exclude=["site"])
    assert field in refused.value.message_dict
