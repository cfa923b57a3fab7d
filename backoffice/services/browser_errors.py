"""Errors that happened in a browser, as its page tells them: to the log, and to the error tracker with their stack."""

import re
from dataclasses import dataclass
from typing import Any

import sentry_sdk
import structlog

log = structlog.get_logger(__name__)
#: "at name (address:line:column)" of Chromium, "name@address:line:column" of Firefox and Safari.
PLACE = re.compile(r"^\s*(?:at\s+)?(?:(?P<name>[^()@]*?)\s*[(@])?(?P<file>[^()\s@]+):(?P<line>\d+):(?P<column>\d+)\)?$")
MOST_FRAMES = 50
LONGEST_LINE = 500


@dataclass(frozen=True)
class BrowserError:
    """What a page says of an error; `page` is its address without the query."""

    message: str
    page: str
    stack: str = ""


def report_browser_error(*, error: BrowserError, workshop_id: int | None) -> None:
    """Write the error where those of the server are. The text comes from a stranger: it is masked and never trusted."""
    log.error("browser_error", message=error.message, page=error.page, stack=error.stack, workshop_id=workshop_id)
    tags = {"side": "browser", **({"workshop": str(workshop_id)} if workshop_id else {})}
    kind, _colon, said = error.message.partition(":")
    named = bool(said) and kind.strip().endswith("Error")
    fault: dict[str, Any] = {
        "type": kind.removeprefix("Uncaught ").strip() if named else "Error",
        "value": said.strip() if named else error.message,
    }
    if frames := frames_of(error.stack):
        fault["stacktrace"] = {"frames": frames}
    event: Any = {
        "level": "error",
        "platform": "javascript",
        "tags": tags,
        "request": {"url": error.page},
        "exception": {"values": [fault]},
    }
    sentry_sdk.capture_event(event)


def frames_of(stack: str) -> list[dict[str, Any]]:
    """The places of a stack, the outermost call first, as the protocol wants them."""
    found = [match for line in stack.splitlines() if (match := PLACE.match(line[:LONGEST_LINE]))]
    return [
        {
            "function": match["name"] or "?",
            "filename": match["file"].partition("?")[0],
            "lineno": int(match["line"]),
            "colno": int(match["column"]),
        }
        for match in reversed(found[:MOST_FRAMES])
    ]


class TestError(Exception):
    """Raised on purpose, to see that errors arrive."""

    __test__ = False  # no test of pytest's


def send_test_error() -> None:
    """An error of the server, for the publisher who looks whether errors arrive."""
    try:
        raise TestError("a test of the error tracking")
    except TestError:
        structlog.get_logger("backoffice").exception("test_error")
