"""The written procedure of an incident: what whoever is woken up at night needs to find in it."""

import pytest

from devtools.paths import REPOSITORY


@pytest.mark.spec("STA-15")
@pytest.mark.parametrize("subject", ["detect", "classif", "role", "communicat", "repair", "clos"])
def test_the_procedure_says_what_to_do_from_detection_to_closing(subject: str) -> None:
    titles = [
        line.lower()
        for line in (REPOSITORY / "docs" / "runbooks" / "incident.md").read_text().splitlines()
        if line.startswith("#")
    ]
    assert any(subject in title for title in titles), titles
