"""The Celery application."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("thermo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)  # a task logs under the request that sent it
app.autodiscover_tasks()

#: What only tasks use and no other process loads. A worker does before it parts, so that its processes share it.
HEAVY = ("app.documents.layout", "app.batches.planner.solve")


@worker_init.connect
def load_what_is_heavy(**_signal: Any) -> None:
    """No document and no search waits for its library."""
    for name in HEAVY:
        import_module(name)
