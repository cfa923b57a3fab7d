"""Stories told together, each event at its own moment, the oldest first: so numbers follow dates."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from .clock import at

Story = Iterator[datetime]
BREATH = timedelta(minutes=4)


def play(stories: Iterable[Story], *, until: datetime, after_each: Callable[[datetime], None]) -> int:
    """Play every story up to `until` and return how many events took place.

    A story is a generator that yields the moment of its next event, then makes it happen; a moment that is not
    later than the one before it in its story is put just after.
    """
    waiting = [(moment, order, story) for order, story in enumerate(stories) if (moment := next(story, None))]
    heapq.heapify(waiting)
    played = 0
    while waiting:
        moment, order, story = heapq.heappop(waiting)
        if moment > until:
            continue
        with at(moment):
            following = next(story, None)
            after_each(moment)
        played += 1
        if following is not None:
            heapq.heappush(waiting, (max(following, moment + BREATH), order, story))
    return played
