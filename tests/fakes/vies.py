"""A local VIES: the European Commission's check of VAT numbers, with the same addresses and answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.loopback import Handler, listening


@dataclass
class Vies:
    """Which numbers exist, what the service does instead of answering, and what it was asked."""

    url: str = ""
    valid: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """What POST /check-vat-number says."""
        self.asked.append(body)
        if self.problem:
            return {"actionSucceed": False, "errorWrappers": [{"error": self.problem}]}
        number = f"{body['countryCode']}{body['vatNumber']}"
        proof = "WAPIAAAAX1234567" if body.get("requesterNumber") else ""
        return {
            "countryCode": body["countryCode"],
            "vatNumber": body["vatNumber"],
            "requestDate": "2026-11-20T10:00:00.000Z",
            "valid": number in self.valid,
            "requestIdentifier": proof,
            "name": self.valid.get(number, "---"),
            "address": "---",
        }


@contextmanager
def vies_server() -> Iterator[Vies]:
    """The service, on a free port of the loopback."""
    held = Vies()

    class Answering(Handler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(held.answer(body)).encode()
            self.send_response(200 if self.path.endswith("/check-vat-number") else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with listening(Answering) as port:
        held.url = f"http://127.0.0.1:{port}"
        yield held
