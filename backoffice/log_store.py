"""Lines of log on their way to the publisher's page: from every process into a list of Redis, which a job empties.

A line never costs its writer more than TIMEOUT, takes part in no transaction, and is dropped when Redis does not answer
or when too many wait: standard output has it anyway. This module is read with the settings: no model, no translation.
"""

import logging
import time

import redis

KEY = "log_store"
MOST_WAITING = 10_000
TIMEOUT = 0.25  # seconds
PAUSE = 30.0  # seconds without trying, once Redis has not answered


class StoreHandler(logging.Handler):
    """Leaves each line, as its formatter writes it; a failure is never the writer's."""

    def __init__(self, url: str, level: int | str = logging.WARNING) -> None:
        super().__init__(level)
        self._client = client(url)
        self._silent_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Leave one line."""
        if time.monotonic() < self._silent_until:
            return
        try:
            line = self.format(record).encode("utf-8", "replace")
            with self._client.pipeline() as pipe:
                pipe.rpush(KEY, line)
                pipe.ltrim(KEY, -MOST_WAITING, -1)
                pipe.execute()
        except redis.RedisError:
            self._silent_until = time.monotonic() + PAUSE
        except Exception:  # noqa: S110  a line that cannot be written: what was being done goes on
            pass


def client(url: str) -> redis.Redis:
    """A connection that does not make anybody wait."""
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def take(url: str, most: int) -> list[bytes]:
    """The oldest lines, taken out of the list."""
    with client(url) as connection, connection.pipeline() as pipe:
        pipe.lrange(KEY, 0, most - 1)
        pipe.ltrim(KEY, most, -1)
        lines: list[bytes] = pipe.execute()[0]
        return lines


def give_back(url: str, lines: list[bytes]) -> None:
    """Put back, first, lines that could not be kept."""
    if lines:
        with client(url) as connection:
            connection.lpush(KEY, *reversed(lines))
