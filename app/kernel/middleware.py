"""What no field nor address of the product may hold."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

#: How psycopg refuses a zero character, which no text of PostgreSQL holds and nobody types.
NUL = "cannot contain NUL"


class UnstorableTextMiddleware:
    """Answers 400 to a request that carries a zero character as far as the database, wherever it hid in it.

    Stands just outside the scope of the workshop, which undoes what the view wrote, and inside the log, for which this
    is no failure. Forms say it beside their field; this is for what is read without one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a request that makes no sense, for this one refusal of the database."""
        if isinstance(exception, DataError | ValueError) and NUL in str(exception):
            return bad_request(request, exception)
        return None
