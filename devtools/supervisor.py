"""`make run`: start every part of the product, watch them, stop them all together."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

from devtools import environment, preparation, services, system
from devtools.locks import try_exclusive
from devtools.paths import data_dir
from devtools.postgres import APP, OWNER, PostgresCluster, answers
from devtools.processes import ServiceError, alive, command_line, free_port, stop_pid, tail, wait_until
from devtools.redisserver import RedisServer

DATABASE = "thermo"
#: The only key that the local payment service knows (tests/fakes/stripe); it opens nothing elsewhere.
LOCAL_STRIPE_KEY = "sk_test_local0000000000000000000"
#: What the local shop signs with (tests/fakes/prestashop).
LOCAL_SHOP_SECRET = "secret-de-la-boutique-locale"
PUBLISHED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_API_BASE",
    "THERMO_BASE_URL",
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEYS",
    "VAPID_PRIVATE_KEY",
    "CATALOGUE_URL",
    "CATALOGUE_SECRET",
)
RESTARTS, WITHIN_SECONDS = 3, 60.0


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass
class Supervisor:
    """Owns the processes from the first to the last, whatever happens between."""

    given: dict[str, str] = field(default_factory=environment.base_environment)
    running: dict[str, services.Service] = field(default_factory=dict)
    restarts: dict[str, list[float]] = field(default_factory=dict)

    def run(self) -> int:
        """Start, watch until told to stop, stop. The exit code."""
        lock = try_exclusive(data_dir() / "run.lock")
        if lock is None:
            print(f"ThermoGestion already runs from this folder: see {data_dir() / 'run.json'}")
            return 1
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _request_stop)
        try:
            self._start()
            self._watch()
        except StopRequestedError:
            print("\nStopping …", flush=True)
            return 0
        except ServiceError as error:
            print(f"\n{error}", flush=True)
            return 1
        finally:
            self._stop()
            lock.close()

    def _start(self) -> None:
        """Services, preparation, then the processes of the product."""
        started = time.monotonic()
        _stop_what_a_crash_left()
        print("Preparing ThermoGestion", flush=True)
        system.ensure_libraries()
        self._start_data_services()
        preparation.prepare_messages(self.given)
        built = preparation.prepare_build(self.given)
        preparation.prepare_database(self.given, database=self._database_name(), built=built)
        self._start_product()
        if "payments" in self.running:
            preparation.prepare_payments(self.given, database=self._database_name())
        self._announce(time.monotonic() - started)

    def _start_data_services(self) -> None:
        """PostgreSQL, Redis and the mail catcher, each unless the environment names another."""
        logs, given = data_dir() / "logs", self.given
        if not given.get("DATABASE_URL"):
            postgres = PostgresCluster(data_dir() / "postgres", logs / "postgres.log")
            self._add("postgres", postgres)
            if postgres.ensure_database(DATABASE):
                preparation.forget_database("embedded")
            given["DATABASE_URL"] = postgres.url(APP, DATABASE)
            given["DATABASE_OWNER_URL"] = postgres.url(OWNER, DATABASE)
        elif not answers(given["DATABASE_URL"]):
            raise ServiceError("The database of DATABASE_URL does not answer, or refuses this user.")
        if not given.get("REDIS_URL"):
            redis = RedisServer(data_dir() / "redis", logs / "redis.log")
            self._add("redis", redis)
            given["REDIS_URL"] = redis.url()
        if not given.get("EMAIL_URL"):
            port = free_port(1025)
            self._add("mail", services.mail_catcher(logs, given, port=port, folder=data_dir() / "mail"))
            given["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        if "STRIPE_SECRET_KEY" not in given:
            self._start_payments()
        if "CATALOGUE_URL" not in given:
            self._start_shop()

    def _start_payments(self) -> None:
        """The local payment service. An empty STRIPE_SECRET_KEY leaves it out: the product says what is missing."""
        port = free_port(12111)
        state = data_dir() / "payments" / "account.json"
        state.parent.mkdir(parents=True, exist_ok=True)
        self._add("payments", services.payments(data_dir() / "logs", self.given, port=port, state=state))
        self.given |= {"STRIPE_SECRET_KEY": LOCAL_STRIPE_KEY, "STRIPE_API_BASE": f"http://127.0.0.1:{port}"}

    def _start_shop(self) -> None:
        """The local shop of the powder maker. An empty CATALOGUE_URL leaves it out: the catalogue stays empty."""
        port = free_port(12112)
        self._add("shop", services.shop(data_dir() / "logs", self.given, port=port))
        wait_until(
            lambda: _responds(f"http://127.0.0.1:{port}/"),
            seconds=30,
            what="The local shop",
            log=self.running["shop"].log,
        )
        self.given |= {"CATALOGUE_URL": f"http://127.0.0.1:{port}/export", "CATALOGUE_SECRET": LOCAL_SHOP_SECRET}

    def _start_product(self) -> None:
        """The web server first, because it is what one waits for."""
        logs, given = data_dir() / "logs", self.given
        host = given.get("THERMO_HOST", "127.0.0.1")
        port = free_port(int(given.get("THERMO_PORT", "8000")))
        given.setdefault("THERMO_BASE_URL", f"http://127.0.0.1:{port}")
        environment.publish(given, PUBLISHED)
        local = f"http://127.0.0.1:{port}"
        self._add("web", services.web(logs, given, bind=f"{host}:{port}"))
        self._add("worker", services.worker(logs, given))
        web = self.running["web"]
        wait_until(
            lambda: _responds(f"{local}/healthz"), seconds=90, what="The web server", log=web.log, process=web.process
        )
        # What nobody waits for comes after: each that loads beside them would make the server's start longer.
        self._add("beat", services.beat(logs, given, schedule=data_dir() / "beat" / "schedule"))
        # Last, so that a start is not measured as an outage; it looks where the server listens.
        self._add("probe", services.probe(logs, {"STATUS_TARGET": local, **given}))

    def _add(self, name: str, service: services.Service) -> None:
        """Start a service and remember it, even when its start fails half-way."""
        self.running[name] = service
        service.start()

    def _database_name(self) -> str:
        """What tells this installation's database from another in the record of done steps."""
        return "embedded" if "postgres" in self.running else self.given["DATABASE_URL"].rpartition("@")[2]

    def _announce(self, seconds: float) -> None:
        """Write run.json for programs, print the same for people."""
        facts = self._facts()
        environment.write_private(data_dir() / "run.json", json.dumps(facts, indent=2, ensure_ascii=False))
        print(f"\nThermoGestion is ready ({seconds:.0f} s). Ctrl-C stops everything.\n")
        for name, address in facts["addresses"].items():
            print(f"  {name:<8} {address}")
        for person in facts["sign_ins"]:
            print("  sign in  " + " · ".join(str(value) for value in person.values() if value))
        print(f"\n  All of it, with one-time-code secrets, as JSON: {data_dir() / 'run.json'}\n", flush=True)

    def _facts(self) -> dict[str, Any]:
        """Addresses, process numbers, folders and sign-ins."""
        base = self.given["THERMO_BASE_URL"].rstrip("/")
        demo = data_dir() / "demo.json"
        addresses = {"site": f"{base}/", "sign-in": f"{base}/compte/login/", "editor": f"{base}/cms/"}
        addresses |= {"mails": f"{base}/dev/mails/", "patterns": f"{base}/patterns/", "health": f"{base}/sante/pret"}
        if "payments" in self.running:
            addresses["payments"] = f"{self.given['STRIPE_API_BASE']}/"
        addresses["status"] = f"{base}/status/"
        addresses["backoffice"] = f"{base}/editeur/connexion/"
        loaded = json.loads(demo.read_text()) if demo.exists() else {}
        return {
            "base_url": base,
            "addresses": addresses,
            "sign_ins": loaded.get("sign_ins", []),
            "demo": {key: value for key, value in loaded.items() if key != "sign_ins"},
            "supervisor_pid": os.getpid(),
            "pids": self._pids(),
            "data": str(data_dir()),
            "logs": str(data_dir() / "logs"),
            "environment_file": str(data_dir() / "env"),
        }

    def _pids(self) -> dict[str, int]:
        """The process number of each running service."""
        return {name: service.process.pid for name, service in self.running.items() if service.process}

    def _watch(self) -> NoReturn:
        """Restart what dies; give up on what keeps dying."""
        while True:
            time.sleep(0.3)
            for name, service in self.running.items():
                if service.process is not None and service.process.poll() is not None:
                    self._restart(name, service)

    def _restart(self, name: str, service: services.Service) -> None:
        """Start a dead service again at its address, at most three times a minute."""
        code = service.process.returncode if service.process else None
        print(f"{name} stopped (code {code}). Last lines of {service.log}:\n{tail(service.log, 15)}", flush=True)
        now = time.monotonic()
        recent = [moment for moment in self.restarts.get(name, []) if now - moment < WITHIN_SECONDS]
        if len(recent) >= RESTARTS:
            raise ServiceError(f"{name} keeps stopping: giving up. Its log: {service.log}")
        self.restarts[name] = [*recent, now]
        service.stop()
        service.start()
        print(f"{name} restarted", flush=True)
        facts = self._facts()
        environment.write_private(data_dir() / "run.json", json.dumps(facts, indent=2, ensure_ascii=False))

    def _stop(self) -> None:
        """Stop in the reverse order, so that no task loses its database."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for service in reversed(self.running.values()):
            service.stop()
        for name in ("run.json", "env"):
            (data_dir() / name).unlink(missing_ok=True)


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopRequestedError


def _stop_what_a_crash_left() -> None:
    """Stop the processes of a run whose supervisor was killed, if the kernel has not already."""
    try:
        pids: dict[str, int] = json.loads((data_dir() / "run.json").read_text())["pids"]
    except (OSError, ValueError, KeyError):
        return
    ours = ("gunicorn", "celery", "manage.py probe", "devtools.mailcatcher", "tests.fakes", "redis-server")
    marks = (*ours, str(data_dir() / "postgres"))
    for pid in reversed(pids.values()):
        if alive(pid) and any(mark in command_line(pid) for mark in marks):
            stop_pid(pid, first=signal.SIGINT)


def _responds(url: str) -> bool:
    """Whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
