"""Answers that come late: requests that a test holds back and lets go in the order that it wants."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route


class Held:
    """The requests of a page that wait for their answer, the oldest first."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._routes: list[Route] = []

    def add(self, route: Route) -> None:
        self._routes.append(route)

    def answer(self, rank: int) -> None:
        """Let the request of this rank through and wait for its answer; a request is heard of before it is held."""
        while len(self._routes) <= rank:
            self.page.wait_for_timeout(10)
        route = self._routes.pop(rank)
        with self.page.expect_response(lambda answer: answer.request == route.request):
            route.continue_()


@contextmanager
def held(page: Page, pattern: str) -> Iterator[Held]:
    """Hold back what a page asks of the addresses of a pattern."""
    kept = Held(page)
    page.route(pattern, kept.add)
    yield kept
    page.unroute(pattern, kept.add)
