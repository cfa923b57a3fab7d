"""A server that takes errors as Sentry does: envelopes posted to a project, compressed, with its public key."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import brotli

from .loopback import Handler, listening

KEY = "0123456789abcdef0123456789abcdef"
PROJECT = "7"
UNPACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass
class Inbox:
    """What arrived: the events, the paths they were posted to, and the bodies as they came."""

    dsn: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    #: The status answered; 429 and 500 are what a client must survive.
    status: int = 200

    def take(self, path: str, body: bytes) -> None:
        """Keep the events of an envelope: a header line, then for each item its header and its payload."""
        self.paths.append(path)
        self.bodies.append(body.decode())
        lines = iter(body.split(b"\n"))
        next(lines)
        for line in lines:
            if line and json.loads(line).get("type") == "event":
                self.events.append(json.loads(next(lines)))


@contextmanager
def sentry() -> Iterator[Inbox]:
    """The server, on a free port of the loopback."""
    inbox = Inbox()

    class Taking(Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key_is_right = f"sentry_key={KEY}" in self.headers.get("X-Sentry-Auth", "")
            if key_is_right and inbox.status == 200:
                inbox.take(self.path, UNPACK[self.headers.get("Content-Encoding", "")](body))
            self.send_response(inbox.status if key_is_right else 401)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    with listening(Taking) as port:
        inbox.dsn = f"http://{KEY}@127.0.0.1:{port}/{PROJECT}"
        yield inbox
