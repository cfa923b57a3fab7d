"""Development: what `make run` starts; keys come from the supervisor's environment."""

import os
from pathlib import Path

import environ

# The addresses of the services that `make run` has started, for manage.py in another terminal.
_ROOT = Path(__file__).resolve().parents[3]
environ.Env.read_env(Path(os.environ.get("THERMO_DATA", _ROOT / ".thermo")) / "env")

from .base import *  # noqa: E402,F403
from .base import SECRET_KEY  # noqa: E402

DEBUG = True
SECRET_KEY = SECRET_KEY or "development only, never used in production"
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
