"""Oven loads from a file to a file; no database, no network."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from time import CLOCK_BOOTTIME, clock_gettime, perf_counter, process_time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.batches.planner.files import named_as_given, write_plan
from app.batches.planner.instance import Instance, InstanceError, read_tolerantly
from app.batches.planner.plan import Plan, PlanError, ShortHoursError, Unfit, unfit_of
from app.batches.planner.solve import plan_oven, warm_up

#: Longer than so many seconds for one of the processor, a process was something else before.
SLOWEST_PACE = 20
#: Why no hours are ever found for a line that fits in the oven.
HOURLESS: dict[Unfit | None, str] = {
    Unfit.CYCLE: "its cycle is longer than every window of the calendar",
    Unfit.RELEASE: "it is there only after the last window that holds its cycle",
}


def seconds_in_process() -> float:
    """How long this process has been there; where the system does not tell, how long the processor worked for it."""
    try:
        began = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        age = clock_gettime(CLOCK_BOOTTIME) - began
    except (OSError, ValueError, IndexError):
        return process_time()
    return age if age < SLOWEST_PACE * process_time() else process_time()


class Command(BaseCommand):
    help = "Plan oven loads: reads the format oven-plan/1, writes oven-plan-solution/1."
    requires_system_checks: list[str] = []
    #: When the time given began, as `perf_counter` counts.
    since: float | None = None

    def run_from_argv(self, argv: list[str]) -> None:
        """From the shell, the time given is that of the whole command: it began with the process."""
        self.since = perf_counter() - seconds_in_process()
        super().run_from_argv(argv)

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
            data = self._decoded(options["input"])
            reading = read_tolerantly(data)
            plan = plan_oven(reading.instance, since=self.since, pace=self._pace())
        except (InstanceError, ShortHoursError) as error:
            raise CommandError("\n".join(error.problems)) from error
        except (OSError, ValueError, PlanError) as error:
            raise CommandError(str(error)) from error
        plan = Plan(plan.loads, (*plan.unplaced, *reading.left_out))
        written = named_as_given(write_plan(reading.instance, plan), data)
        problems = [*reading.problems, *self._without_hours(reading.instance, plan)]
        more = {"problems": problems} if problems else {}
        try:
            options["output"].write_text(json.dumps({**written, **more}))
        except OSError as error:
            raise CommandError(str(error)) from error
        for problem in problems:
            self.stderr.write(problem)
        self.stdout.write(f"{len(plan.loads)} loads, {len(plan.unplaced)} lines that no load can take")

    def _decoded(self, path: Path) -> Any:
        """What the file holds; CommandError when it is no JSON, or nested deeper than any problem."""
        try:
            return json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{path}: not a JSON file that can be read ({error})") from error

    def _without_hours(self, instance: Instance, plan: Plan) -> Iterator[str]:
        """A sentence for each line that fits in the oven and never in its hours: the format has no word for it."""
        left = set(plan.unplaced)
        for line in instance.lines:
            if line.id in left and (why := HOURLESS.get(unfit_of(instance, line))):
                yield f"parts {line.id}: {why}"

    def _pace(self) -> float:
        """How many seconds pass for one of the processor: one where nothing else works."""
        return 1.0 if self.since is None else max(1.0, (perf_counter() - self.since) / process_time())
