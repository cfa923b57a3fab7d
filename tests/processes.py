"""Processes of the product that a test starts, stops and kills."""

import os
import signal
import subprocess
from pathlib import Path

from django.conf import settings

from devtools.paths import REPOSITORY
from devtools.redisserver import RedisServer


def kill(process: subprocess.Popen[bytes] | None) -> None:
    """SIGKILL to a process and to the ones that it started."""
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment(folder: Path, *, database: str, queue: RedisServer, mail: str = "") -> dict[str, str]:
    """What a worker of production reads; nothing of the tests' own process."""
    ours = ("DATABASE", "REDIS", "EMAIL", "THERMO", "DJANGO", "SECRET", "FIELD", "PYTEST", "STRIPE", "PRIVATE")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return clean | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'site'}",
        "DATABASE_URL": database,
        "REDIS_URL": queue.url(),
        "EMAIL_URL": mail,
        "THERMO_DATA": str(folder),
        "FIELD_ENCRYPTION_KEYS": settings.FIELD_ENCRYPTION_KEYS[0],
        "SECRET_KEY": settings.SECRET_KEY,
    }
