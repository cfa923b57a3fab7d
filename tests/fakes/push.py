"""A local push service (RFC 8030) and the browsers that it serves: they decrypt and check what they are sent."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from tests.fakes.loopback import Handler, listening


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Browser:
    """One subscription of one browser: its keys, its address, what it was shown."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    shown: list[dict[str, str]] = field(default_factory=list)

    def subscription(self) -> dict[str, str]:
        """What the page's script posts to the product."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": _text(point), "auth": _text(self.secret), "name": "Chrome · Linux"}


@dataclass
class PushService:
    """The service: what it answers, which browsers it knows, who signed the messages."""

    url: str = ""
    status: int = 201
    browsers: dict[str, Browser] = field(default_factory=dict)
    contacts: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        path = f"/send/{len(self.browsers)}"
        self.browsers[path] = Browser(f"{self.url}{path}")
        return self.browsers[path]

    def receive(self, path: str, headers: Any, body: bytes) -> int:
        """Deliver one message; 401 without a right signature, 404 for a browser that is not known."""
        if not Vapid02.verify(headers.get("Authorization", "")):
            return 401
        claims = headers["Authorization"].split("t=")[1].split(".")[1]
        self.contacts.append(json.loads(_unpad(claims))["sub"])
        browser = self.browsers.get(path)
        if browser is None:
            return 404
        if self.status == 201:
            text = http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.secret)
            browser.shown.append(json.loads(text))
        return self.status


def _unpad(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def push_service() -> Iterator[PushService]:
    """The service, on a free port of the loopback."""
    held = PushService()

    class Answering(Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(held.receive(self.path, self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

    with listening(Answering) as port:
        held.url = f"http://127.0.0.1:{port}"
        yield held
