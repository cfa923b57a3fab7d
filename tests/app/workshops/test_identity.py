"""Identity, logo and address of a workshop; the formats of its numbers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from app.accounts.models import User, WorkshopRequest
from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.home.services import open_workshop
from app.numbering.services import next_number
from app.tenancy.models import FormerSlug, Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.contrast import contrast
from tests import factories

pytestmark = pytest.mark.django_db
HERE = "/app/atelier-vulcain/reglages/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FORM = {
    "name": "Atelier Vulcain",
    "email": "contact@vulcain.test",
    "phone": "04 76 00 00 00",
    "street": "12 rue des Forges",
    "postcode": "38000",
    "city": "Grenoble",
    "country": "FR",
    "legal_form": "SARL",
    "capital": "20000",
    "siret": "732 829 320 00074",
    "register_city": "Grenoble",
    "vat_number": "FR 44 732829320",
    "insurance": "",
    "mediator": "",
    "accent": "#9A3412",
}


def _save(client: Client, **changes: Any) -> Any:
    return client.post(f"{HERE}identite/", {**FORM, **changes})


def _now(workshop: Workshop) -> Workshop:
    with workshop_scope(workshop.pk):
        return Workshop.objects.get(pk=workshop.pk)


@pytest.mark.spec("TEN-16", "SCR-13")
def test_the_identity_is_kept_tidy_and_audited(owner_client: Client, workshop: Workshop) -> None:
    assert _save(owner_client, name="Forges Vulcain").status_code == 302
    held = _now(workshop)
    assert (held.name, held.siret, held.vat_number, held.accent) == (
        "Forges Vulcain",
        "73282932000074",
        "FR44732829320",
        "#9a3412",
    )
    with workshop_scope(workshop.pk):
        changes = AuditEntry.objects.get(action="settings.identity").changes
    assert changes["name"] == ["Atelier Vulcain", "Forges Vulcain"]
    assert "siret" not in changes  # it was written otherwise, not changed


@pytest.mark.parametrize(
    "changes",
    [
        {"siret": "73282932000075"},
        {"siret": "123"},
        {"vat_number": "FR00732829320"},
        {"vat_number": "FR40303265045"},  # valid, of another company
        {"name": ""},
        {"email": "contact"},
        {"phone": "12"},
        {"capital": "-x"},
    ],
)
def test_wrong_legal_details_are_refused(owner_client: Client, workshop: Workshop, changes: dict[str, str]) -> None:
    assert _save(owner_client, **changes).status_code == 422
    assert _now(workshop).email != FORM["email"]


@pytest.mark.spec("TEN-14")
@pytest.mark.parametrize("accent", ["#f59e0b", "#ffffff", "#787878", "red", "#12345", "#12345g", "javascript:alert(1)"])
def test_a_colour_that_cannot_be_read_is_refused(owner_client: Client, workshop: Workshop, accent: str) -> None:
    assert _save(owner_client, accent=accent).status_code == 422
    assert _now(workshop).accent == ""


def test_contrast_is_that_of_the_guidelines() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert contrast("#123456", "#123456") == 1


@pytest.mark.spec("TEN-14")
def test_a_logo_replaces_the_one_before_and_can_be_removed(owner_client: Client, workshop: Workshop) -> None:
    for name in ("un.png", "deux.png"):
        assert _save(owner_client, logo=SimpleUploadedFile(name, PNG, "image/png")).status_code == 302
    with workshop_scope(workshop.pk):
        (stored,) = StoredFile.objects.filter(kind="logo")
    assert (stored.name, stored.public_id) == ("deux.png", _now(workshop).logo_file_id)
    assert "deux" not in owner_client.get(f"{HERE}identite/").content.decode()
    owner_client.post(f"{HERE}identite/logo/supprimer/")
    assert _now(workshop).logo_file_id is None
    with workshop_scope(workshop.pk):
        assert not StoredFile.objects.filter(kind="logo").exists()


@pytest.mark.parametrize(
    ("content", "type_"), [(b"<svg onload=alert(1)>", "image/svg+xml"), (b"not a picture", "image/png")]
)
def test_a_logo_that_is_no_picture_is_refused(
    owner_client: Client, workshop: Workshop, content: bytes, type_: str
) -> None:
    assert _save(owner_client, name="Autre", logo=SimpleUploadedFile("logo.png", content, type_)).status_code == 422
    held = _now(workshop)
    assert (held.logo_file_id, held.name) == (None, "Atelier Vulcain")


@pytest.mark.spec("TEN-11")
def test_a_changed_address_keeps_leading_to_the_workshop(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{HERE}adresse/", {"slug": "forges-vulcain"})
    assert answer["Location"] == "/app/forges-vulcain/reglages/adresse/"
    moved = owner_client.get("/app/atelier-vulcain/clients/?q=durand")
    assert (moved.status_code, moved["Location"]) == (301, "/app/forges-vulcain/clients/?q=durand")
    assert owner_client.get("/app/forges-vulcain/").status_code == 200
    # What was being typed when the workshop moved is not lost.
    posted = owner_client.post("/app/atelier-vulcain/clients/nouveau/", {"last_name": "Durand", "type": "particulier"})
    assert (posted.status_code, posted["Location"]) == (308, "/app/forges-vulcain/clients/nouveau/")
    signing = owner_client.post("/espace/atelier-vulcain/lien/", {"email": "zoe@client.test"})
    assert (signing.status_code, signing["Location"]) == (308, "/espace/forges-vulcain/lien/")
    back = owner_client.post("/app/forges-vulcain/reglages/adresse/", {"slug": "atelier-vulcain"})
    assert back["Location"] == "/app/atelier-vulcain/reglages/adresse/"
    assert owner_client.get("/app/forges-vulcain/")["Location"] == "/app/atelier-vulcain/"


@pytest.mark.spec("TEN-11")
@pytest.mark.parametrize(
    "slug",
    [
        "www",
        "app",
        "api",
        "admin",
        "mail",
        "status",
        "staging",
        "forms",
        "a b",
        "é-lan",
        "-atelier",
        "ab",
        "laquage-concurrent",
        "ancien-concurrent",
    ],
)
def test_reserved_taken_and_malformed_addresses_are_refused(
    owner_client: Client, workshop: Workshop, other_workshop: Workshop, slug: str
) -> None:
    FormerSlug.objects.create(slug="ancien-concurrent", workshop=other_workshop)
    assert owner_client.post(f"{HERE}adresse/", {"slug": slug}).status_code == 422
    assert _now(workshop).slug == "atelier-vulcain"


def test_a_stranger_is_not_led_to_the_new_address(
    stranger_client: Client, owner_client: Client, workshop: Workshop
) -> None:
    owner_client.post(f"{HERE}adresse/", {"slug": "forges-vulcain"})
    moved = stranger_client.get("/app/atelier-vulcain/", follow=True)
    assert moved.status_code == 404


@pytest.mark.spec("TEN-16")
def test_the_formats_of_numbers_change_for_the_numbers_to_come(owner_client: Client, workshop: Workshop) -> None:
    form = {"quote": "DEV-{year}-{number:5}", "project": "P{number}", "batch": "S-{year}-{number:4}"}
    assert owner_client.post(f"{HERE}numeros/", form).status_code == 302
    assert "DEV-" in owner_client.get(f"{HERE}numeros/").content.decode()
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="numbering.format_changed").count() == 2


@pytest.mark.parametrize(
    "pattern",
    ["", "DEV", "{number}{number}", "{month}-{number}", "{day}{number}", "É{number}", "{number:9}", "<b>{number}"],
)
def test_a_format_that_could_repeat_a_number_is_refused(owner_client: Client, workshop: Workshop, pattern: str) -> None:
    answer = owner_client.post(
        f"{HERE}numeros/", {"quote": pattern, "project": "P{number}", "batch": "S-{year}-{number:4}"}
    )
    assert answer.status_code == 422
    with workshop_scope(workshop.pk):
        assert not AuditEntry.objects.filter(action="numbering.format_changed").exists()


def test_a_number_already_given_does_not_change(owner_client: Client, workshop: Workshop) -> None:
    day = timezone.localdate()
    with workshop_scope(workshop.pk):
        factories.customer(workshop)
        first = next_number(workshop=workshop, series="quote", on=day)
    owner_client.post(
        f"{HERE}numeros/", {"quote": "N{yy}{month}-{number:4}", "project": "P{number}", "batch": "S-{year}-{number:4}"}
    )
    with workshop_scope(workshop.pk):
        second = next_number(workshop=workshop, series="quote", on=day)
    assert (first[-4:], second[0], second[-4:]) == ("0001", "N", "0002")


@pytest.mark.spec("SUB-04")
def test_the_country_is_one_of_the_list(owner_client: Client, workshop: Workshop) -> None:
    belgian = {"country": "BE", "siret": "", "vat_number": "BE 0123 456 749"}
    assert _save(owner_client, **belgian).status_code == 302
    assert _save(owner_client, **{**belgian, "country": "XX"}).status_code == 422
    held = _now(workshop)
    assert (held.country, held.vat_number) == ("BE", "BE0123456749")


@pytest.mark.spec("TEN-11")
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Admin", "admin-2"),
        ("WWW", "www-2"),
        ("Status", "status-2"),
        ("Atelier Vulcain", "atelier-vulcain-2"),
        ("Anciennes Forges", "anciennes-forges-2"),  # another workshop's former address
        ("Thermolaquage Œuvré & Fils", "thermolaquage-uvre-fils"),
        ("粉末", "atelier"),
        ("é" * 120, "e" * 50),
    ],
)
def test_a_new_workshop_never_takes_a_reserved_word_nor_an_address_that_leads_elsewhere(
    workshop: Workshop, person: User, name: str, slug: str
) -> None:
    FormerSlug.objects.create(slug="anciennes-forges", workshop=workshop)
    WorkshopRequest.objects.create(user=person, workshop_name=name, phone="+33476000000")
    opened = open_workshop(user_pk=person.pk)
    assert opened and opened.slug == slug


@pytest.mark.parametrize(
    ("field", "typed", "is_kept"),
    [
        ("name", "Atelier\r\nBcc: tous@exemple.test", "Atelier Bcc: tous@exemple.test"),
        ("siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", None),
        ("vat_number", "FR²²²²²²²²²²²", None),
        ("vat_number", "💥" * 20, None),
        ("capital", "NaN", None),
        ("capital", "1e400", None),
        ("capital", "-1", None),
        ("phone", "+" * 200, None),
        ("email", "a@b", None),
        ("country", "ZZ", None),
        ("accent", "#9a341²", None),
    ],
)
def test_an_identity_that_cannot_be_is_told_beside_its_field_and_keeps_what_was_typed(
    owner_client: Client, workshop: Workshop, field: str, typed: str, is_kept: str | None
) -> None:
    answer = owner_client.post(f"{HERE}identite/", {**FORM, "city": "Lyon", field: typed})
    with workshop_scope(workshop.pk):
        now = Workshop.objects.get()
    if is_kept is not None:
        assert (answer.status_code, getattr(now, field)) == (302, is_kept)
        return
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"][field].value() == typed
    assert now.city == "Grenoble"
