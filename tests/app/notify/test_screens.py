"""The pages of the workshop's mail."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from app.notify.constants import EmailState, Health
from app.notify.constants import Provider as ProviderName
from app.notify.models import EmailTemplate, Mailbox, WorkshopEmail
from app.notify.selectors import find_mailbox
from app.notify.services.delivery import send_workshop_email
from app.notify.services.mailboxes import MailboxData, connect_mailbox
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests.app.notify.conftest import queue, reread
from tests.fakes.mail_api import Provider
from tests.fakes.mail_oauth import Authority
from tests.fakes.smtp import Mailbox as PlatformServer

BASE = "/app/atelier-vulcain/reglages/e-mails/"
RETURN = "/messagerie/gmail/retour/"
SMTP = {"address": "contact@vulcain.test", "host": "127.0.0.1", "port": "587", "security": "starttls"}
ACCOUNT = {"username": "contact@vulcain.test", "secret": "mot de passe"}


def mailbox_of(workshop: Workshop) -> Mailbox | None:
    with workshop_scope(workshop.pk):
        return find_mailbox()


def connected(workshop: Workshop) -> Mailbox:
    data = MailboxData(provider=ProviderName.SMTP, address="contact@vulcain.test", secret="x", host="mail.test")
    with workshop_scope(workshop.pk):
        return connect_mailbox(workshop=workshop, actor=Actor.system("test"), data=data)


@pytest.mark.spec("NOT-02", "ONB-06")
def test_a_mailbox_is_connected_checked_and_its_secret_never_shown(
    owner_client: Client,
    workshop: Workshop,
    provider: Provider,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    provider.accounts["apikey"] = "SG.secret-key"
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{BASE}connecter/sendgrid/", {"address": "contact@vulcain.test", "secret": "SG.secret-key"})
    found = mailbox_of(workshop)
    assert found
    assert (found.health, found.address) == (Health.OK, "contact@vulcain.test")
    for path in ("", "connecter/sendgrid/"):
        assert "secret-key" not in owner_client.get(BASE + path).content.decode()


@pytest.mark.spec("NOT-02")
def test_wrong_entries_are_refused_beside_their_field(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{BASE}connecter/smtp/", {"address": "contact", "port": "22", "security": "none"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"address", "host", "port", "security", "username", "secret"}
    assert mailbox_of(workshop) is None


@pytest.mark.spec("NOT-02")
def test_gmail_is_not_offered_before_the_product_is_registered_there(owner_client: Client, settings: Settings) -> None:
    settings.GOOGLE_OAUTH_CLIENT_ID = settings.GOOGLE_OAUTH_CLIENT_SECRET = ""
    assert "autoriser/gmail" not in owner_client.get(BASE).content.decode()
    assert owner_client.get(f"{BASE}autoriser/gmail/").status_code == 404
    assert owner_client.get(f"{BASE}autoriser/smtp/").status_code == 404


@pytest.mark.spec("NOT-02", "NOT-03", "ONB-06")
def test_gmail_is_connected_on_the_providers_own_page(
    owner_client: Client,
    workshop: Workshop,
    provider: Provider,
    authority: Authority,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    provider.accounts[authority.address] = authority.access_token
    away = owner_client.get(f"{BASE}autoriser/gmail/")["Location"]
    query = parse_qs(urlsplit(away).query)
    assert query["redirect_uri"] == [f"http://testserver{RETURN}"]
    back = {"code": authority.consent(away), "state": query["state"][0]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner_client.get(RETURN, back)
    assert answer["Location"] == BASE
    found = mailbox_of(workshop)
    assert found
    assert (found.address, found.secret, found.health) == (authority.address, "refresh-1", Health.OK)
    assert owner_client.get(RETURN, back).status_code == 404


@pytest.mark.spec("NOT-03")
def test_an_answer_that_this_session_did_not_ask_for_connects_nothing(
    owner_client: Client, operator_client: Client, workshop: Workshop, authority: Authority
) -> None:
    away = owner_client.get(f"{BASE}autoriser/gmail/")["Location"]
    code = authority.consent(away)
    state = parse_qs(urlsplit(away).query)["state"][0]
    assert operator_client.get(RETURN, {"code": code, "state": state}).status_code == 404
    assert Client().get(RETURN, {"code": code, "state": state}).status_code == 302
    assert owner_client.get(RETURN, {"code": code, "state": "forgé"}).status_code == 404
    assert mailbox_of(workshop) is None


def test_a_refusal_on_the_providers_page_is_told(
    owner_client: Client, workshop: Workshop, authority: Authority
) -> None:
    away = owner_client.get(f"{BASE}autoriser/gmail/")["Location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    answer = owner_client.get(RETURN, {"error": "access_denied", "state": state})
    assert answer["Location"] == BASE
    assert mailbox_of(workshop) is None
    assert authority.requests == []


@pytest.mark.spec("NOT-03")
def test_a_refused_mailbox_says_how_many_messages_wait(owner_client: Client, workshop: Workshop) -> None:
    connected(workshop)
    email = queue(workshop)
    with workshop_scope(workshop.pk):
        Mailbox.objects.update(health=Health.REFUSED, last_error="535 5.7.8 Bad credentials")
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    page = owner_client.get(BASE).content.decode()
    assert "535 5.7.8 Bad credentials" in page
    assert reread(email).state == EmailState.HELD


def test_a_mailbox_is_tested_checked_again_and_taken_away(owner_client: Client, workshop: Workshop) -> None:
    for action in ("tester", "verifier", "deconnecter"):
        assert owner_client.post(f"{BASE}{action}/").status_code == 404
    connected(workshop)
    owner_client.post(f"{BASE}tester/")
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.get().to == "olivia@vulcain.test"
        Mailbox.objects.update(health=Health.OK)
    owner_client.post(f"{BASE}verifier/")
    found = mailbox_of(workshop)
    assert found
    assert found.health == Health.UNTESTED
    fragment = owner_client.get(BASE, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in fragment
    assert "<html" not in fragment
    owner_client.post(f"{BASE}deconnecter/")
    assert mailbox_of(workshop) is None


WORDS = {"subject": "Devis {numero_devis}", "body": "Bonjour {nom_client},\n\nVoici <b>votre</b> devis."}


@pytest.mark.spec("NOT-04", "TPL-04")
def test_a_workshop_rewords_a_message_and_goes_back(owner_client: Client, workshop: Workshop) -> None:
    address = f"{BASE}modeles/quote_new_customer/"
    owner_client.post(address, WORDS)
    email = queue(workshop)
    assert email.subject == "Devis DEV-2026-0042"
    assert "Voici &lt;b&gt;votre&lt;/b&gt; devis." in email.html
    assert "Voici <b>votre</b> devis." in email.text
    preview = owner_client.get(f"{address}apercu/")
    assert "DEV-2026-0042" in preview.content.decode()
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    owner_client.post(f"{address}reinitialiser/")
    assert queue(workshop).subject != "Devis DEV-2026-0042"
    assert owner_client.post(f"{address}reinitialiser/").status_code == 404


@pytest.mark.spec("AUD-01", "AUD-03", "NOT-04")
def test_what_was_reworded_is_in_the_history_with_the_words_before(owner_client: Client, workshop: Workshop) -> None:
    address = f"{BASE}modeles/quote_new_customer/"
    words = [WORDS, {**WORDS, "subject": "Votre devis {numero_devis}"}]
    for sent in words:
        owner_client.post(address, sent)
    owner_client.post(f"{address}reinitialiser/")
    history = owner_client.get("/app/atelier-vulcain/reglages/historique/")
    taken_back, second, first = history.context["page"].rows
    assert [taken_back.action, second.action, first.action] == [
        "email_template.reset", "email_template.saved", "email_template.saved",
    ]  # fmt: skip
    subjects = [sent["subject"] for sent in words]
    assert first.changes["subject"][1] == subjects[0] and first.changes["subject"][0] not in ("", subjects[0])
    assert second.changes == {"subject": subjects}
    assert taken_back.changes == {"subject": [subjects[1], ""], "body": [WORDS["body"], ""]}
    page = history.content.decode()
    assert f"<del>{subjects[0]}</del> → {subjects[1]}" in page


@pytest.mark.spec("NOT-04", "TPL-04")
@pytest.mark.parametrize("body", ["Bonjour {prenom}", "Bonjour {nom_client", "Bonjour {}"])
def test_an_unknown_variable_is_named_on_saving_and_nothing_is_kept(
    owner_client: Client, workshop: Workshop, body: str
) -> None:
    answer = owner_client.post(f"{BASE}modeles/quote_new_customer/", {"subject": "Devis", "body": body})
    assert answer.status_code == 422
    assert answer.context["form"].errors["body"]
    assert body in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert not EmailTemplate.objects.exists()


@pytest.mark.spec("NOT-04")
def test_words_being_typed_are_previewed_with_their_mistakes(owner_client: Client) -> None:
    page = owner_client.post(
        f"{BASE}modeles/quote_new_customer/apercu/", {"subject": "x", "body": "Bonjour {prenom} <script>"}
    ).content.decode()
    assert "{prenom}" in page
    assert "<script>" not in page


def test_messages_to_the_staff_are_not_reworded(owner_client: Client) -> None:
    for kind in ("team_invitation", "nothing"):
        assert owner_client.get(f"{BASE}modeles/{kind}/").status_code == 404


@pytest.mark.spec("NOT-05")
def test_sent_messages_show_their_state_and_can_be_sent_again(
    owner_client: Client,
    workshop: Workshop,
    platform_smtp: PlatformServer,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    platform_smtp.refused_recipients["camille@exemple.test"] = "550 5.1.1 No such user"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    queue(workshop, to="zoe@exemple.test")
    assert len(owner_client.get(f"{BASE}envoyes/").context["page"].rows) == 2
    assert [row.pk for row in owner_client.get(f"{BASE}envoyes/?etat=bounced").context["page"].rows] == [email.pk]
    assert [row.to for row in owner_client.get(f"{BASE}envoyes/?q=ZOE").context["page"].rows] == ["zoe@exemple.test"]
    page = owner_client.get(f"{BASE}envoyes/{email.pk}/").content.decode()
    assert "550 5.1.1" in page
    assert "DEV-2026-0042" in page
    assert "secret-token" not in page
    platform_smtp.refused_recipients.clear()
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{BASE}envoyes/{email.pk}/renvoyer/")
    assert reread(email).state == EmailState.SENT
    assert len(platform_smtp.messages) == 1
    owner_client.post(f"{BASE}envoyes/{email.pk}/renvoyer/")
    assert reread(email).state == EmailState.SENT


PAGES = ["", "connecter/smtp/", "modeles/", "modeles/quote_new_customer/", "modeles/quote_new_customer/apercu/"]


@pytest.mark.spec("ROL-10", "TEN-02")
def test_only_owner_and_admin_set_the_mail_and_strangers_find_nothing(
    owner_client: Client,
    operator_client: Client,
    accountant_client: Client,
    stranger_client: Client,
    workshop: Workshop,
    stranger: Membership,
) -> None:
    email = queue(workshop)
    foreign = queue(stranger.workshop)
    connected(workshop)
    for client in (operator_client, accountant_client):
        assert [client.get(BASE + page).status_code for page in PAGES] == [403] * len(PAGES)
        assert client.get(f"{BASE}envoyes/{email.pk}/").status_code == 403
        for action in ("deconnecter/", "tester/", "verifier/", "modeles/quote_new_customer/", "connecter/smtp/"):
            assert client.post(BASE + action, SMTP | ACCOUNT | WORDS).status_code == 403
    assert [owner_client.get(BASE + page).status_code for page in PAGES] == [200] * len(PAGES)
    assert owner_client.get(f"{BASE}envoyes/{foreign.pk}/").status_code == 404
    assert owner_client.post(f"{BASE}envoyes/{foreign.pk}/renvoyer/").status_code == 404
    assert [stranger_client.get(BASE + page).status_code for page in PAGES] == [404] * len(PAGES)
    with workshop_scope(workshop.pk):
        assert Mailbox.objects.count() == 1
        assert not EmailTemplate.objects.exists()


@pytest.mark.spec("NOT-04", "LNG-01")
def test_the_words_of_customers_are_french_whatever_the_reader_s_language(
    owner_client: Client, owner: Membership
) -> None:
    """Somebody who reads the screens in English must not mail English words to French customers by saving them."""
    owner.user.language = "en"
    owner.user.save()
    page = owner_client.get(f"{BASE}modeles/quote_new_customer/").content.decode()
    assert "Merci de votre confiance" in page
    shown = owner_client.get(f"{BASE}modeles/quote_new_customer/apercu/").content.decode()
    assert "Merci de votre confiance" in shown
    assert "Thank you" not in page + shown
