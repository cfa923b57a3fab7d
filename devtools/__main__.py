"""`python -m devtools <command>`: the entry point behind the Makefile."""

import argparse
import os
import sys

from devtools import testing


def main() -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("test-db", help="start the test services, build the template, print the environment")
    commands.add_parser("stop-tests", help="stop the test services")
    chosen = parser.parse_args()
    if chosen.command == "test-db":
        print_test_environment()
    elif chosen.command == "stop-tests":
        testing.stop_services()
    return 0


def print_test_environment() -> None:
    """`export KEY=value` lines for a shell, and the name of the template database."""
    template = testing.ensure_template(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.test"))
    for key, value in {**testing.ensure_cluster(), "THERMO_TEST_TEMPLATE": template}.items():
        print(f"export {key}={value}")


if __name__ == "__main__":
    sys.exit(main())
