"""The screens of batches: what they show, to whom, and what they refuse."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from app.batches.constants import BatchState
from app.batches.figures import read_figures
from app.batches.models import Batch, BatchItem, BatchSettings
from app.batches.recommending import list_group, recommended
from app.batches.selectors import list_items
from app.batches.services.batching import add_parts, open_batch_of
from app.batches.services.launching import launch_batch
from app.batches.templatetags.batch_rows import powder_needed
from app.documents.models import Paper
from app.documents.papers import make_paper
from app.files.models import StoredFile
from app.files.services import read_file
from app.powders.models import Powder
from app.projects.models import Project
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project
from tests.queries import at_most

HERE = "/app/atelier-vulcain/series/"


@pytest.fixture
def powder(workshop: Workshop) -> Powder:
    with workshop_scope(workshop.pk):
        return factories.powder(workshop, reference="TP-7016-MAT", finish="mat")


@pytest.fixture
def projects(workshop: Workshop, powder: Powder) -> list[Project]:
    """One ready for the powder, promised later; one at its first step, promised first."""
    with workshop_scope(workshop.pk):
        ready = ready_project(workshop, powder, promised_on=date(2031, 5, 20))
        early = project_of(workshop, powder, parts=2, promised_on=date(2031, 5, 12))
    return [ready, early]


@pytest.fixture
def batch(workshop: Workshop, projects: list[Project]) -> Batch:
    with workshop_scope(workshop.pk):
        return open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(projects[0]))


@pytest.mark.spec("BAT-06", "SCR-07")
def test_the_recommended_batch_says_projects_urgency_and_powder(
    owner_client: Client, workshop: Workshop, powder: Powder, projects: list[Project]
) -> None:
    with workshop_scope(workshop.pk):
        [one] = recommended(workshop).rows
    assert (one.projects, one.ready, one.parts, one.promised_on) == (2, 1, 3, date(2031, 5, 12))
    assert (one.surface_m2, one.kg, one.stock_kg) == (Decimal(9), Decimal("0.900"), 0)
    page = owner_client.get(HERE).content.decode()
    assert "TP-7016-MAT" in page and "0,9 kg" in page.replace("\xa0", " ") and "12 mai 2031" in page
    assert "0,9" in powder_needed(one, True) and "pill-bad" in powder_needed(one, True)
    assert "pill-bad" not in powder_needed(one, False) and "0,9" in powder_needed(one, False)


@pytest.mark.spec("BAT-06", "BAT-04")
def test_recommendations_are_exact_and_the_most_urgent_first(workshop: Workshop, powder: Powder) -> None:
    with workshop_scope(workshop.pk):
        gloss = factories.powder(workshop, reference="TP-7016-MAT", finish="brillant")
        project_of(workshop, powder, promised_on=date(2031, 6, 1))
        project_of(workshop, gloss, promised_on=date(2031, 5, 1))
        project_of(workshop, powder, part={"curing_minutes": 25})
        project_of(workshop, powder, part={"curing_celsius": 180, "curing_minutes": 20})
        project_of(workshop, None)
        rows = recommended(workshop).rows
        assert [(row.powder.pk, row.minutes, row.parts) for row in rows] == [
            (gloss.pk, 20, 1),
            (powder.pk, 20, 2),
            (powder.pk, 25, 1),
        ]
        assert [len(list_group(workshop, row.key)) for row in rows] == [1, 2, 1]
        assert not list_group(workshop, "1-2-3") and not list_group(workshop, "a-1-0-0-180-20-1")


@pytest.mark.spec("BAT-06")
def test_the_powder_reckoned_for_a_group_is_that_of_its_parts(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        sheet = factories.powder(workshop, consumption_g_per_m2=None, density=Decimal("1.5"), thickness_um=80)
        project_of(workshop, sheet, part={"coats": 2})
        project_of(workshop, sheet, part={"coats": 2, "surface_m2": None})
        unknown = factories.powder(workshop, consumption_g_per_m2=None)
        project_of(workshop, unknown)
        found = {row.powder.pk: row for row in recommended(workshop).rows}
    # 6 m² in 2 coats at 120 g/m², of which 70 % stays on the part
    assert found[sheet.pk].kg == (Decimal(3) * 2 * 120 / Decimal("0.7") / 1000).quantize(Decimal("0.001"))
    assert found[sheet.pk].without_surface == 1
    assert found[unknown.pk].kg is None


@pytest.mark.spec("BAT-07")
def test_one_click_opens_the_batch_and_a_choice_opens_with_what_is_ticked(
    operator_client: Client, workshop: Workshop, projects: list[Project]
) -> None:
    with workshop_scope(workshop.pk):
        [one] = recommended(workshop).rows
        [_first, chosen, _last] = list_group(workshop, one.key)
    page = f"{HERE}groupe/{one.key}/"
    assert operator_client.get(page).status_code == 200
    assert operator_client.post(page, {"choisies": "1"}).status_code == 422  # nothing ticked: told on the page
    operator_client.post(page, {"choisies": "1", "pieces": [chosen.pk]})
    operator_client.post(page)
    with workshop_scope(workshop.pk):
        assert [batch.items.count() for batch in Batch.objects.order_by("pk")] == [1, 2]


@pytest.mark.spec("BAT-07")
def test_a_batch_is_opened_by_hand(owner_client: Client, workshop: Workshop, powder: Powder) -> None:
    refused = owner_client.post(f"{HERE}nouvelle/", {"coats": "1", "celsius": "9999"})
    assert refused.status_code == 422
    owner_client.post(f"{HERE}nouvelle/", {"powder": powder.pk, "coats": "2", "varnish": "on", "note": "Urgent"})
    with workshop_scope(workshop.pk):
        batch = Batch.objects.get()
    assert (batch.powder_id, batch.coats, batch.varnish, batch.celsius, batch.minutes) == (powder.pk, 2, True, 180, 20)


@pytest.mark.spec("BAT-03", "BEY-01", "ACC-02")
def test_a_part_tried_by_its_number_is_refused_with_both_values(
    operator_client: Client, workshop: Workshop, batch: Batch
) -> None:
    with workshop_scope(workshop.pk):
        [gloss] = parts_of(project_of(workshop, factories.powder(workshop, reference="TP-7016-MAT", finish="brillant")))
    page = operator_client.post(f"{HERE}{batch.pk}/ajouter/", {"code": gloss.code}, follow=True).content.decode()
    assert "Mat" in page and "Brillant" in page
    for code in ("", "PAS-UN-NUMERO", "ZZZZZZ"):
        assert operator_client.post(f"{HERE}{batch.pk}/ajouter/", {"code": code}).status_code == 302
    with workshop_scope(workshop.pk):
        assert BatchItem.objects.count() == 1


@pytest.mark.spec("BAT-07", "BAT-09", "SCR-07")
def test_the_page_of_a_batch_through_its_life(
    operator_client: Client, workshop: Workshop, batch: Batch, projects: list[Project]
) -> None:
    page = f"{HERE}{batch.pk}/"
    with workshop_scope(workshop.pk):
        others = parts_of(projects[1])
    operator_client.post(f"{page}ajouter/", {"pieces": [part.pk for part in others]})
    operator_client.post(f"{page}note/", {"note": "Accrocher par les trous"})
    assert "Accrocher par les trous" in operator_client.get(page).content.decode()
    operator_client.post(f"{page}lancer/")  # two parts are not ready
    operator_client.post(f"{page}retirer/{others[0].pk}/")
    operator_client.post(f"{page}retirer-les-non-pretes/")
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == BatchState.OPEN
        assert BatchItem.objects.count() == 1
    operator_client.post(f"{page}lancer/", {"lot": "L-9"})
    operator_client.post(f"{page}cloturer/")
    with workshop_scope(workshop.pk):
        closed = Batch.objects.get()
    assert (closed.state, closed.lot) == (BatchState.CLOSED, "L-9")
    assert operator_client.get(page).status_code == 200
    fragment = operator_client.get(f"{HERE}projet/{projects[0].pk}/").content.decode()
    assert closed.number in fragment and "L-9" in fragment


@pytest.mark.spec("BAT-09")
def test_what_the_step_asks_for_is_asked_once_at_closing(
    operator_client: Client, workshop: Workshop, batch: Batch, projects: list[Project]
) -> None:
    with workshop_scope(workshop.pk):
        step = projects[0].steps.get(lays_powder=True)
        step.checklist = ["Épaisseur mesurée"]
        step.save()
        launch_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    page = f"{HERE}{batch.pk}/"
    assert "Épaisseur mesurée" in operator_client.get(page).content.decode()
    operator_client.post(f"{page}cloturer/")
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == BatchState.LAUNCHED
    operator_client.post(f"{page}cloturer/", {"answer_0": "pass"})
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == BatchState.CLOSED
        step.refresh_from_db()
    assert step.answers == [{"item": "Épaisseur mesurée", "answer": "pass"}]


@pytest.mark.spec("BAT-08")
@pytest.mark.parametrize("paper", ["fiche/", "etiquettes/"])
def test_a_worker_makes_the_sheet_and_the_labels(
    operator_client: Client, workshop: Workshop, batch: Batch, paper: str
) -> None:
    assert operator_client.get(f"{HERE}{batch.pk}/{paper}").status_code == 405
    answer = operator_client.post(f"{HERE}{batch.pk}/{paper}")
    assert answer.status_code == 302
    waiting = operator_client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in waiting and "/fichiers/" not in waiting
    with workshop_scope(workshop.pk):
        asked = Paper.objects.get()
        for _twice in range(2):
            make_paper(workshop=workshop, paper_pk=asked.pk)
        asked.refresh_from_db()
        with pikepdf.open(BytesIO(read_file(asked.file_id))) as pdf:
            assert len(pdf.pages) == 1
        assert StoredFile.objects.filter(kind="labels").count() == 1
    ready = operator_client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert f"/fichiers/{asked.file_id}/" in ready and "hx-get" not in ready


@pytest.mark.spec("BAT-16")
def test_a_batch_is_cancelled_with_a_reason(operator_client: Client, workshop: Workshop, batch: Batch) -> None:
    operator_client.post(f"{HERE}{batch.pk}/annuler/", {"reason": " "})
    operator_client.post(f"{HERE}{batch.pk}/annuler/", {"reason": "Four en panne"})
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == BatchState.CANCELLED


@pytest.mark.spec("ROL-05")
def test_who_reads_and_who_writes(
    viewer_client: Client, accountant_client: Client, workshop: Workshop, batch: Batch
) -> None:
    assert viewer_client.get(HERE).status_code == viewer_client.get(f"{HERE}{batch.pk}/").status_code == 200
    assert accountant_client.get(HERE).status_code == 403
    for act in ("ajouter/", "lancer/", "cloturer/", "annuler/", "note/", "retirer-les-non-pretes/"):
        assert viewer_client.post(f"{HERE}{batch.pk}/{act}", {"reason": "x"}).status_code == 403
        assert viewer_client.get(f"{HERE}{batch.pk}/{act}").status_code in (403, 405)
    assert viewer_client.post(f"{HERE}groupe/1-1-0-0-180-20-1/").status_code == 403
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == BatchState.OPEN


@pytest.mark.spec("BAT-04", "BAT-10", "BEY-01")
def test_the_settings_of_batches(owner_client: Client, operator_client: Client, workshop: Workshop) -> None:
    page = f"{HERE}reglages/"
    assert operator_client.get(page).status_code == 403
    assert owner_client.post(page, {"tolerance_minutes": "500", "posting": "jamais"}).status_code == 422
    owner_client.post(page, {"tolerance_minutes": "3", "same_lot": "on", "posting": "launch"})
    with workshop_scope(workshop.pk):
        held = BatchSettings.objects.get()
    assert (held.tolerance_minutes, held.same_lot, held.posting) == (3, True, "launch")


@pytest.mark.spec("BAT-06")
def test_lists_cost_the_same_however_long(owner_client: Client, workshop: Workshop, powder: Powder) -> None:
    with workshop_scope(workshop.pk):
        for minutes in range(10, 22):
            project_of(workshop, powder, part={"curing_minutes": minutes})
            open_batch_of(workshop=workshop, actor=factories.ACTOR,
                          parts=parts_of(project_of(workshop, powder, part={"curing_minutes": minutes})))  # fmt: skip
    for page in (HERE, f"{HERE}liste/"):
        with at_most(25):
            assert owner_client.get(page).status_code == 200
    assert owner_client.get(f"{HERE}?q=introuvable").status_code == 200
    assert owner_client.get(f"{HERE}?poudre={powder.pk}&site=99999999&apres=abc").status_code == 200
    assert owner_client.get(f"{HERE}liste/?etat=inconnu&q=S-2&poudre=x").status_code == 200


@pytest.mark.spec("BAT-05")
def test_the_form_of_a_part_asks_whether_it_leaves_its_batch(
    operator_client: Client, workshop: Workshop, batch: Batch, projects: list[Project], powder: Powder
) -> None:
    with workshop_scope(workshop.pk):
        [part] = parts_of(projects[0])
    page = f"/app/atelier-vulcain/projets/{projects[0].pk}/pieces/{part.pk}/"
    change = {"powder": powder.pk, "coats": "2", "carry": part.carry, "turning": part.turning}
    assert "leave_batch" not in operator_client.get(page).content.decode()
    refused = operator_client.post(page, change)
    assert refused.status_code == 422
    assert "leave_batch" in refused.content.decode() and batch.number in refused.content.decode()
    assert operator_client.post(page, {**change, "leave_batch": "on"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert not BatchItem.objects.exists()
        part.refresh_from_db()
    assert part.coats == 2


@pytest.mark.spec("STK-01", "BAT-06")
def test_a_part_without_a_quote_is_given_its_surface_and_its_powder_is_counted(
    operator_client: Client, owner_client: Client, workshop: Workshop, powder: Powder
) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
    typed = {"customer": customer.pk, "title": "Grille", "designation": "Grille", "quantity": "2", "priority": "2",
             "powder": powder.pk, "final_use": "", "surface_m2": "-1"}  # fmt: skip
    opening = "/app/atelier-vulcain/projets/nouveau/"
    assert owner_client.post(opening, typed).status_code == 422
    opened = owner_client.post(opening, {**typed, "surface_m2": "1.5"})
    assert opened.status_code == 302, opened.context["form"].errors
    assert owner_client.post(opening, {**typed, "surface_m2": ""}).status_code == 302
    with workshop_scope(workshop.pk):
        said, unsaid = parts_of(*Project.objects.order_by("pk"))
        assert (said.surface_m2, unsaid.surface_m2) == (Decimal("1.5"), None)
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=[said, unsaid])
    page = operator_client.get(f"{HERE}{batch.pk}/").content.decode()
    address = f"/app/atelier-vulcain/projets/{unsaid.project_id}/pieces/{unsaid.pk}/"
    assert address in page
    kept = ("coats", "curing_celsius", "curing_minutes", "carry", "turning")
    size = {"powder": powder.pk, **{name: getattr(unsaid, name) for name in kept}}
    for surface, status in (("-1", 422), ("1000000", 422), ("abc", 422), ("0.75", 302)):
        assert operator_client.post(address, {**size, "surface_m2": surface}).status_code == status
    assert address not in operator_client.get(f"{HERE}{batch.pk}/").content.decode()
    with workshop_scope(workshop.pk):
        assert read_figures(workshop, batch, list_items(batch), with_stock=False).surface_m2 == Decimal("4.5")


@pytest.mark.spec("BAT-06", "PRF-03")
def test_an_open_batch_costs_the_same_however_much_it_holds_or_could(
    owner_client: Client, workshop: Workshop, powder: Powder, batch: Batch
) -> None:
    with workshop_scope(workshop.pk):
        parts = parts_of(*(project_of(workshop, powder) for _more in range(8)))
        add_parts(workshop=workshop, actor=factories.ACTOR, batch=batch, parts=parts[:4])
    owner_client.get(f"{HERE}{batch.pk}/")
    with at_most(12):
        page = owner_client.get(f"{HERE}{batch.pk}/").content.decode()
    assert page.count("/retirer/") == 5 and page.count('name="pieces"') == 6
