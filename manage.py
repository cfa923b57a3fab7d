#!/usr/bin/env python
"""Django's command line; puts the two source roots on the path so that it works before installation."""

import gc
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def main() -> None:
    if sys.argv[1:2] == ["plan_oven"]:
        plan_oven()
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line  # the path must be set first

    execute_from_command_line(sys.argv)


def plan_oven() -> None:
    """From a file to a file: without settings and apps, whose loading would take longer than many a plan."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    gc.disable()  # the process ends with its plan: looking for what may be forgotten takes a tenth of its time
    from app.batches.management.commands.plan_oven import Command  # the path must be set first

    Command().run_from_argv(sys.argv)


if __name__ == "__main__":
    main()
