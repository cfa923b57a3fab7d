"""From an instance to a plan, within its time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import Event, Timer
from time import perf_counter

from .instance import Costs, Family, Instance, Line, Oven
from .kernel import Shapes, forget_stale
from .packing import Packing, Race, Seconds, first_packing, pack
from .plan import Load, Plan, PlanError, fits_alone, problems_of
from .prepare import items_of, of_families, shapes_of
from .schedule import Heard, Job, Schedule

#: Two searches with different starts and chance, side by side on two cores.
THREADS = 2
#: Kept from the time given, for the check and the writing: a least, for each piece, and a share for a busy machine.
RESERVE_S, RESERVE_FOR_PIECE_S, RESERVE_SHARE = 0.3, 0.00006, 0.04
#: The most of the time left that is kept so, however busy the machine; a search is never shorter than the second.
MOST_RESERVED, LEAST_SEARCH_S = 0.7, 0.05
#: Share of the time that a first plan may take.
START_SHARE = 0.15

#: Share of the time, cost, and the plan when it is wanted.
Progress = Callable[[float, float, Callable[[], Plan]], None]


def plan_oven(
    instance: Instance, *, cancelled: Event | None = None, progress: Progress | None = None,
    clock: Seconds = perf_counter, since: float | None = None, pace: float = 1.0,
) -> Plan:  # fmt: skip
    """The best plan found in the time of the instance, checked by independent rules before it is given.

    PlanError when there is none. `cancelled` ends the search with the best plan so far; `progress` hears of each better
    plan: share of the time, cost, and a function that gives the plan, not checked yet. `clock` counts the time: a
    benchmark may count that of the processor. The time began at `since`, or begins now; `pace` is how many seconds
    pass for one of the processor, by which more is kept for the end.
    """
    now = clock()
    until = now + _seconds_to_search(instance, passed=0.0 if since is None else now - since, pace=pace)
    wanted = [line for line in instance.lines if line.quantity]
    possible = [line for line in wanted if fits_alone(instance, line)]
    taken = {line.id for line in possible}
    unplaced = tuple(line.id for line in wanted if line.id not in taken)
    if not possible:
        return Plan((), unplaced)
    job = Job(until, cancelled or Event(), _told(progress, unplaced), clock)
    with _rung_in_time(job):
        loads = _in_time(instance, possible, job) if instance.schedule else _packed(instance, possible, job)
    plan = Plan(tuple(loads), unplaced)
    problems = problems_of(instance, plan)
    if problems:
        raise PlanError("; ".join(problems[:5]))
    return plan


def _seconds_to_search(instance: Instance, *, passed: float, pace: float) -> float:
    """What is left for the search of the time given, once so much has passed."""
    left = instance.time_limit_s * (1 - RESERVE_SHARE) - passed
    reserve = RESERVE_S + RESERVE_FOR_PIECE_S * sum(line.quantity for line in instance.lines)
    return max(left - max(reserve, min(reserve * pace, left * MOST_RESERVED)), LEAST_SEARCH_S)


def _told(progress: Progress | None, unplaced: tuple[str, ...]) -> Heard | None:
    if progress is None:
        return None
    return lambda share, cost, loads: progress(share, cost, lambda: Plan(tuple(loads()), unplaced))


@contextmanager
def _rung_in_time(job: Job) -> Iterator[None]:
    """Have the alarm of the job ring when the time is over; a benchmark that counts otherwise looks at its clock."""
    if job.clock is not perf_counter:
        yield
        return
    timer = Timer(max(job.until - perf_counter(), 0.0), job.alarm.fill, (1,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@cache
def warm_up() -> None:
    """Compile or load the kernel, once for the process: at installation, and before a search.

    Its clock counts looks, not seconds: compiling leaves as many steps as loading, and neither searches for long. The
    pieces fill one load by their volume and cannot all stand in it: a search goes on to the end.
    """
    forget_stale(Path(__file__).parent)
    line = Line("A", "F", "P", (5, 8, 4), quantity=5)
    for schedule in (True, False):
        plan_oven(Instance("", Oven(10, 10, 10), (Family("F", 1),), (line,), Costs(), schedule=schedule,
                           time_limit_s=20), clock=count(step=0.1).__next__)  # fmt: skip


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
    """Two searches side by side, each going on from the better of both; none when the first packing took the time."""
    race = Race(first_packing(shapes, until, job.clock))
    if job.clock() >= until:  # a search that only begins costs as much as a first packing, for each family
        return race.best

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
