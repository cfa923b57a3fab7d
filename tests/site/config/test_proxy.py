"""The visitor's address behind proxies: what a visitor writes is not believed."""

import pytest
from config.proxy import VisitorAddressMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings


def seen(forwarded: str | None) -> str:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **headers)
    return VisitorAddressMiddleware(answer)(request).content.decode()


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "203.0.113.7", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.3", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "198.51.100.1, <script>", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(
    settings: Settings, count: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = count
    assert seen(forwarded) == address
