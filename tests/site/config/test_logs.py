"""The logs can be searched by workshop and request, and hold no personal data."""

import io
import json
import logging
import logging.config
from typing import Any

import pytest
import structlog
from config.logs import logging_config, mask_personal_data, mask_text

pytestmark = pytest.mark.spec("OPS-02", "PRV-10")


@pytest.fixture
def lines() -> Any:
    """A logger configured as in production; the lines it wrote, parsed."""
    config = logging_config(json=True, level="INFO", store_url="redis://127.0.0.1:1/0")
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    formatter = config["formatters"]["line"]
    options = {key: value for key, value in formatter.items() if key != "()"}
    handler.setFormatter(formatter["()"](**options))
    root = logging.getLogger("tests.output")
    root.addHandler(handler)
    root.propagate = False
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.parametrize(
    "text",
    [
        "jean.dupont+devis@exemple.fr",
        "refused: <JEAN@EXEMPLE.FR>",
        "06 12 34 56 78",
        "+33612345678",
        "+33 (0)6 12 34 56 78",
        "0033.6.12.34.56.78",
        "04-76-00-00-00",
        "sk_live_51HxyzABCDEFghijklmnop",
        "eyJhbGciOiJIUzI1NiJ9Zm9vYmFyMTIz:1abcDE:AbCdEfGh",
        "3f2b8c1e-9a7d-4c55-8f10-2f6d3c9a1b77",
    ],
)
def test_personal_data_and_tokens_are_masked_in_any_text(text: str) -> None:
    masked = mask_text(f"before {text} after")
    assert text not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert "[masked]" in masked


@pytest.mark.parametrize(
    "text",
    [
        "GET /app/atelier-vulcain/devis/184/",
        "2026-11-21T07:10:03.123456Z",
        "Quote D-2026-0184: 1 248,00 €",
        "app.quotes.tasks.send_signed_copy_after_commit",
        "SIRET checked in 0.004 s, 3 rows",
        "/app/peinture-et-thermolaquage-du-dauphine/clients/",
    ],
)
def test_what_is_useful_stays(text: str) -> None:
    assert mask_text(text) == text


def test_the_values_of_a_query_are_masked_and_its_names_stay() -> None:
    assert mask_text("GET /clients/?q=Dupont&apres=12") == "GET /clients/?q=[masked]&apres=[masked]"


def test_a_private_field_is_masked_whatever_it_holds() -> None:
    event = {
        "event": "mail_sent",
        "email": "x",
        "customer_name": "Jean",
        "nested": {"password": "azerty", "count": 2, "phones": ["06 12 34 56 78"]},
        "request_id": "3f2b8c1e-9a7d-4c55-8f10-2f6d3c9a1b77",
        "workshop_id": 12,
    }
    assert mask_personal_data(None, "info", event) == {
        "event": "mail_sent",
        "email": "[masked]",
        "customer_name": "[masked]",
        "nested": {"password": "[masked]", "count": 2, "phones": "[masked]"},
        "request_id": "3f2b8c1e-9a7d-4c55-8f10-2f6d3c9a1b77",
        "workshop_id": 12,
    }


def test_a_line_is_json_with_level_request_and_workshop(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc", workshop_id=7):
        structlog.get_logger("tests.output").warning("stock_low", powder=3)
    (line,) = lines()
    assert line["event"] == "stock_low"
    assert line["level"] == "warning"
    assert (line["request_id"], line["workshop_id"], line["powder"]) == ("abc", 7, 3)
    assert line["timestamp"].endswith("Z")


def test_a_library_that_logs_an_address_is_masked_too(lines: Any) -> None:
    logging.getLogger("tests.output").error("Bounce for %s", "jean@exemple.fr")
    assert lines()[0]["event"] == "Bounce for [masked]"


def test_a_traceback_shows_no_local_variable_nor_personal_data(lines: Any) -> None:
    secret_in_a_local = "hunter2-hunter2"  # a value that only local variables hold
    try:
        raise ValueError(f"duplicate key (email)=(jean@exemple.fr) {len(secret_in_a_local)}")
    except ValueError:
        structlog.get_logger("tests.output").exception("failed")
    (line,) = lines()
    assert "ValueError: duplicate key" in line["exception"]
    assert "jean@exemple.fr" not in line["exception"]
    # The source line shows; the value of a variable does not.
    assert "locals" not in line["exception"]
