"""The publisher's entrance to the release notes."""

from datetime import date

import pytest
from changelog.models import ChangelogPage, ReleasePage, Subscriber
from changelog.services.monthly import send_monthly
from django.test import Client
from django.utils import timezone

from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
PAGE = "/editeur/nouveautes/"


@pytest.mark.spec("BOF-22")
def test_the_publisher_sees_the_last_releases_and_how_far_the_mail_of_the_month_is(publisher_client: Client) -> None:
    now = timezone.now()
    Subscriber.objects.create(email="un@exemple.test", requested_at=now, confirmed_at=now)
    Subscriber.objects.create(email="deux@exemple.test", requested_at=now)
    draft = ReleasePage(
        title="Version 0.2.0", version="0.2.0", released_on=date(2026, 12, 1), slug="v0-2-0", live=False
    )
    ChangelogPage.objects.get().add_child(instance=draft)
    send_monthly(today=date(2026, 12, 1))
    publisher_client.get(PAGE)
    with at_most(12):
        answer = publisher_client.get(PAGE)
    news = answer.context["news"]
    assert [release.version for release in news.releases] == ["0.2.0", "0.1.0"]
    assert (news.subscribers, news.mails[0].queued, news.mails[0].state) == (1, 1, "done")
    assert f"/cms/pages/add/changelog/releasepage/{news.page.pk}/" in answer.content.decode()


def test_the_page_stands_before_anything_is_published(publisher_client: Client) -> None:
    ChangelogPage.objects.get().delete()
    answer = publisher_client.get(PAGE)
    assert answer.status_code == 200
    assert "/cms/pages/add/" not in answer.content.decode()


def test_it_does_not_exist_for_anybody_else(client: Client, owner_client: Client) -> None:
    assert client.get(PAGE).status_code == 404
    assert owner_client.get(PAGE).status_code == 404
