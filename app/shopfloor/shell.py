"""What the shell of the workshop mode is made of: addresses, words, the files that the device keeps."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from app.kernel.assets import asset_path
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from .constants import CHUNK_LARGEST, MOST_AT_ONCE
from .texts import texts

#: Says to the worker that an answer is the shell and not a page to sign in.
SHELL_HEADER = "X-Floor-Shell"
KEPT = (
    "dist/floor.css",
    "dist/floor.js",
    "dist/fonts/inter.woff2",
    "dist/fonts/archivo.woff2",
    "dist/images/icon-192.png",
)
SCANNER = ("dist/floor-scan.js", "dist/floor-scan.wasm")
#: What the script draws its buttons with.
ICONS = (
    "archive-box", "arrow-left", "arrow-path", "camera", "chat-bubble-left-ellipsis", "check", "check-circle",
    "clock", "cloud-arrow-up", "exclamation-triangle", "fire", "home", "lock-closed", "moon",
    "no-symbol", "pencil-square", "photo", "play", "qr-code", "queue-list", "rectangle-stack", "scale", "signal-slash",
    "sun", "user-circle", "x-mark",
)  # fmt: skip
WORKER = "dist/floor-sw.js"


def assets() -> dict[str, str]:
    """The addresses of the files that the shell names itself."""
    return {"css": static(KEPT[0]), "js": static(KEPT[1])}


def config(workshop: Workshop) -> dict[str, Any]:
    """What the script needs to know, words included."""
    name = "shopfloor:"
    return {
        "workshop": {"name": workshop.name, "slug": workshop.slug, "pk": workshop.pk},
        "urls": {
            "home": workshop_url(workshop, "home:dashboard"),
            "shell": workshop_url(workshop, f"{name}shell"),
            "worker": workshop_url(workshop, f"{name}service_worker"),
            "manifest": workshop_url(workshop, f"{name}manifest"),
            "day": workshop_url(workshop, f"{name}day"),
            "part": workshop_url(workshop, f"{name}part_lookup"),
            "actions": workshop_url(workshop, f"{name}actions"),
            "uploads": f"{workshop_url(workshop, f'{name}shell')}envois/",
            "conflicts": f"{workshop_url(workshop, f'{name}shell')}conflits/",
            "photos": f"{workshop_url(workshop, f'{name}shell')}photos/",
            "operators": workshop_url(workshop, f"{name}operators"),
            "open": workshop_url(workshop, f"{name}seat_open"),
            "close": workshop_url(workshop, f"{name}seat_close"),
            "help": reverse("helpcenter:screen_help", kwargs={"screen": "shopfloor:shell"}),
            "login": reverse("account_login"),
            "logout": reverse("account_logout"),
            "scanner": static(SCANNER[0]),
            "scannerWasm": static(SCANNER[1]),
        },
        "limits": {"batch": min(MOST_AT_ONCE, 20), "chunk": CHUNK_LARGEST // 4},
        "language": get_language() or "fr",
        "texts": texts(),
    }


def shell_version(workshop: Workshop) -> str:
    """Changes with anything that the shell is made of: the device then takes it again."""
    made_of = [json.dumps(config(workshop), sort_keys=True, default=str), *(_content_hash(name) for name in KEPT)]
    return hashlib.sha256("".join(made_of).encode()).hexdigest()[:16]


def worker_source(workshop: Workshop) -> str:
    """The worker with the list of what it keeps."""
    shell = workshop_url(workshop, "shopfloor:shell")
    kept = [{"url": static(name), "revision": _content_hash(name)} for name in KEPT]
    setup = {
        "shell": shell,
        "header": SHELL_HEADER,
        "cache": f"floor-{workshop.slug}",
        "kept": [*kept, {"url": shell, "revision": shell_version(workshop)}],
        "onDemand": [static(name) for name in SCANNER],
    }
    return f"self.FLOOR = {json.dumps(setup)};\n{_worker()}"


def _worker() -> str:
    return asset_path(WORKER).read_text()


def _content_hash(name: str) -> str:
    path = asset_path(name)
    return _hash_of(str(path), path.stat().st_mtime_ns)


@cache
def _hash_of(path: str, changed_at: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
