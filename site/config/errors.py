"""Errors sent to Sentry, or to whatever speaks its protocol: with the release and the workshop, without personal data.

Without a DSN nothing leaves; errors are in the log in any case.
"""

import logging
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger

from .logs import mask_personal_data, mask_text

#: Lines about errors that are sent already: those of browsers by backoffice/services/browser_errors.py with their own
#: stack, those of requests and tasks by the integrations of Django and Celery.
TOLD_ELSEWHERE = (
    "backoffice.services.browser_errors",
    "django_structlog.middlewares.request",
    "django_structlog.celery.receivers",
)
#: What is known of whoever asked, by number, on every line of the log and every error.
TAGS = {"workshop_id": "workshop", "request_id": "request"}


def start(*, dsn: str, release: str, environment: str) -> None:
    """Send this process's unhandled exceptions and error lines to `dsn`; nothing when it is empty."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=cleaned,  # type: ignore[arg-type]
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),  # errors, no tracing
            CeleryIntegration(),
            LoggingIntegration(level=None, event_level=logging.ERROR),
        ],
    )
    for name in TOLD_ELSEWHERE:
        ignore_logger(name)


def cleaned(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The error as it leaves: tagged by the workshop's and the request's number, personal data removed."""
    said = structlog.contextvars.get_contextvars()
    tags = event.setdefault("tags", {})
    for name, tag in TAGS.items():
        if said.get(name):
            tags.setdefault(tag, str(said[name]))
    event["user"] = {"id": str(said["user_id"])} if said.get("user_id") else {}
    event.pop("breadcrumbs", None)
    event.pop("server_name", None)
    _clean_request(event)
    _clean_message(event, hint)
    for value in (event.get("exception") or {}).get("values") or []:
        value["value"] = mask_text(str(value.get("value") or ""))
    event["extra"] = dict(mask_personal_data(None, "", dict(event.get("extra") or {})))
    return event


def _clean_request(event: dict[str, Any]) -> None:
    """The method and the address without its query; neither headers, cookies nor what was posted."""
    request = event.pop("request", None)
    if request:
        url = str(request.get("url", "")).partition("?")[0]
        event["request"] = {"method": request.get("method"), "url": mask_text(url)}


def _clean_message(event: dict[str, Any], hint: dict[str, Any]) -> None:
    """A structured line of the log: its event is the message, its values are masked by their names."""
    record = hint.get("log_record")
    line = getattr(record, "msg", None)
    if isinstance(line, dict):
        values = {name: value for name, value in line.items() if name not in {"event", "exc_info"}}
        event["extra"] = {**(event.get("extra") or {}), **values}
        event["logentry"] = {"message": mask_text(str(line.get("event", "")))}
    elif event.get("logentry"):
        entry = event["logentry"]
        event["logentry"] = {"message": mask_text(str(entry.get("formatted") or entry.get("message") or ""))}
