"""Papers to print: made by a worker, once, found again when they were lost, forgotten when they were printed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from app.documents.models import Paper
from app.documents.papers import ask_paper, forget_papers, list_lost_papers, make_paper
from app.files.models import StoredFile
from app.stock.models import Carton
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.stock.stage import Stage


@pytest.fixture
def paper(workshop: Workshop, actor: Actor) -> Paper:
    with workshop_scope(workshop.pk):
        Stage(workshop).receive(1)
        cartons = list(Carton.objects.values_list("pk", flat=True))
        return ask_paper(
            workshop=workshop, actor=actor, kind="carton_labels", title="Étiquettes", back="/app/atelier-vulcain/stock/",
            choices={"cartons": cartons, "size": "ROLL_62_29", "marks": "both", "skipped": 0},
        )  # fmt: skip


@pytest.mark.spec("PRF-08")
def test_lost_papers_are_made_once_and_old_ones_forgotten(workshop: Workshop, paper: Paper) -> None:
    with workshop_scope(workshop.pk):
        Paper.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert list_lost_papers(timedelta(minutes=2)) == [(workshop.pk, paper.pk)]
    with workshop_scope(workshop.pk):
        for _twice in range(2):
            make_paper(workshop=workshop, paper_pk=paper.pk)
        assert StoredFile.objects.filter(kind="labels").count() == 1
        assert forget_papers() == 0
        Paper.objects.update(made_at=timezone.now() - timedelta(days=8))
        assert forget_papers() == 1
        assert not StoredFile.objects.filter(kind="labels").exists()
    assert list_lost_papers(timedelta(minutes=2)) == []


def test_a_paper_that_was_forgotten_says_so(operator_client: Client, workshop: Workshop, paper: Paper) -> None:
    with workshop_scope(workshop.pk):
        Paper.objects.update(made_at=timezone.now())
    address = f"/app/atelier-vulcain/impressions/{paper.pk}/"
    page = operator_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{paper.back}"' in page
    assert "/fichiers/" not in page and "hx-get" not in page


def test_another_workshop_and_another_method_get_nothing(
    stranger_client: Client, operator_client: Client, paper: Paper, other_workshop: Workshop
) -> None:
    assert stranger_client.get(f"/app/{other_workshop.slug}/impressions/{paper.pk}/").status_code == 404
    assert operator_client.post(f"/app/atelier-vulcain/impressions/{paper.pk}/").status_code == 405
