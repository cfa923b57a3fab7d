"""`python -m tests.fakes.stripe`: the server as a process of its own, for `make run`."""

import argparse
import signal
import threading
from pathlib import Path

from .client import StripeServer
from .settings import SECRET_KEY, Settings


def main() -> None:
    """Read the command line, then serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, help="JSON file that keeps the account between two starts")
    parser.add_argument("--secret-key", default=SECRET_KEY)
    parser.add_argument("--webhook-url", help="address to tell of every event; registered once")
    parser.add_argument("--webhook-secret", help="its signing secret (whsec_…); chosen by the server when left out")
    parser.add_argument("--public-url", default="", help="address of the hosted pages, when a proxy stands between")
    chosen = parser.parse_args()
    settings = Settings(secret_key=chosen.secret_key)
    server = StripeServer(
        port=chosen.port, settings=settings, state_file=chosen.state, public_url=chosen.public_url.rstrip("/")
    )
    server.start()
    if chosen.webhook_url:
        server.tell(chosen.webhook_url, chosen.webhook_secret)
    print(f"Local Stripe on {server.url} (controls at {server.url}/)", flush=True)  # noqa: T201
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_received: stopped.set())
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
