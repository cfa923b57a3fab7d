"""The local Stripe server fails on demand, and keeps its account over restarts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import stripe

from tests.fakes.conftest import SECRET, START, Inbox, Shop
from tests.fakes.smtp import free_port
from tests.fakes.stripe import StripeServer
from tests.fakes.stripe.settings import SECRET_KEY


def test_an_error_on_demand_then_everything_works(shop: Shop) -> None:
    shop.server.fail("error", times=2, path="/v1/customers", status=503)
    shop.client.v1.products.list()
    for _time in range(2):
        with pytest.raises(stripe.APIError) as refused:
            shop.client.v1.customers.list()
        assert refused.value.http_status == 503
    assert shop.client.v1.customers.list().data == []


def test_too_many_calls(shop: Shop) -> None:
    shop.server.fail("rate_limit")
    with pytest.raises(stripe.RateLimitError):
        shop.client.v1.customers.list()


@pytest.mark.parametrize(("kind", "made"), [("hang_up", 0), ("act_then_hang_up", 1)])
def test_a_connection_that_breaks_before_or_after_the_act(shop: Shop, kind: str, made: int) -> None:
    shop.server.fail(kind, method="POST", path="/v1/customers$")  # type: ignore[arg-type]
    with pytest.raises(stripe.APIConnectionError):
        shop.client.v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "once"})
    assert len(shop.client.v1.customers.list().data) == made
    shop.client.v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "once"})
    assert len(shop.client.v1.customers.list().data) == 1, "the same key never acts twice"
    assert [call.status for call in shop.server.calls_to("/v1/customers", "POST")] == [0, 200]


def test_the_package_retries_by_itself(shop: Shop) -> None:
    shop.server.fail("act_then_hang_up", method="POST", path="/v1/products$")
    patient = shop.server.client(max_network_retries=1)
    product = patient.v1.products.create({"name": "Une fois"})
    calls = shop.server.calls_to("/v1/products", "POST")
    assert [call.replayed for call in calls] == [False, True]
    assert [found.name for found in shop.client.v1.products.list().data].count("Une fois") == 1
    assert shop.client.v1.products.retrieve(product.id).name == "Une fois"


def test_a_server_that_is_down(shop: Shop) -> None:
    with shop.server.down(), pytest.raises(stripe.APIConnectionError):
        shop.client.v1.customers.list()
    assert shop.client.v1.customers.list().data == []


def test_a_stopped_server_goes_on_where_it_was(shop: Shop) -> None:
    customer = shop.customer()
    url = shop.server.url
    shop.server.stop()
    with pytest.raises(stripe.APIConnectionError):
        shop.client.v1.customers.retrieve(customer)
    shop.server.start()
    assert shop.server.url == url
    assert shop.server.client().v1.customers.retrieve(customer).id == customer


def test_calls_are_logged_with_their_parameters(shop: Shop) -> None:
    customer = shop.customer(card=None, metadata={"workshop": "12"})
    call = shop.server.calls_to("/v1/customers", "POST")[0]
    assert call.params["metadata"] == {"workshop": "12"}
    assert (call.status, call.idempotency_key is not None) == (200, True)
    shop.server.reset()
    assert shop.server.calls == []
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.retrieve(customer)


def test_the_account_is_read_again_from_its_file(tmp_path: Path, inbox: Inbox) -> None:
    path = tmp_path / "stripe.json"
    with StripeServer(now=START, state_file=path) as server:
        server.webhooks.hold()
        server.add_endpoint(inbox.url, secret=SECRET)
        customer = server.client().v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "kept"}).id
        server.use_card(customer)
        server.advance(hours=3)
        last = server.now
    assert json.loads(path.read_text())["counter"] > 0
    assert list(tmp_path.iterdir()) == [path]
    with StripeServer(state_file=path) as server:
        assert server.now == last
        assert server.client().v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "kept"}).id == customer
        assert len(server.client().v1.customers.list().data) == 1
        server.webhooks.flush()
        assert "customer.created" in inbox.types(), "what was not delivered is"


def test_the_process_serves_is_controlled_and_keeps_its_account(tmp_path: Path, inbox: Inbox) -> None:
    port, path = free_port(), tmp_path / "stripe.json"
    command = [
        *(sys.executable, "-m", "tests.fakes.stripe", "--port", str(port), "--state", str(path)),
        *("--webhook-url", inbox.url, "--webhook-secret", SECRET),
    ]
    for start in range(2):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert "Local Stripe on" in process.stdout.readline()
            _play(f"http://127.0.0.1:{port}", start)
        finally:
            process.terminate()
            assert process.wait(timeout=30) == 0
    assert inbox.types().count("product.created") == 2
    assert inbox.refused == []


def _play(url: str, start: int) -> None:
    client = stripe.StripeClient(SECRET_KEY, base_addresses={"api": url}, max_network_retries=0)
    client.v1.products.create({"name": f"Offre {start}"})
    assert len(client.v1.products.list().data) == start + 1
    assert len(client.v1.webhook_endpoints.list().data) == 1, "registered once"
    before = requests.get(f"{url}/_control/state", timeout=10).json()["now"]
    moved = requests.post(f"{url}/_control/advance", data={"days": "2", "format": "json"}, timeout=10)
    assert moved.json()["now"] >= before + 2 * 86_400
    assert (
        requests.post(f"{url}/_control/advance", data={"to": "1999-01-01T00:00:00+00:00"}, timeout=10).status_code
        == 400
    )
    assert requests.post(f"{url}/_control/nothing", timeout=10).status_code == 404
    page = requests.post(f"{url}/_control/decline", data={"code": "expired_card"}, timeout=10)
    assert "Refus en attente : 1" in page.text or "Refus en attente : 2" in page.text
    _wait_for_deliveries(url)


def _wait_for_deliveries(url: str) -> None:
    for _time in range(200):
        if requests.get(f"{url}/_control/state", timeout=10).json()["deliveries"] == 0:
            return
    raise AssertionError("the webhooks were not delivered")


@pytest.mark.parametrize("what", ["hold", "release", "retry", "duplicate", "forge", "fail", "reset"])
def test_each_control_works(shop: Shop, inbox: Inbox, what: str) -> None:
    shop.server.add_endpoint(inbox.url, secret=SECRET)
    shop.customer()
    answer = requests.post(f"{shop.server.url}/_control/{what}", timeout=10)
    assert answer.status_code == 200
    assert "Horloge du serveur" in answer.text
    if what == "hold":
        assert shop.server.webhooks.held
    if what == "fail":
        assert len(shop.server.faults.waiting) == 1
    if what == "reset":
        assert shop.server.account.all("customer") == []
    if what == "forge":
        assert len(inbox.refused) == 1
