"""The local Stripe server refuses as Stripe does: keys, versions, unknown calls, wrong parameters, repeated keys."""

from typing import Any

import pytest
import requests
import stripe

from tests.fakes.conftest import Shop
from tests.fakes.stripe.settings import API_VERSION


def post(shop: Shop, path: str, body: str, **headers: str) -> requests.Response:
    """A raw call, for what the package would not send."""
    known = {"Authorization": f"Bearer {shop.server.secret_key}", "Content-Type": "application/x-www-form-urlencoded"}
    return requests.post(f"{shop.server.url}{path}", data=body, headers={**known, **headers}, timeout=10)


def test_a_wrong_or_missing_key_is_refused(shop: Shop) -> None:
    stranger = stripe.StripeClient("sk_test_somebodyelse000000000000", base_addresses={"api": shop.server.url})
    with pytest.raises(stripe.AuthenticationError) as refused:
        stranger.v1.customers.list()
    assert refused.value.http_status == 401
    assert "somebodyelse" not in str(refused.value)
    answer = requests.get(f"{shop.server.url}/v1/customers", timeout=10)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


def test_another_api_version_or_account_is_refused(shop: Shop) -> None:
    old = stripe.StripeClient(
        shop.server.secret_key, base_addresses={"api": shop.server.url}, stripe_version="2024-06-20"
    )
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        old.v1.customers.list()
    with pytest.raises(stripe.PermissionError):
        shop.client.v1.customers.list(options={"stripe_account": "acct_of_somebody"})


