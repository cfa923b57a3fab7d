"""gunicorn: processes with threads, behind a proxy. `gunicorn config.wsgi --config site/config/gunicorn.py`."""

import gc
import os
from pathlib import Path
from typing import Any

from cms.page_cache import forget_pages
from django.db import connections

from config.logs import logging_config

ROOT = Path(__file__).resolve().parents[2]

bind = os.environ.get("BIND", "0.0.0.0:8000")  # the proxy stands in front
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True  # one server is stopped by its own process number
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat file must not wait for a disk
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
logconfig_dict = logging_config(
    json=os.environ.get("LOG_FORMAT") != "console",
    level=os.environ.get("LOG_LEVEL", "INFO"),
    store_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
)

reload = os.environ.get("WEB_RELOAD") == "1"
reload_extra_files = [str(path) for path in (ROOT / "templates").rglob("*.html")] if reload else []
preload_app = not reload  # the code is loaded once and shared by the processes


def when_ready(_arbiter: Any) -> None:
    """Before the processes part: no connection that loading opened may be shared by two of them.

    What loading left stays for ever: out of the collector's sight, each page costs a quarter less and the processes
    go on sharing that memory.
    """
    forget_pages()  # those of the version before name other static files
    gc.collect()
    gc.freeze()
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close_pool()  # type: ignore[attr-defined]


def post_worker_init(_worker: Any) -> None:
    """In development the code and the templates have just changed."""
    if reload:
        forget_pages()
