"""Logs on standard output: JSON, or LOG_FORMAT=console for people."""

import logging
import os

from config.logs import configure_structlog, logging_config

configure_structlog()
LOGGING = logging_config(
    json=os.environ.get("LOG_FORMAT") != "console",
    level=os.environ.get("LOG_LEVEL", "INFO"),
    store_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # the identifier of the request follows its tasks
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line per request: its end
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
