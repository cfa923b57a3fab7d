"""Oven loads from a file to a file; no database, no network."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.batches.planner.files import write_plan
from app.batches.planner.instance import InstanceError, read_tolerantly
from app.batches.planner.plan import Plan, PlanError
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
            reading = read_tolerantly(json.loads(options["input"].read_text()))
            plan = plan_oven(reading.instance)
        except InstanceError as error:
            raise CommandError("\n".join(error.problems)) from error
        except (OSError, ValueError, PlanError) as error:
            raise CommandError(str(error)) from error
        plan = Plan(plan.loads, (*plan.unplaced, *reading.left_out))
        written = write_plan(reading.instance, plan)
        options["output"].write_text(
            json.dumps({**written, "problems": reading.problems} if reading.problems else written)
        )
        for problem in reading.problems:
            self.stderr.write(problem)
        self.stdout.write(f"{len(plan.loads)} loads, {len(plan.unplaced)} lines that no load can take")
