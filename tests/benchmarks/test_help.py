"""What a search in two thousand articles costs beside the page of one of them: compare the rows of one run."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from helpcenter.models import GuidePage, HelpIndexPage, Topic
from helpcenter.selectors import forget_vocabulary, search

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="help")]
ARTICLES, WORDS = 2_000, 300


@pytest.fixture(scope="module")
def library(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Two thousand guides of three hundred words, made once for the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        _write_guides()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def _write_guides() -> None:
    """Their words are drawn from those of the real guides, and from endings of these."""
    for command in ("load_plans", "load_site"):
        call_command(command, verbosity=0)
    drawn = random.Random(7)
    texts = " ".join(GuidePage.objects.values_list("folded_text", flat=True)).split()
    texts += [f"{word}{ending}" for word in set(texts) for ending in ("ette", "oir", "isme")]
    index, topic = HelpIndexPage.objects.order_by("path").first(), Topic.objects.first()
    assert index is not None
    for number in range(ARTICLES):
        words = " ".join(drawn.choices(texts, k=WORDS))
        index.add_child(
            instance=GuidePage(
                title=f"Guide {number} {words[:30]}", slug=f"guide-{number}", summary=words[:150], topic=topic,
                body=[("prose", f"<p>{words}</p>")],
            )
        )  # fmt: skip
    forget_vocabulary()


@pytest.mark.parametrize(
    "address",
    ["/aide/guide-1000/", "/aide/recherche/?q=signature", "/aide/recherche/?q=signatrue", "/aide/recherche/?q=d"],
)
def test_asking(benchmark: Any, library: None, client: Client, address: str) -> None:
    search("devis")
    benchmark.pedantic(lambda: client.get(address).content, rounds=40, warmup_rounds=3)
