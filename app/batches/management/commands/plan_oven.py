"""Oven loads from a file to a file; no database, no network."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.batches.planner.files import write_plan
from app.batches.planner.instance import InstanceError, read_instance
from app.batches.planner.plan import PlanError
from app.batches.planner.solve import plan_oven, warm_up


class Command(BaseCommand):
    help = "Plan oven loads: reads the format oven-plan/1, writes oven-plan-solution/1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", type=Path, help="the file to plan")
        parser.add_argument("--output", type=Path, help="where the plan goes")
        parser.add_argument("--compile", action="store_true", help="only prepare the compiled parts")

    def handle(self, *args: Any, **options: Any) -> None:
        warm_up()
        if options["compile"]:
            return
        if not options["input"] or not options["output"]:
            raise CommandError("--input and --output are needed")
        try:
            instance = read_instance(json.loads(options["input"].read_text()))
            plan = plan_oven(instance)
        except InstanceError as error:
            raise CommandError("\n".join(error.problems)) from error
        except (OSError, ValueError, PlanError) as error:
            raise CommandError(str(error)) from error
        options["output"].write_text(json.dumps(write_plan(instance, plan)))
        self.stdout.write(f"{len(plan.loads)} loads, {len(plan.unplaced)} lines that no load can take")
