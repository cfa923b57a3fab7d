"""The services of the test suite: one throwaway PostgreSQL and Redis, a migrated template, a copy per worker.

A guard process owns both servers. It lives as long as a test process uses it and some minutes more, so
that the next run starts at once; `python -m devtools stop-tests` ends it now.
"""

import ast
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import psycopg

from devtools import postgres, redisserver
from devtools.locks import exclusive, hold_shared
from devtools.paths import REPOSITORY, data_dir
from devtools.processes import ServiceError, alive, command_line, stop_pid, tail

#: Where migrations and models are.
TOPS = ("app", "site", "backoffice", "helpcenter", "status")
#: What the grants of a table are derived from (app/tenancy/rls.py).
RIGHTS = (b"app_rights", b"platform_rights")
_in_use: list[IO[str]] = []
_guard: list[subprocess.Popen[bytes]] = []  # kept, or Python complains of a forgotten child


def folder() -> Path:
    """Where the test services keep their files."""
    return data_dir() / "test"


def ensure_cluster() -> dict[str, str]:
    """Start or join the test services; the environment that tests need.

    Safe to call from any number of processes at once. Keys: DATABASE_ADMIN_URL (superuser, for refusal
    tests only), DATABASE_OWNER_URL, DATABASE_URL (all on the database `postgres`) and REDIS_URL, a Redis
    database of its own per xdist worker.
    """
    if not _in_use:
        _in_use.append(hold_shared(folder() / "in-use.lock"))
    with exclusive(folder() / "start.lock"):
        state = _running_state() or _start_guard()
    return {
        "DATABASE_ADMIN_URL": state["admin"],
        "DATABASE_OWNER_URL": state["admin"].replace(f"//{postgres.SUPERUSER}@", f"//{postgres.OWNER}@"),
        "DATABASE_URL": state["admin"].replace(f"//{postgres.SUPERUSER}@", f"//{postgres.APP}@"),
        "REDIS_URL": f"{state['redis'].rpartition('/')[0]}/{_redis_database()}",
    }


def ensure_template(settings: str = "config.settings.test") -> str:
    """The name of a migrated database for the present migrations, built when it is missing.

    A full migrate takes half a minute; a copy takes a second. Older templates are dropped.
    """
    environment = ensure_cluster()
    admin = environment["DATABASE_ADMIN_URL"]
    name = f"thermo_template_{migrations_fingerprint()}"
    with exclusive(folder() / "template.lock"):
        if name in _databases(admin, "thermo_template_%"):
            return name
        building = "thermo_building"
        postgres.drop_database(admin, building)
        postgres.ensure_database(admin, building)
        _migrate(environment, building, settings)
        for old in _databases(admin, "thermo_template_%"):
            postgres.drop_database(admin, old)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {building} RENAME TO {name}".encode())
    return name


def worker_database(template: str) -> dict[str, str]:
    """A fresh copy of the template for this test process; the environment that points at it.

    It is named after the process, so two runs at once do not meet; what killed runs left is dropped.
    """
    environment = ensure_cluster()
    admin = environment["DATABASE_ADMIN_URL"]
    for left in _databases(admin, "thermo_test_%"):
        if not alive(int(left.split("_")[2])):
            postgres.drop_database(admin, left)
    name = f"thermo_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    postgres.drop_database(admin, name)
    postgres.ensure_database(admin, name, template=template)
    for key in ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL"):
        environment[key] = postgres.with_database(environment[key], name)
    return environment


def drop_worker_database(environment: dict[str, str]) -> None:
    """Remove the database that `worker_database` made."""
    admin = environment["DATABASE_ADMIN_URL"]
    postgres.drop_database(postgres.with_database(admin, "postgres"), admin.rpartition("/")[2])


def stop_services() -> None:
    """Stop the test services at once, whoever uses them."""
    pid = _guard_pid()
    if pid is not None:
        stop_pid(pid, patience=30)


def migrations_fingerprint() -> str:
    """Changes when the migrated database would: migrations, what runs after a migrate, rights, versions, settings."""
    digest = hashlib.sha256()
    sources = sorted(path for top in TOPS for path in (REPOSITORY / top).rglob("*.py"))
    migrations = [path for path in sources if path.parent.name == "migrations"]
    after_migrate = [
        REPOSITORY / "app" / "tenancy" / name for name in ("base.py", "rls.py", "management/commands/migrate.py")
    ]
    settings = [REPOSITORY / "site" / "config" / "settings" / name for name in ("base.py", "test.py")]
    here = REPOSITORY / "devtools" / "testing.py"
    for path in [*migrations, *after_migrate, *settings, here, REPOSITORY / "uv.lock"]:
        digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes() + b"\0")
    for path in sources:
        source = path.read_bytes()
        if any(name in source for name in RIGHTS):
            digest.update("".join(f"{path.relative_to(REPOSITORY)}\0{line}\0" for line in _rights(source)).encode())
    return digest.hexdigest()[:12]


def _rights(source: bytes) -> list[str]:
    """The rights that classes of a module declare: `Entry.app_rights = 'SELECT, INSERT'`, a constant by its value."""
    module = ast.parse(source)
    constants: dict[str, str] = {}
    for line in module.body:
        constants |= _assigned(line)
    return [
        f"{model.name}.{name} = {constants.get(value, value)}"
        for model in ast.walk(module)
        if isinstance(model, ast.ClassDef)
        for line in model.body
        for name, value in _assigned(line).items()
        if name.encode() in RIGHTS
    ]


def _assigned(line: ast.stmt) -> dict[str, str]:
    """The names that a line assigns, each with its value as it is written."""
    targets = line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
    value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
    return {target.id: ast.unparse(value) for target in targets if isinstance(target, ast.Name) and value}


def _migrate(environment: dict[str, str], database: str, settings: str) -> None:
    """Run every migration in a process of its own, as `make run` does."""
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "THERMO_MIGRATING": "1"}
    for key in ("DATABASE_OWNER_URL", "DATABASE_URL"):
        variables[key] = postgres.with_database(environment[key], database)
    variables["REDIS_URL"] = environment["REDIS_URL"]
    for inherited in [key for key in variables if key.startswith("PYTEST_")]:
        del variables[inherited]
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v0"]
    done = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServiceError(f"The test database could not be migrated:\n{done.stdout[-2000:]}{done.stderr[-6000:]}")


def _databases(admin: str, pattern: str) -> list[str]:
    """The names of the databases that match a LIKE pattern."""
    with psycopg.connect(admin, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall()
    return [row[0] for row in found]


def _redis_database() -> int:
    """0 without xdist, else one for each worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0


def _guard_pid() -> int | None:
    """The number of the guard process when it runs."""
    try:
        pid = int(json.loads((folder() / "guard.json").read_text())["pid"])
    except (OSError, ValueError, KeyError):
        return None
    return pid if alive(pid) and "devtools.guard" in command_line(pid) else None


def _running_state() -> dict[str, str] | None:
    """The guard's addresses when everything answers."""
    if _guard_pid() is None:
        return None
    state: dict[str, str] = json.loads((folder() / "guard.json").read_text())
    return state if postgres.answers(state["admin"]) and redisserver.answers(state["redis"]) else None


def _start_guard() -> dict[str, str]:
    """Start the guard and wait until its servers answer."""
    stop_services()
    (folder() / "guard.json").unlink(missing_ok=True)
    log = folder() / "guard.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.guard"],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _guard[:] = [process]
    limit = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < limit:
        state = _running_state()
        if state is not None:
            return state
        time.sleep(0.05)
    raise ServiceError(f"The test services did not start. Last lines of {log}:\n{tail(log)}")
