"""The yardstick of list pages: a page of 25 customers with nothing around it but what no list can do without.

Eight middlewares, the person's session and membership, the transaction and its scope, row security, a keyset page,
a Django template of the same columns. A page of the product is measured in yardsticks, both asked in turn through
the same WSGI door, in milliseconds of processor: this process and the one that serves it in PostgreSQL.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time_ns
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Engine
from django.test import Client, override_settings
from django.urls import path

from app.crm.models import Customer
from app.kernel.pagination import keyset_page
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership
from app.tenancy.scope import platform_scope, workshop_scope

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TOKEN = "t" * 32
TEMPLATE = Engine().from_string("""<!doctype html><html lang="fr"><head><title>Clients</title></head><body><table>
{% for customer in page.rows %}<tr><th><a href="{{ here }}{{ customer.pk }}/">{{ customer }}</a></th>
<td>{{ customer.email|default:"—" }} {{ customer.phone }}</td><td>{{ customer.get_type_display }}</td>
<td>{{ customer.city|default:"—" }}</td><td>{% for tag in customer.tags %}{{ tag }} {% empty %}—{% endfor %}</td></tr>
{% endfor %}</table><a href="?apres={{ page.next_cursor }}">Suite</a></body></html>""")


def bare_list(request: HttpRequest, workshop_slug: str) -> HttpResponse:
    """The page itself."""
    with workshop_scope(_workshop_of(request, workshop_slug)):
        customers = Customer.objects.filter(erased_at=None)
        page = keyset_page(customers, keys=("sort_key", "id"), cursor=request.GET.get("apres"))
        return HttpResponse(TEMPLATE.render(Context({"page": page, "here": request.path})))


def bare_create(request: HttpRequest, workshop_slug: str) -> HttpResponse:
    """A customer written from three fields, and nothing else."""
    workshop_id, typed = _workshop_of(request, workshop_slug), request.POST
    with workshop_scope(workshop_id):
        made = Customer.objects.create(
            workshop_id=workshop_id, last_name=typed["last_name"], email=typed["email"], city=typed["city"]
        )
    return HttpResponseRedirect(f"/app/{workshop_slug}/clients/{made.pk}/")


def _workshop_of(request: HttpRequest, workshop_slug: str) -> int:
    with platform_scope():
        return Membership.objects.values_list("workshop_id", flat=True).get(
            workshop__slug=workshop_slug, user_id=request.user.pk, status=MemberStatus.ACTIVE
        )


urlpatterns = [
    path("app/<slug:workshop_slug>/clients/", bare_list),
    path("app/<slug:workshop_slug>/clients/nouveau/", bare_create),
]


class BareRequest(WSGIRequest):
    urlconf = __name__


class BareHandler(WSGIHandler):
    request_class = BareRequest


def bare_application() -> WSGIHandler:
    """The yardstick as a WSGI application of its own."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return BareHandler()


def ask(application: WSGIHandler, client: Client, address: str, *, typed: Mapping[str, object] | None = None) -> bytes:
    """A page as a server asks for it, or the answer to what is `typed` into a form, with the cookies of a test client;
    AssertionError when it is no page (200), or leads nowhere (302)."""
    where, _, query = address.partition("?")
    cookies = [f"{name}={cookie.value}" for name, cookie in client.cookies.items()]
    body = urlencode(typed).encode() if typed else b""
    environ = {
        "REQUEST_METHOD": "POST" if typed else "GET", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)), "HTTP_X_CSRFTOKEN": TOKEN,
        "PATH_INFO": where, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "HTTP_COOKIE": "; ".join([*cookies, f"csrftoken={TOKEN}"]),
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_ACCEPT_LANGUAGE": "fr", "HTTP_USER_AGENT": "benchmark", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(),
    }  # fmt: skip
    said: list[str] = []
    response: Any = application(environ, lambda status, _headers: said.append(status))
    answer = b"".join(response)
    response.close()
    assert said[0].startswith("302" if typed else "200"), f"{address}: {said[0]}"
    return answer


def processor_ms(
    pages: Mapping[str, Callable[[], object]], *, rounds: int, before: Mapping[str, Callable[[], object]] | None = None
) -> dict[str, float]:
    """The median cost of each page in milliseconds of processor, asked turn by turn after a few to warm up.

    What is to be done `before` a page is asked is not counted.
    """
    spent: dict[str, list[float]] = {name: [] for name in pages}
    with _connected():
        server = Path(f"/proc/{_backend()}/schedstat")
        for turn in range(rounds + 5):
            for name, page in pages.items():
                if before and name in before:
                    before[name]()
                start = process_time_ns() + _nanoseconds(server)
                page()
                cost = process_time_ns() + _nanoseconds(server) - start
                if turn >= 5:
                    spent[name].append(cost / 1_000_000)
    return {name: median(costs) for name, costs in spent.items()}


@contextmanager
def _connected() -> Iterator[None]:
    """Keep the connection from one request to the next, as the pool of production does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _nanoseconds(server: Path) -> int:
    return int(server.read_text().split()[0])
