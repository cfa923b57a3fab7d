"""`python -m devtools <command>`: the entry point behind the Makefile."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from devtools import catalogues, clock, environment, features, preparation, system, testing
from devtools.paths import REPOSITORY
from devtools.processes import ServiceError
from devtools.supervisor import Supervisor


def main() -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the whole product and watch it until Ctrl-C")
    commands.add_parser("prepare-planner", help="compile the planner of oven loads, which is done at the installation")
    commands.add_parser(
        "prepare-tests", help="what the tests need before pytest: libraries, browsers, assets, messages"
    )
    commands.add_parser("messages", help="compile the translations")
    commands.add_parser("check-messages", help="fail when a French message is missing or fuzzy")
    commands.add_parser("check-migrations", help="fail when a model has changed without its migration")
    commands.add_parser("test-db", help="start the test services, build the template, print the environment")
    commands.add_parser("stop-tests", help="stop the test services")
    moving = commands.add_parser("advance", help="let days pass at the local payment server of `make run`")
    moving.add_argument("days", type=float)
    commands.add_parser("features", help="refresh docs/features.md from the tests")
    actions: dict[str, Callable[[], int]] = {
        "run": lambda: Supervisor().run(),
        "prepare-planner": prepare_planner,
        "prepare-tests": prepare_tests,
        "messages": compile_messages,
        "check-messages": check_messages,
        "check-migrations": check_migrations,
        "test-db": print_test_environment,
        "stop-tests": stop_tests,
        "features": write_features,
    }
    chosen = parser.parse_args()
    try:
        if chosen.command == "advance":
            clock.advance(chosen.days)
            return 0
        return actions[chosen.command]()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


def prepare_planner() -> int:
    """Compile the planner, unless it has been since it last changed."""
    preparation.prepare_planner(environment.base_environment())
    return 0


def prepare_tests() -> int:
    """Bring everything that pytest itself cannot."""
    system.ensure_libraries()
    variables = environment.base_environment()
    preparation.prepare_messages(variables)
    built = preparation.prepare_build(variables)
    system.ensure_browsers()
    system.ensure_php()
    built.result()
    return 0


def compile_messages() -> int:
    """Compile every catalogue."""
    print(f"{catalogues.compile_all()} catalogues compiled")
    return 0


def check_messages() -> int:
    """The French catalogue is complete, or its gaps are printed."""
    french = [source for source in catalogues.sources() if "/fr/" in str(source)]
    found = [problem for source in french for problem in catalogues.problems(source)] if french else ["no catalogue"]
    print("\n".join(found) if found else "The French catalogue is complete")
    return 1 if found else 0


def check_migrations() -> int:
    """makemigrations --check, on the database of the tests."""
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    return subprocess.run(command, cwd=REPOSITORY, env=variables, check=False).returncode


def stop_tests() -> int:
    """Stop the services of the tests."""
    testing.stop_services()
    return 0


def write_features() -> int:
    """docs/features.md, from the markers of the tests."""
    features.write()
    return 0


def print_test_environment() -> int:
    """`export KEY=value` lines for a shell, and the name of the template database."""
    template = testing.ensure_template(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.test"))
    for key, value in {**testing.ensure_cluster(), "THERMO_TEST_TEMPLATE": template}.items():
        print(f"export {key}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
