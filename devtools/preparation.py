"""The steps before the processes start, each skipped while what it reads has not changed."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from devtools import catalogues
from devtools.paths import BUILT, REPOSITORY, data_dir
from devtools.processes import ServiceError, spawn, stop, tail
from devtools.testing import migrations_fingerprint

#: A management command that loads content into a new database, with the files that make it run again.
Seed = tuple[str, tuple[str, ...]]
SEED_COMMANDS: tuple[Seed, ...] = (
    ("load_catalogue", ("app/powders/data/*",)),
    ("load_plans", ("app/billing/constants.py", "app/billing/presets.py")),
    ("load_site", ("site/*/content/**/*", "helpcenter/content/**/*")),
    ("read_catalogue", ("integrations/prestashop/samples/*",)),
)
#: The one that prints documents and plans the oven: it needs what is built.
DEMONSTRATION: Seed = ("load_demo", ("app/dataio/demo/**/*",))

#: The note of the steps that succeeded, in its folder.
PREPARED = "prepared.json"


def prepare_assets(environment: Mapping[str, str]) -> None:
    """Install the front-end packages and build static/dist, with the Node.js of the lock file."""
    once("packages", ["package.json", "package-lock.json"], _install_packages, environment, made="node_modules")
    inputs = ["package-lock.json", "assets/**/*", "templates/**/*.html", "app/**/*.py", "site/**/*.py"]
    once("assets", inputs, _build_assets, environment, made="static/dist")


def prepare_messages(environment: Mapping[str, str]) -> None:
    """Compile the translations."""
    made = "locale/fr/LC_MESSAGES/django.mo"
    once("messages", ["locale/*/LC_MESSAGES/*.po"], _compile_messages, environment, made=made)


def prepare_planner(environment: Mapping[str, str]) -> None:
    """Compile the planner of oven loads: never within the time that it is given."""
    made = "app/batches/planner/__pycache__"
    once("planner", ["uv.lock", "app/batches/planner/*.py"], _compile_planner, environment, made=made)


def prepare_build(environment: Mapping[str, str]) -> Future[None]:
    """Build assets and planner beside the steps of the database, which need neither before the demonstration.

    `result()` waits for them and raises what went wrong. Whoever ends before leaves nothing: the thread dies with its
    process, and the kernel ends what it has started.
    """
    built: Future[None] = Future()

    def build() -> None:
        try:
            prepare_assets(environment)
            prepare_planner(environment)
        except BaseException as error:
            built.set_exception(error)
        else:
            built.set_result(None)

    Thread(target=build, name="build", daemon=True).start()
    return built


def prepare_database(environment: Mapping[str, str], *, database: str, built: Future[None]) -> None:
    """Migrate, then load the content of a new installation. `database` tells one installation from another."""
    run_once(f"migrate {database}", migrations_fingerprint(), lambda: manage(environment, "migrate", "--no-input"))
    _furnish(environment, database, SEED_COMMANDS)
    built.result()
    _furnish(environment, database, [DEMONSTRATION])


def _furnish(environment: Mapping[str, str], database: str, seeds: Iterable[Seed]) -> None:
    """Run in one process those whose inputs have changed: starting takes longer than most of them do."""
    versions = {command: fingerprint(inputs) for command, inputs in seeds}
    due = [command for command, version in versions.items() if _done().get(f"{command} {database}") != version]
    if due:
        print(f"  {', '.join(due)} …", flush=True)
        manage(environment, "furnish", *due)
        _record({**_done(), **{f"{command} {database}": versions[command] for command in due}})


def prepare_payments(environment: Mapping[str, str], *, database: str) -> None:
    """Put the catalogue into the local payment service; again when the product's address or the catalogue changes."""
    name = f"billing_setup {database}"
    if not (data_dir() / "payments" / "account.json").exists():
        _record({key: value for key, value in _done().items() if key != name})
    version = f"{environment['THERMO_BASE_URL']} {fingerprint(['app/billing/**/*.py'])}"
    run_once(name, version, lambda: manage(environment, "billing_setup"))


def forget_database(database: str) -> None:
    """The database is new: whatever was done in its predecessor must be done again."""
    _record({name: version for name, version in _done().items() if not name.endswith(f" {database}")})


def once(
    name: str,
    inputs: Iterable[str],
    step: Callable[[Mapping[str, str]], None],
    environment: Mapping[str, str],
    made: str = "",
) -> None:
    """Run a step that builds into the repository, unless its inputs are those of last time and what it made is there.

    Noted beside the repository, not in the data folder: a second data folder must not build again under a first one.
    """
    if made and not (REPOSITORY / made).exists():
        _record({key: value for key, value in _done(BUILT).items() if key != name}, BUILT)
    run_once(name, fingerprint(inputs), lambda: step(environment), BUILT)


def run_once(name: str, version: str, step: Callable[[], None], folder: Path | None = None) -> None:
    """Run a step unless it succeeded with this version, as noted in the folder: the data folder, unless told."""
    if _done(folder).get(name) == version:
        return
    print(f"  {name.split()[0]} …", flush=True)
    step()
    _record({**_done(folder), name: version}, folder)


def fingerprint(patterns: Iterable[str]) -> str:
    """One hash of the names and contents of the files that match, seen from the repository."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in REPOSITORY.glob(pattern) if path.is_file()}):
        if path.suffix in {".pyc", ".mo"}:
            continue
        digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    """Run manage.py; a failure shows the end of its output."""
    run([sys.executable, "manage.py", *arguments], environment)


def run(command: list[str], environment: Mapping[str, str]) -> None:
    """Run one preparation program to its end, its output in logs/prepare.log."""
    log = data_dir() / "logs" / "prepare.log"
    process = spawn(command, log=log, environment=environment, folder=REPOSITORY)
    try:
        code = process.wait()
    finally:
        stop(process)
    if code:
        raise ServiceError(f"`{' '.join(command[-2:])}` failed with code {code}:\n{tail(log, 40)}")


def _install_packages(environment: Mapping[str, str]) -> None:
    run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], environment)


def _build_assets(environment: Mapping[str, str]) -> None:
    run([*_npm(), "run", "build"], environment)


def _npm() -> list[str]:
    """npm of the nodejs wheel, which also puts its own node first on the path."""
    return [str(Path(sys.executable).with_name("npm"))]


def _compile_messages(environment: Mapping[str, str]) -> None:
    catalogues.compile_all()


def _compile_planner(environment: Mapping[str, str]) -> None:
    manage(environment, "plan_oven", "--compile")


def _done(folder: Path | None = None) -> dict[str, str]:
    """What succeeded, by step."""
    try:
        found: dict[str, str] = json.loads(((folder or data_dir()) / PREPARED).read_text())
    except (OSError, ValueError):
        return {}
    return found


def _record(done: dict[str, str], folder: Path | None = None) -> None:
    kept = (folder or data_dir()) / PREPARED
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(done, indent=1))
