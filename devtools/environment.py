"""The environment of `make run`: what .env says, what the machine says, and development's own keys."""

import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from devtools.paths import REPOSITORY, data_dir


def base_environment() -> dict[str, str]:
    """The process environment over the file .env over the defaults of development."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "LOG_FORMAT": "console",
        **development_keys(),
        **read_file(REPOSITORY / ".env"),
        **os.environ,
        "THERMO_DATA": str(data_dir()),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        # The two source roots, as manage.py has them; the folder `site` itself is never a package.
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "site")]),
    }


def development_keys() -> dict[str, str]:
    """The product's keys, made once per data folder, so sessions, secrets and told devices survive a restart."""
    path = data_dir() / "keys.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        **found,
    }
    if keys != found:
        write_private(path, json.dumps(keys))
    return keys


def read_file(path: Path) -> dict[str, str]:
    """The KEY=value lines of a file; blank lines and lines that start with # are skipped."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#") and "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, _equals, value in pairs}


def publish(environment: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Write the addresses to `<data>/env`, so that manage.py in another terminal meets the running services."""
    write_private(data_dir() / "env", "".join(f"{name}={environment[name]}\n" for name in names if name in environment))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    partial.replace(path)
