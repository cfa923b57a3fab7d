"""The token endpoint of a mail provider: codes become tokens, refresh tokens work until they are revoked."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import Handler, listening


@dataclass
class Authority:
    """What it would grant, and what it was asked."""

    port: int = 0
    address: str = "contact@vulcain.test"
    challenge: str = ""
    codes: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    access_token: str = "access-1"
    down: bool = False
    requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def token_url(self) -> str:
        """The address of the endpoint."""
        return f"http://127.0.0.1:{self.port}/token"

    def consent(self, authorize_url: str) -> str:
        """What the provider does when the person agrees: remember the challenge, give a code."""
        self.challenge = parse_qs(urlsplit(authorize_url).query)["code_challenge"][0]
        self.codes.add("code-1")
        return "code-1"

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        """The status and the JSON of one request."""
        self.requests.append(form)
        if self.down:
            return 503, {"error": "temporarily_unavailable"}
        if form["grant_type"] == "authorization_code":
            verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
            proven = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == self.challenge
            if form["code"] not in self.codes or not proven:
                return 400, {"error": "invalid_grant", "error_description": "bad code"}
            self.codes.remove(form["code"])
            self.refresh_tokens.add("refresh-1")
            return 200, {"access_token": self.access_token, "refresh_token": "refresh-1", "id_token": self._identity()}
        if form["refresh_token"] not in self.refresh_tokens:
            return 400, {"error": "invalid_grant", "error_description": "token revoked"}
        return 200, {"access_token": self.access_token}

    def _identity(self) -> str:
        claims = base64.urlsafe_b64encode(json.dumps({"email": self.address}).encode()).rstrip(b"=").decode()
        return f"e30.{claims}.signature"


@contextmanager
def oauth_server() -> Iterator[Authority]:
    """Start the endpoint on a free port of 127.0.0.1."""
    authority = Authority()

    class Answering(Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = authority.answer({key: values[0] for key, values in parse_qs(body).items()})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with listening(Answering) as port:
        authority.port = port
        yield authority