def test_an_unknown_address_is_a_404(shop: Shop) -> None:
    answer = post(shop, "/v1/refunds_of_dreams", "")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    assert "Unrecognized request URL (POST: /v1/refunds_of_dreams)" in answer.json()["error"]["message"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.customers.retrieve("cus_nobody")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        ("/v1/customers", "nom=x", "parameter_unknown", "nom"),
        ("/v1/customers", "address[rue]=x", "parameter_unknown", "address[rue]"),
        ("/v1/customers", "balance=beaucoup", "parameter_invalid_integer", "balance"),
        ("/v1/customers", "tax_exempt=maybe", None, "tax_exempt"),
        ("/v1/customers", "metadata=x", None, "metadata"),
        ("/v1/customers", "tax_id_data[0][type]=eu_vat", "parameter_missing", "tax_id_data[0][value]"),
        ("/v1/prices", "unit_amount=100&product=prod_x", "parameter_missing", "currency"),
        ("/v1/prices", "currency=eur&unit_amount=100&product=prod_x", "resource_missing", "product"),
        ("/v1/products", "name=x&active=peut-etre", None, "active"),
        ("/v1/tax_rates", "display_name=TVA&inclusive=false&percentage=vingt", None, "percentage"),
        ("/v1/subscriptions", "customer=", "parameter_invalid_empty", "customer"),
        ("/v1/subscriptions", "items[0][price]=price_x", "parameter_missing", "customer"),
        ("/v1/subscriptions", "items=price_x", None, "items"),
        ("/v1/subscriptions", "proration_behavior=perhaps", None, "proration_behavior"),
        ("/v1/subscriptions", "transfer_data[destination]=acct_x", "local_server_unsupported", "transfer_data.destination"),
        ("/v1/subscriptions", "collection_method=charge_automatically&payment_behavior=x", None, "payment_behavior"),
        ("/v1/webhook_endpoints", "url=http://x.test&enabled_events[0]=invoice.eaten", None, "enabled_events[0]"),
        ("/v1/checkout/sessions", "mode=gift", None, "mode"),
        ("/v1/invoices/create_preview", "subscription_details[items][0][quantity]=a", "parameter_invalid_integer",
         "subscription_details[items][0][quantity]"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused(shop: Shop, path: str, body: str, code: str | None, param: str) -> None:
    events = len(shop.server.events())
    answer = post(shop, path, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error["param"]) == (code, param)
    assert len(shop.server.events()) == events


def test_a_refusal_says_the_choices(shop: Shop) -> None:
    params: Any = {"customer": shop.customer(), "items": [{"price": shop.lite}], "proration_behavior": "perhaps"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.subscriptions.create(params)
    assert "must be one of always_invoice, create_prorations, or none" in str(refused.value)


@pytest.mark.parametrize(
    ("expand", "message"),
    [
        (["email"], "cannot be expanded"),
        (["nothing"], "cannot be expanded"),
        (["subscriptions.data.latest_invoice.customer.tax_ids"], "more than 4 levels"),
    ],
)
def test_what_cannot_be_expanded_is_refused(shop: Shop, expand: list[str], message: str) -> None:
    customer = shop.customer()
    with pytest.raises(stripe.InvalidRequestError, match=message):
        shop.client.v1.customers.retrieve(customer, {"expand": expand})


def test_the_same_key_gives_the_same_answer_and_acts_once(shop: Shop) -> None:
    v1 = shop.client.v1
    first = v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "key-1"})
    again = v1.customers.create({"name": "Vulcain"}, {"idempotency_key": "key-1"})
    assert again.id == first.id
    assert len(v1.customers.list().data) == 1
    assert [call.replayed for call in shop.server.calls_to("/v1/customers", "POST")] == [False, True]
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        v1.customers.create({"name": "Autre"}, {"idempotency_key": "key-1"})


def test_an_idempotency_key_is_forgotten_after_a_day(shop: Shop) -> None:
    v1 = shop.client.v1
    first = v1.products.create({"name": "A"}, {"idempotency_key": "key-2"})
    shop.server.advance(hours=25)
    assert v1.products.create({"name": "A"}, {"idempotency_key": "key-2"}).id != first.id


def test_a_refused_call_may_be_made_again_with_its_key(shop: Shop) -> None:
    v1 = shop.client.v1
    params: Any = {"id": "offer", "name": "Offre"}
    v1.products.create(params)
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        v1.products.create(params, {"idempotency_key": "key-3"})
    v1.products.delete("offer")
    assert v1.products.create(params, {"idempotency_key": "key-3"}).id == "offer"


def test_a_declined_card_is_replayed_too(shop: Shop) -> None:
    """As at Stripe: a 402 is an answer, so trying again takes another key."""
    customer = shop.customer(card="pm_card_chargeCustomerFail")
    params: Any = {
        "customer": customer,
        "items": [{"price": shop.lite}],
        "payment_behavior": "error_if_incomplete",
    }
    for _time in range(2):
        with pytest.raises(stripe.CardError) as refused:
            shop.client.v1.subscriptions.create(params, {"idempotency_key": "key-4"})
        assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
        shop.server.use_card(customer)
    assert shop.client.v1.subscriptions.list({"customer": customer, "status": "all"}).data == []
    shop.client.v1.subscriptions.create(params, {"idempotency_key": "key-5"})


def test_every_answer_names_its_request_and_version(shop: Shop) -> None:
    found = shop.client.v1.products.list()
    assert found.last_response is not None
    assert found.last_response.headers["Request-Id"].startswith("req_")
    assert found.last_response.headers["Stripe-Version"] == API_VERSION == stripe.api_version


def test_lists_have_pages_and_filters(shop: Shop) -> None:
    v1 = shop.client.v1
    for number in range(7):
        v1.customers.create({"email": f"client{number % 2}@vulcain.test"})
    page = v1.customers.list({"limit": 3})
    assert (len(page.data), page.has_more) == (3, True)
    rest = v1.customers.list({"limit": 100, "starting_after": page.data[-1].id})
    assert (len(rest.data), rest.has_more) == (4, False)
    before = v1.customers.list({"limit": 100, "ending_before": rest.data[0].id})
    assert [one.id for one in before.data] == [one.id for one in page.data]
    assert len(list(v1.customers.list({"limit": 2}).auto_paging_iter())) == 7
    assert len(v1.customers.list({"email": "client0@vulcain.test"}).data) == 4
    assert v1.prices.list({"lookup_keys": ["pro"]}).data[0].id == shop.pro
    for wrong in (0, 101):
        with pytest.raises(stripe.InvalidRequestError):
            v1.customers.list({"limit": wrong})


def test_metadata_are_merged_and_cleared(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = v1.customers.create({"metadata": {"a": "1", "b": "2"}}).id
    merged = v1.customers.update(customer, {"metadata": {"b": "", "c": "3"}}).metadata
    assert merged is not None and merged.to_dict() == {"a": "1", "c": "3"}
    cleared = v1.customers.update(customer, {"metadata": ""}).metadata
    assert cleared is not None and cleared.to_dict() == {}
    with pytest.raises(stripe.InvalidRequestError):
        v1.customers.update(customer, {"metadata": {"k" * 41: "x"}})


def test_stripe_tax_is_refused_without_a_registration(shop: Shop) -> None:
    params: Any = {"customer": shop.customer(), "items": [{"price": shop.lite}], "automatic_tax": {"enabled": True}}
    with pytest.raises(stripe.InvalidRequestError, match="head office address"):
        shop.client.v1.subscriptions.create(params)
    params["automatic_tax"] = {"enabled": False}
    assert shop.client.v1.subscriptions.create(params).status == "active"


def test_vat_numbers_are_checked_by_the_registry(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer(card=None)
    for value, status in (("FR12345678901", "verified"), ("FR00111111111", "unverified"), ("FR00222222222", "pending")):
        made = v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": value})
        assert made.verification and made.verification.status == status
    assert len(shop.server.events("customer.tax_id.updated")) == 2
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "12"})
    assert refused.value.code == "tax_id_invalid"
    assert len(v1.customers.tax_ids.list(customer).data) == 3
