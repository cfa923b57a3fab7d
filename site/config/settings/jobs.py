"""Celery: Redis broker, no result backend (the outbox rows are the results), one attempt at a time per worker slot."""

import os
from typing import Any

from celery.schedules import crontab

CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/Paris"
# A task taken by a worker that died is given to another after this many seconds; no task may last longer.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}
CELERY_TASK_TIME_LIMIT = 1500
CELERY_TASK_SOFT_TIME_LIMIT = 1440
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis as long as it takes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "status.scheduler:RecordingScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 15  # seconds between the scheduler's signs of life
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep the outbox": {"task": "app.notify.tasks.sweep_outbox", "schedule": 30.0},
    "forget unfinished photos": {"task": "shopfloor.forget", "schedule": crontab(hour="4", minute="50")},
    "sweep quotes": {"task": "quotes.sweep", "schedule": 60.0},
    "sweep projects": {"task": "projects.sweep", "schedule": 60.0},
    "late projects": {"task": "projects.tell_late", "schedule": crontab(hour="7", minute="15")},
    "read the maker's catalogue": {"task": "powders.read_catalogue", "schedule": crontab(minute="5")},
    "watch the stock": {"task": "stock.watch", "schedule": crontab(minute="20")},
    "room for photos": {"task": "projects.mind_photos", "schedule": crontab(minute="45")},
    "sweep files": {"task": "app.files.tasks.sweep_every_workshop", "schedule": crontab(hour="3", minute="20")},
    "recount usage": {"task": "entitlements.recount", "schedule": crontab(hour="3", minute="0")},
    "tips of the first weeks": {"task": "home.guide", "schedule": crontab(minute="35")},
    "sweep billing": {"task": "billing.sweep", "schedule": 20.0},
    "subscriptions, hour by hour": {"task": "billing.mind", "schedule": crontab(minute="25")},
    "compare subscriptions": {"task": "billing.daily", "schedule": crontab(hour="2", minute="30")},
    "mails of trials": {"task": "app.billing.tasks.mind_trials", "schedule": crontab(minute="10")},
    "remove expired history": {
        "task": "app.audit.tasks.remove_expired_entries",
        "schedule": crontab(day_of_month="1", hour="4", minute="10"),
    },
    "forget messages": {"task": "contact.tasks.forget_messages", "schedule": crontab(hour="3", minute="50")},
    "sweep imports": {"task": "dataio.sweep", "schedule": 60.0},
    "forget old notifications": {"task": "app.notify.tasks.forget_pushes", "schedule": crontab(hour="4", minute="0")},
    "forget old labels": {"task": "projects.forget", "schedule": crontab(hour="3", minute="45")},
    "sweep papers": {"task": "documents.sweep", "schedule": 60.0},
    "forget old papers": {"task": "documents.forget", "schedule": crontab(hour="3", minute="47")},
    "sweep ovens": {"task": "batches.sweep_ovens", "schedule": 60.0},
    "use of the ovens": {"task": "batches.keep_every_oven_day", "schedule": crontab(hour="0", minute="25")},
    "forget old imports": {"task": "dataio.forget", "schedule": crontab(hour="3", minute="40")},
    "scheduled pages": {"task": "cms.publish_scheduled", "schedule": 60.0},
    "forget old cookie choices": {"task": "cms.forget", "schedule": crontab(hour="3", minute="50")},
    "forget old stories offered": {"task": "marketing.forget", "schedule": crontab(hour="3", minute="55")},
    "forget who left the news": {"task": "changelog.forget", "schedule": crontab(hour="3", minute="57")},
    "announce legal texts": {"task": "marketing.announce_texts", "schedule": 600.0},
    "news of the month": {
        "task": "changelog.monthly",
        "schedule": crontab(day_of_month="1-7", hour="9-18", minute="5"),
    },
    "notices of the status page": {"task": "status.tasks.tell_notices", "schedule": 20.0},
    "old measurements": {"task": "status.tasks.forget_old_readings", "schedule": crontab(hour="4", minute="30")},
    "uptime of the month": {"task": "backoffice.tasks.close_month", "schedule": crontab(hour="5", minute="15")},
    "accounts to look at": {"task": "backoffice.tasks.warn_of_accounts", "schedule": crontab(hour="7", minute="45")},
    "keep the log": {"task": "backoffice.tasks.keep_log_lines", "schedule": 20.0},
    "old lines of the log": {
        "task": "backoffice.tasks.forget_old_log_lines",
        "schedule": crontab(hour="4", minute="40"),
    },
    "report overdue jobs": {"task": "status.tasks.report_overdue_jobs", "schedule": 600.0},
}
