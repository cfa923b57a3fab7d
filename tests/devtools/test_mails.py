"""Mails of development are caught, kept and read in a page."""

import smtplib
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from devtools import mails
from devtools.processes import free_port, spawn, stop, wait_until

pytestmark = pytest.mark.django_db  # pages read the session
urlpatterns = [path("dev/mails/", include("devtools.mail_urls")), path("", include("config.urls"))]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    settings.ROOT_URLCONF = __name__
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.fixture
def catcher(folder: Path, tmp_path: Path) -> Iterator[int]:
    port, log = free_port(), tmp_path / "mail.log"
    command = [sys.executable, "-m", "devtools.mailcatcher", "--port", str(port), "--folder", str(folder)]
    process = spawn(command, log=log)
    wait_until(lambda: "Mail catcher" in log.read_text(), seconds=20, what="The catcher", log=log, process=process)
    yield port
    stop(process)


def quote_mail() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Votre devis n° D-2026-0001 à signer"
    message["From"] = "Atelier Vulcain <contact@vulcain.test>"
    message["To"] = "Éloïse Client <eloise@client.test>"
    message["Date"] = "Sat, 21 Nov 2026 09:00:00 +0100"
    message.set_content("Bonjour, signez ici : https://app.test/espace/abc.")
    html = '<p style="color:red">Bonjour</p><a href="https://app.test/espace/abc?a=1&amp;b=2">Signer</a>'
    message.add_alternative(html + '<img src="cid:logo"><script>alert(1)</script>', subtype="html")
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")  # type: ignore[index,union-attr]
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="devis.pdf")
    return message


@pytest.fixture
def caught(catcher: int, folder: Path) -> mails.CaughtMail:
    with smtplib.SMTP("127.0.0.1", catcher) as server:
        server.send_message(quote_mail())
    (mail,) = mails.list_mails(folder)
    return mail


def test_a_sent_mail_is_kept_whole(caught: mails.CaughtMail) -> None:
    assert caught.subject == "Votre devis n° D-2026-0001 à signer"
    assert caught.to == "eloise@client.test"
    assert caught.links == ["https://app.test/espace/abc?a=1&b=2"]
    assert "data:image/png;base64" in caught.html
    assert [(file.name, file.content) for file in caught.attachments if file.content_type == "application/pdf"] == [
        ("devis.pdf", b"%PDF-1.7")
    ]


def test_the_page_lists_and_shows_the_mail_without_running_it(client: Client, caught: mails.CaughtMail) -> None:
    listed = client.get("/dev/mails/")
    assert caught.subject in listed.content.decode()
    shown = client.get(f"/dev/mails/{caught.name}/")
    assert "sandbox" in shown.content.decode()
    assert "https://app.test/espace/abc?a=1&amp;b=2" in shown.content.decode()
    assert "<script>alert(1)" not in shown.content.decode()
    message = client.get(f"/dev/mails/{caught.name}/html/")
    assert "script-src 'none'" in message["Content-Security-Policy"]
    assert message["X-Frame-Options"] == "SAMEORIGIN"


def test_a_joined_pdf_can_be_read(client: Client, caught: mails.CaughtMail) -> None:
    answer = client.get(f"/dev/mails/{caught.name}/piece/0/")
    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(f"/dev/mails/{caught.name}/piece/7/").status_code == 404


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "unknown.eml", "00000000000000000-00000000.eml"])
def test_a_name_never_leaves_the_folder(client: Client, folder: Path, name: str) -> None:
    assert client.get(f"/dev/mails/{name}/").status_code == 404


def test_the_list_can_be_emptied(client: Client, caught: mails.CaughtMail, folder: Path) -> None:
    assert client.get("/dev/mails/vider/").status_code == 405
    assert client.post("/dev/mails/vider/").status_code == 302
    assert mails.list_mails(folder) == []


def test_the_pages_do_not_exist_outside_development(client: Client) -> None:
    assert client.get("/dev/mails/").status_code == 404
