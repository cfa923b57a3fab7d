"""The month's news of the product, switched by a member for their own address."""

import pytest
from changelog.models import Subscriber
from changelog.services.subscribing import stop, stop_link
from django.test import Client
from django.utils import timezone

from app.tenancy.models import Membership

pytestmark = pytest.mark.django_db
PAGE = "/app/atelier-vulcain/reglages/e-mails/mes-notifications/"
SWITCH = f"{PAGE}nouveautes/"


def is_on(client: Client) -> bool:
    return bool(client.get(PAGE).context["news"]["news"].value())


@pytest.mark.spec("BOF-22")
def test_a_member_switches_the_news_on_and_off_at_their_own_address(owner_client: Client, owner: Membership) -> None:
    assert not is_on(owner_client)
    answer = owner_client.post(SWITCH, {"news": "on", "email": "autre@exemple.test"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    row = Subscriber.objects.get()
    assert (row.email, row.confirmed_at is None, row.stopped_at) == (owner.user.email, False, None)
    assert is_on(owner_client)
    owner_client.post(SWITCH, {})
    assert not is_on(owner_client)
    assert Subscriber.objects.get().stopped_at is not None


def test_it_is_the_list_of_the_public_page(owner_client: Client, owner: Membership) -> None:
    now = timezone.now()
    Subscriber.objects.create(email=owner.user.email, requested_at=now, confirmed_at=now)
    assert is_on(owner_client)
    assert stop(token=stop_link(owner.user.email).rstrip("/").rpartition("/")[2])
    assert not is_on(owner_client)
    owner_client.post(SWITCH, {"news": "on"})
    assert is_on(owner_client)
    assert Subscriber.objects.count() == 1


def test_nothing_kept_when_the_switch_was_never_on(owner_client: Client) -> None:
    owner_client.post(SWITCH, {})
    assert not Subscriber.objects.exists()


def test_strangers_and_other_methods_change_nothing(
    client: Client, owner_client: Client, stranger_client: Client
) -> None:
    assert client.post(SWITCH, {"news": "on"}).status_code == 302  # to the sign-in
    assert owner_client.get(SWITCH).status_code == 405
    assert stranger_client.post(SWITCH, {"news": "on"}).status_code == 404
    assert not Subscriber.objects.exists()
