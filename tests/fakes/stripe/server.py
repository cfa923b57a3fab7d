"""The HTTP side: API calls, hosted pages and controls on one port, one at a time."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .api import Answer, Request
from .pages.html import Page

#: Given a request, answer it: JSON for the API, a page for people.
Handle = Callable[[Request], Answer | Page | None]


class HttpServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `handle` answers."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle_call = handle
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection: clients keep theirs open for the next call."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        self._open.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        """Listen no more and break the connections that clients keep open."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet: without this, each answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: HttpServer

    def _serve(self) -> None:
        target = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode() if length else ""
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.handle_call(Request(self.command, target.path, target.query, body, headers))
        if answer is None or (isinstance(answer, Answer) and answer.hang_up):
            self._hang_up()
        elif isinstance(answer, Answer):
            headers = {"Content-Type": "application/json", **answer.headers}
            self._send(answer.status, headers, json.dumps(answer.body, indent=2).encode())
        else:
            self._send(answer.status, answer.headers, answer.content)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _hang_up(self) -> None:
        """Close without a word: the client cannot know what was done."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = _serve

    def log_message(self, format: str, *args: object) -> None:
        """The calls are logged by the API itself."""
