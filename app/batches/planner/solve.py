"""From an instance to a plan, within its time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import Event, Timer
from time import perf_counter

from .instance import Costs, Family, Instance, Line, Oven
from .kernel import Shapes
from .packing import Packing, Race, Seconds, first_packing, pack
from .plan import Load, Plan, PlanError, fits_alone, problems_of
from .prepare import items_of, of_families, shapes_of
from .schedule import Heard, Job, Schedule

#: Two searches with different starts and chance, side by side on two cores.
THREADS = 2
#: Kept from the time given, for the check and the writing: a least, for each piece, and a share for a busy machine.
RESERVE_S, RESERVE_FOR_PIECE_S, RESERVE_SHARE = 0.3, 0.00012, 0.04
#: Share of the time that a first plan may take.
START_SHARE = 0.15

#: Share of the time, cost, and the plan when it is wanted.
Progress = Callable[[float, float, Callable[[], Plan]], None]


def plan_oven(
    instance: Instance, *, cancelled: Event | None = None, progress: Progress | None = None,
    clock: Seconds = perf_counter,
) -> Plan:  # fmt: skip
    """The best plan found in the time of the instance, checked by independent rules before it is given.

    PlanError when there is none. `cancelled` ends the search with the best plan so far; `progress` hears of each better
    plan: share of the time, cost, and a function that gives the plan, not checked yet. `clock` counts the time: a
    benchmark may count that of the processor.
    """
    reserve = RESERVE_S + RESERVE_FOR_PIECE_S * sum(line.quantity for line in instance.lines)
    seconds = max(instance.time_limit_s * (1 - RESERVE_SHARE) - reserve, 0.05)
    wanted = [line for line in instance.lines if line.quantity]
    possible = [line for line in wanted if fits_alone(instance, line)]
    taken = {line.id for line in possible}
    unplaced = tuple(line.id for line in wanted if line.id not in taken)
    if not possible:
        return Plan((), unplaced)
    job = Job(clock() + seconds, cancelled or Event(), _told(progress, unplaced), clock)
    with _rung_after(seconds, job):
        loads = _in_time(instance, possible, job) if instance.schedule else _packed(instance, possible, job)
    plan = Plan(tuple(loads), unplaced)
    problems = problems_of(instance, plan)
    if problems:
        raise PlanError("; ".join(problems[:5]))
    return plan


def _told(progress: Progress | None, unplaced: tuple[str, ...]) -> Heard | None:
    if progress is None:
        return None
    return lambda share, cost, loads: progress(share, cost, lambda: Plan(tuple(loads()), unplaced))


@contextmanager
def _rung_after(seconds: float, job: Job) -> Iterator[None]:
    """Have the alarm of the job ring when the time is over; a benchmark that counts otherwise looks at its clock."""
    timer = Timer(seconds, job.alarm.fill, (1,))
    timer.daemon = True
    if job.clock is perf_counter:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@cache
def warm_up() -> None:
    """Compile or load the kernel, once for the process: at installation, and before a clock is started."""
    line = Line("A", "F", "P", (4, 4, 4), quantity=9)
    for schedule in (True, False, True, False):  # the first time, compiling leaves no time to search
        plan_oven(Instance("", Oven(10, 10, 10), (Family("F", 1),), (line,), Costs(), schedule=schedule,
                           time_limit_s=RESERVE_S + 0.1))  # fmt: skip


def _packed(instance: Instance, lines: list[Line], job: Job) -> list[Load]:
    """The fewest loads, family by family: the time is shared by the pieces of each."""
    waiting = sum(line.quantity for line in lines)
    loads = []
    for family, own in of_families(lines).items():
        many = sum(line.quantity for line in own)
        until = job.clock() + (job.until - job.clock()) * many / waiting
        waiting -= many
        packing = _pack_twice(shapes_of(instance, own), until, job)
        loads += [Load(family, tuple(items)) for items in items_of(instance, own, packing)]
    return loads


def _pack_twice(shapes: Shapes, until: float, job: Job) -> Packing:
    """Two searches side by side, each going on from the better of both."""
    race = Race(first_packing(shapes, until, job.clock))

    def search(number: int) -> None:
        pack(shapes, race, until=until, number=number, clock=job.clock, alarm=job.alarm)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(search, range(THREADS)))
    return race.best


def _in_time(instance: Instance, lines: list[Line], job: Job) -> list[Load]:
    """The best of two searches, one from loads packed by date, the other from loads packed by size."""
    schedule = Schedule(instance, lines)
    now = job.clock()
    step = (job.until - now) * START_SHARE / THREADS
    starts = [schedule.first(by_date=True, until=now + step, clock=job.clock)]
    slow = job.clock() - now > 2 * step  # thousands of pieces: a second first plan would take the time of the search
    starts += starts if slow else [schedule.first(by_date=False, until=now + 2 * step, clock=job.clock)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda number: schedule.improve(starts[number], job, number), range(THREADS)))
    _cost, state = min(found, key=lambda pair: pair[0])
    return schedule.loads(state)
