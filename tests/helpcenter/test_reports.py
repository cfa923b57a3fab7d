"""What editors read in Wagtail of the searches and of the articles."""

import pytest
from django.test import Client

from helpcenter.services import count_view, keep_missed_search
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.spec("HLP-11")
def test_editors_list_and_export_what_was_not_found_and_what_was_read(client: Client) -> None:
    editor = factories.person(is_staff=True, is_superuser=True)
    factories.add_second_factor(editor)
    client.force_login(editor, backend="app.accounts.backends.PersonBackend")
    keep_missed_search(text="retouche au pistolet")
    count_view(path="/aide/poudres/")
    assert "retouche au pistolet" in client.get("/cms/reports/aide-introuvable/").content.decode()
    assert "/aide/poudres/" in client.get("/cms/reports/aide-lue/").content.decode()
    exported = client.get("/cms/reports/aide-introuvable/?export=csv")
    assert "retouche au pistolet" in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]


def test_strangers_do_not(client: Client) -> None:
    assert client.get("/cms/reports/aide-introuvable/").status_code == 302
