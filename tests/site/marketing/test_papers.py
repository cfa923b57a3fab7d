"""The papers of the law that are not pages: they name what the product really keeps."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import EmailField

LEGAL = Path(__file__).parents[3] / "docs" / "legal"
REGISTER = (LEGAL / "registre-des-traitements.md").read_text(encoding="utf-8")
#: Every table that holds an e-mail address → the activity of the register that it serves.
ACTIVITIES = {
    "accounts.User": "comptes",
    "account.EmailAddress": "comptes",
    "changelog.Subscriber": "nouveautés du mois",
    "cms.PublisherSettings": "",  # the publisher's own
    "contact.Message": "contacts et témoignages",
    "marketing.StoryProposal": "contacts et témoignages",
    "notify.PlatformEmail": "messages du service",
    "status.Subscriber": "avis d'incident",
}
#: Of workshops: the publisher processes these for them.
FOR_WORKSHOPS = "chaque atelier abonné"


def rows() -> dict[str, list[str]]:
    """The lines of both tables: activity → its cells."""
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in REGISTER.splitlines() if "|" in line]
    return {cells[0]: cells[1:] for cells in lines if cells[0] and not set(cells[0]) <= set("- ")}


@pytest.mark.spec("LEG-11")
def test_the_register_says_all_that_the_law_asks_of_each_activity() -> None:
    columns = next(cells for name, cells in rows().items() if name == "activité")
    assert columns == ["finalité, base légale", "personnes et données", "destinataires", "durée", "mesures"]
    for name, cells in rows().items():
        assert all(cells), name


@pytest.mark.spec("LEG-11")
def test_every_table_with_an_address_serves_an_activity_of_the_register() -> None:
    known = rows()
    for model in apps.get_models():
        if not any(isinstance(field, EmailField) for field in model._meta.local_fields):
            continue
        if model.__module__.split(".")[0] in ("djstripe", "wagtail", "django"):
            continue
        is_of_a_workshop = any(field.name == "workshop" for field in model._meta.local_fields)
        label = model._meta.label
        activity = FOR_WORKSHOPS if is_of_a_workshop or label == "tenancy.Workshop" else ACTIVITIES[label]
        assert not activity or activity in known, label


@pytest.mark.spec("LEG-11")
def test_the_designation_and_the_reminder_of_the_insurance_are_there() -> None:
    designation = (LEGAL / "designation-du-delegue.md").read_text(encoding="utf-8")
    for word in ("articles 37 à 39", "Missions", "Moyens", "conflit d'intérêts", "CNIL"):
        assert word in designation
    launch = (LEGAL / "avant-le-lancement.md").read_text(encoding="utf-8")
    assert "- [ ] assurance des risques cyber souscrite" in launch


def test_the_links_between_the_papers_lead_somewhere() -> None:
    for paper in LEGAL.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+\.md)\)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / target).exists(), f"{paper.name}: {target}"
