"""Structured logs: one JSON line per event, with the request, the workshop and the person by number, never by name.

Personal data is masked last, over the whole line: what a library logs passes here too.
"""

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import Processor

EMAIL = re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.+-])(?:(?:\+|00)\d{2,3}|0)(?:[ .\-\u00a0\u202f]?(?:\(0\))?\d){8,10}(?![\w-])")
QUERY_VALUE = re.compile(r"([?&][^=&\s]+)=[^&\s\"']+")
# What opens something by itself: at least 24 characters of letters and digits (links, keys, signatures, identifiers).
TOKEN = re.compile(r"(?<![\w-])(?=[\w:=-]*\d)(?=[\w:=-]*[A-Za-z])[\w-]{24,}(?:[:=][\w-]*)*")
PRIVATE_KEYS = re.compile(
    r"(e_?mail|phone|telephone|password|passwd|token|secret|cookie|authorization|api_?key|signature"
    r"|first_name|last_name|full_name|contact|customer_name|street|address|iban|siret)",
    re.IGNORECASE,
)
# Keys of ours that hold long identifiers which open nothing.
KEPT_KEYS = frozenset(
    {"request_id", "correlation_id", "task_id", "child_task_id", "parent_task_id", "timestamp", "logger"}
)
MASK = "[masked]"
EventDict = MutableMapping[str, Any]


def mask_text(text: str) -> str:
    """The text without e-mail addresses, telephone numbers, query values and tokens."""
    for pattern, replacement in ((QUERY_VALUE, rf"\1={MASK}"), (EMAIL, MASK), (PHONE, MASK), (TOKEN, MASK)):
        text = pattern.sub(replacement, text)
    return text


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A structlog processor; the last before the line is written."""
    for key in event:
        if key not in KEPT_KEYS and not key.startswith("_"):
            event[key] = _masked(key, event[key])
    return event


def _masked(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _masked(str(inner), content) for inner, content in value.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    if PRIVATE_KEYS.search(key):
        return MASK
    if isinstance(value, list | tuple | set):
        return [_masked(key, content) for content in value]
    return mask_text(str(value))


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_structlog() -> None:
    """Send structlog's events through the standard logging module, so that everything leaves by one door."""
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_config(*, json: bool, level: str, store_url: str) -> dict[str, Any]:
    """Django's LOGGING: JSON lines, or coloured ones for people. Tracebacks never show local variables.

    Warnings and errors are also left at `store_url`, always as JSON, for the page of the publisher
    (backoffice/log_store.py).
    """
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    renderer: Processor = (
        as_json
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(renderer), "stored": _formatter(as_json)},
        "handlers": {
            "output": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"},
            "store": {"class": "backoffice.log_store.StoreHandler", "url": store_url, "formatter": "stored"},
        },
        "root": {"handlers": ["output", "store"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # 4xx and 5xx are in `request_finished` and `request_failed` already.
            "django.request": {"level": "CRITICAL"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "celery": {"handlers": [], "level": "INFO", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def _formatter(renderer: Processor) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_personal_data,
            renderer,
        ],
    }


class RequestLogMiddleware(RequestMiddleware):  # type: ignore[misc]
    """Logs each request, and answers its identifier so that a person can quote it."""

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Name the request in the answer, then log it."""
        response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")
        super().handle_response(request, response)
