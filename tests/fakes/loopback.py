"""Where a local service listens: a free port of the loopback, for as long as it is wanted."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """A handler that writes nothing to the terminal."""

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def listening(handler: type[Handler]) -> Iterator[int]:
    """Serve requests with this handler; the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
