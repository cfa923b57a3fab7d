"""The screens of projects: who may, what is refused, what stays as it was."""

from uuid import uuid4

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.projects.models import Project, Workflow
from app.projects.selectors import list_steps, list_workflow_steps
from app.projects.services.working import validate_step
from app.quotes.models import Quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

BASE = "/app/atelier-vulcain/projets/"


@pytest.fixture
def project(workshop: Workshop) -> Project:
    with workshop_scope(workshop.pk):
        return factories.project(workshop)


def first_step(workshop: Workshop, project: Project) -> int:
    with workshop_scope(workshop.pk):
        return list_steps(project)[0].pk


@pytest.mark.spec("ROL-03", "PRJ-03", "PRJ-12")
def test_an_operator_validates_a_step_and_sees_no_price(
    operator_client: Client, project: Project, workshop: Workshop
) -> None:
    page = operator_client.get(f"{BASE}{project.pk}/")
    assert page.status_code == 200
    assert "€" not in page.content.decode()
    step = first_step(workshop, project)
    answer = operator_client.post(f"{BASE}{project.pk}/etapes/{step}/valider/", {"comment": "ok"})
    assert answer.status_code == 302
    with workshop_scope(workshop.pk):
        assert list_steps(project)[0].done_by_name == "Omar Petit"


@pytest.mark.spec("PRJ-12", "ROL-03")
def test_the_page_names_its_documents_and_what_was_agreed_to_those_who_see_prices(
    owner_client: Client, operator_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop, quote=factories.quote(workshop))
        pdf, report = uuid4(), uuid4()
        Quote.objects.update(pdf_file_id=pdf, total_incl_tax="1234.56")
        Project.objects.update(report_file_id=report)
    office, floor = (client.get(f"{BASE}{project.pk}/").content.decode() for client in (owner_client, operator_client))
    assert all(f"/fichiers/{one}/" in office for one in (pdf, report))
    assert "1\u202f234,56" in office
    assert f"/fichiers/{report}/" in floor
    assert "234,56" not in floor
    assert str(pdf) not in floor


@pytest.mark.spec("ROL-03", "ROL-09")
@pytest.mark.parametrize("path", ["nouveau/", "{pk}/modifier/", "gammes/", "gammes/nouvelle/"])
def test_an_operator_does_not_manage(operator_client: Client, project: Project, path: str) -> None:
    assert operator_client.get(BASE + path.format(pk=project.pk)).status_code == 403


@pytest.mark.spec("ROL-04", "ROL-06")
@pytest.mark.parametrize("client_name", ["accountant_client", "viewer_client"])
def test_readers_change_no_step(
    client_name: str, project: Project, workshop: Workshop, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(client_name)
    assert client.get(f"{BASE}{project.pk}/").status_code == 200
    step = first_step(workshop, project)
    assert client.post(f"{BASE}{project.pk}/etapes/{step}/valider/").status_code == 403
    assert client.post(f"{BASE}{project.pk}/livrer/").status_code == 403
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[0].is_done


@pytest.mark.spec("TEN-04")
def test_a_stranger_finds_nothing(
    stranger_client: Client, stranger: Membership, project: Project, other_workshop: Workshop, workshop: Workshop
) -> None:
    step = first_step(workshop, project)
    for slug in (workshop.slug, other_workshop.slug):
        base = f"/app/{slug}/projets/{project.pk}/"
        assert stranger_client.get(base).status_code == 404
        assert stranger_client.post(f"{base}etapes/{step}/valider/").status_code == 404
        assert stranger_client.post(f"{base}livrer/").status_code == 404
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[0].is_done


def test_a_step_of_another_project_a_missing_one_and_a_wrong_method(
    owner_client: Client, project: Project, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        other = factories.project(workshop)
    step = first_step(workshop, other)
    assert owner_client.post(f"{BASE}{project.pk}/etapes/{step}/valider/").status_code == 404
    assert owner_client.get(f"{BASE}999999/").status_code == 404
    assert owner_client.get(f"{BASE}{project.pk}/livrer/").status_code == 405


def test_crossed_dates_are_said_beside_their_field(owner_client: Client, project: Project, workshop: Workshop) -> None:
    typed = {"dropped_on": "2026-11-20", "promised_on": "2026-11-01", "priority": "2", "final_use": "", "note": ""}
    answer = owner_client.post(f"{BASE}{project.pk}/modifier/", typed)
    assert answer.status_code == 422
    assert 'id="id_promised_on_error"' in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert Project.objects.get().promised_on is None


def test_a_project_is_opened_by_hand(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
    typed = {
        "customer": customer.pk,
        "title": "Portillon",
        "designation": "Portillon",
        "quantity": "1",
        "priority": "2",
    }
    assert owner_client.post(f"{BASE}nouveau/", {**typed, "customer": ""}).status_code == 422
    answer = owner_client.post(f"{BASE}nouveau/", typed)
    assert answer.status_code == 302
    with workshop_scope(workshop.pk):
        assert Project.objects.get().title == "Portillon"


@pytest.mark.spec("QUA-01", "PRJ-03")
def test_each_check_has_its_answer_and_its_note(operator_client: Client, project: Project, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        *steps, last = list_steps(project)
        for step in steps:
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step)
    page = f"{BASE}{project.pk}/etapes/{last.pk}/valider/"
    typed = {"answer_0": "pass", "answer_1": "pass", "answer_2": "na", "answer_3": "pass", "remark_1": " 68 µm "}
    operator_client.post(page, {**typed, "answer_2": ""})
    operator_client.post(page, {**typed, "answer_2": "fail"})
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[-1].is_done
    operator_client.post(page, typed)
    with workshop_scope(workshop.pk):
        done = list_steps(project)[-1]
    assert [answer["answer"] for answer in done.answers] == ["pass", "pass", "na", "pass"]
    assert [answer.get("remark") for answer in done.answers] == [None, "68 µm", None, None]


@pytest.mark.spec("PRJ-02", "QUA-01")
def test_a_workflow_is_written_in_the_order_of_the_page(owner_client: Client, workshop: Workshop) -> None:
    typed = {
        "name": "Jantes",
        "etape": ["b", "a"],
        "a-name": "Contrôle",
        "a-checklist": "Voile\n\n Épaisseur ",
        "a-failure_blocks": "on",
        "b-name": "Démontage",
        "b-needs_photo": "on",
    }
    assert owner_client.post(f"{BASE}gammes/nouvelle/", {**typed, "a-name": ""}).status_code == 422
    assert owner_client.post(f"{BASE}gammes/nouvelle/", typed).status_code == 302
    assert owner_client.post(f"{BASE}gammes/nouvelle/", typed).status_code == 422
    with workshop_scope(workshop.pk):
        [workflow] = Workflow.objects.filter(name="Jantes")
        first, second = list_workflow_steps(workflow)
    assert (first.name, first.needs_photo, first.failure_blocks) == ("Démontage", True, False)
    assert (second.checklist, second.failure_blocks) == (["Voile", "Épaisseur"], True)
    page = owner_client.get(f"{BASE}gammes/{workflow.pk}/").content.decode()
    assert page.index("Démontage") < page.index("Contrôle")


@pytest.mark.spec("PRJ-02")
def test_two_hundred_steps_are_sent_and_read_back(owner_client: Client, workshop: Workshop) -> None:
    keys = [f"e{number}" for number in range(200)]
    typed: dict[str, object] = {"name": "Longue", "etape": keys}
    for key in keys:
        typed |= {f"{key}-name": f"Étape {key}", f"{key}-checklist": "Vu", f"{key}-needs_photo": "on"}
        typed[f"{key}-failure_blocks"] = "on"
    assert owner_client.post(f"{BASE}gammes/nouvelle/", typed).status_code == 302
    with workshop_scope(workshop.pk):
        workflow = Workflow.objects.get(name="Longue")
    with at_most(8):
        page = owner_client.get(f"{BASE}gammes/{workflow.pk}/")
    assert page.content.decode().count('name="etape"') == 201  # and the row that the page copies
    typed["etape"] = [*keys, "trop"]
    assert owner_client.post(f"{BASE}gammes/nouvelle/", {**typed, "name": "Autre"}).status_code == 422


@pytest.mark.spec("PRF-03")
def test_the_list_costs_the_same_whatever_its_length(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
        for _ in range(27):
            factories.project(workshop, customer=customer)
    with at_most(8):
        page = owner_client.get(BASE)
    assert page.content.decode().count("row-link") == 25


@pytest.mark.parametrize("name", ["priorite", "poudre", "client"])
@pytest.mark.parametrize("value", ["9" * 5000, "²", "\u0663", "7"])
def test_a_filter_made_by_hand_never_fails(owner_client: Client, project: Project, name: str, value: str) -> None:
    assert owner_client.get(BASE, {name: value}).status_code == 200


def do_the_work(workshop: Workshop, project: Project) -> None:
    """Validate every step, each item of its list passed."""
    with workshop_scope(workshop.pk):
        for step in list_steps(project):
            answers = ["pass"] * len(step.checklist)
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step, answers=answers)


@pytest.mark.spec("PRJ-07", "UXR-04")
def test_a_project_is_not_closed_by_an_answer_that_makes_no_sense(
    owner_client: Client, workshop: Workshop, project: Project
) -> None:
    do_the_work(workshop, project)
    for wrong in ({}, {"handover": "stolen"}):
        answer = owner_client.post(f"{BASE}{project.pk}/livrer/", wrong)
        assert (answer.status_code, answer.content.decode().count("data-open-on-load")) == (422, 1)
    with workshop_scope(workshop.pk):
        project.refresh_from_db()
        assert (project.status, project.delivered_at) == ("ready", None)


@pytest.mark.spec("UXR-04")
def test_the_reason_of_a_cancellation_is_kept_on_screen_when_it_is_refused(
    owner_client: Client, workshop: Workshop, project: Project
) -> None:
    reason = "Le client ne répond plus. " * 12
    answer = owner_client.post(f"{BASE}{project.pk}/annuler/", {"reason": reason})
    assert (answer.status_code, reason.strip() in answer.content.decode()) == (422, True)
    with workshop_scope(workshop.pk):
        project.refresh_from_db()
        assert project.status == "open"


@pytest.mark.spec("UXR-04")
def test_the_reason_of_a_cancellation_is_kept_on_screen_when_the_project_moved_on_meanwhile(
    owner_client: Client, workshop: Workshop, project: Project
) -> None:
    do_the_work(workshop, project)
    answer = owner_client.post(f"{BASE}{project.pk}/annuler/", {"reason": "Le client renonce"})
    page = answer.content.decode()
    dialog = page[page.index('id="cancel"') :]
    dialog = dialog[: dialog.index("</dialog>")]
    assert (answer.status_code, page.count("data-open-on-load")) == (422, 1)
    assert 'value="Le client renonce"' in dialog
    assert "Seul un projet en cours" in dialog
    with workshop_scope(workshop.pk):
        project.refresh_from_db()
        assert project.status == "ready"


@pytest.mark.spec("UXR-04", "PRJ-03")
@pytest.mark.parametrize(
    ("reason", "said"),
    [("Coulure. " * 40 + "Fin", "250"), ("Coulure", "Seule la dernière étape"), ("", "undo_reason_error")],
)
def test_the_reason_of_a_step_taken_back_is_kept_on_screen_when_it_is_refused(
    operator_client: Client, workshop: Workshop, project: Project, reason: str, said: str
) -> None:
    """Too long, or typed in a tab where the step was still the latest, or none."""
    with workshop_scope(workshop.pk):
        for step in list_steps(project)[:2]:
            answers = ["pass"] * len(step.checklist)
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step, answers=answers)
        first, second = list_steps(project)[:2]
    refused = first if reason == "Coulure" else second
    answer = operator_client.post(f"{BASE}{project.pk}/etapes/{refused.pk}/reprendre/", {"reason": reason})
    page = answer.content.decode()
    dialog = page[page.index('id="undo"') :]
    dialog = dialog[: dialog.index("</dialog>")]
    assert (answer.status_code, page.count("data-open-on-load")) == (422, 1)
    assert "data-open-on-load" in dialog and f"/etapes/{refused.pk}/reprendre/" in dialog
    assert said in dialog
    assert (f'value="{reason}"' in dialog) == bool(reason)
    with workshop_scope(workshop.pk):
        assert [step.is_done for step in list_steps(project)[:3]] == [True, True, False]


@pytest.mark.spec("PRJ-03")
def test_a_step_is_taken_back_for_a_reason(operator_client: Client, workshop: Workshop, project: Project) -> None:
    with workshop_scope(workshop.pk):
        step = list_steps(project)[0]
        validate_step(workshop=workshop, actor=factories.ACTOR, step=step, answers=["pass"] * len(step.checklist))
    page = operator_client.get(f"{BASE}{project.pk}/").content.decode()
    assert f"/etapes/{step.pk}/reprendre/" in page and "data-open-on-load" not in page
    answer = operator_client.post(f"{BASE}{project.pk}/etapes/{step.pk}/reprendre/", {"reason": "Coulure"})
    assert answer.status_code == 302
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[0].is_done


@pytest.mark.spec("UXR-04", "PRJ-01")
def test_a_project_refused_keeps_the_customer_that_was_chosen(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop, company="Serrurerie des Alpes")
    typed = {"customer": customer.pk, "title": "", "designation": "Grille", "quantity": "2,5", "priority": "2"}
    answer = owner_client.post(f"{BASE}nouveau/", typed)
    page = answer.content.decode()
    assert (answer.status_code, "Serrurerie des Alpes" in page, "Grille" in page) == (422, True, True)
    with workshop_scope(workshop.pk):
        assert not Project.objects.exists()


@pytest.mark.spec("QUA-04")
@pytest.mark.parametrize("days", [("0001-01-01", "9999-12-31"), ("9999-12-31", "0001-01-01"), ("hier", "demain")])
def test_the_figures_of_quality_end_where_dates_can_be_counted(owner_client: Client, days: tuple[str, str]) -> None:
    for page in ("qualite/", "qualite/export/"):
        assert owner_client.get(BASE + page, {"du": days[0], "au": days[1]}).status_code == 200


@pytest.mark.spec("PRJ-03", "UXR-04")
def test_a_validation_that_is_refused_keeps_what_was_typed(
    operator_client: Client, project: Project, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        *steps, last = list_steps(project)
        for step in steps:
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step)
    page = f"{BASE}{project.pk}/etapes/{last.pk}/valider/"
    typed = {"answer_0": "pass", "answer_1": "fail", "answer_2": "na", "remark_1": "42 µm", "comment": "Bas du vantail"}
    for missing in ({}, {"answer_3": "pass"}):  # an item without an answer; one that failed
        answer = operator_client.post(page, {**typed, **missing})
        shown = answer.content.decode()
        assert (answer.status_code, "42 µm" in shown, "Bas du vantail" in shown) == (422, True, True)
        assert "error-summary" in shown
    stale = f"{BASE}{project.pk}/etapes/{steps[0].pk}/valider/"
    assert operator_client.post(stale, {"comment": "x" * 501}).status_code == 302
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[-1].is_done


@pytest.mark.spec("PRJ-01", "PRJ-09")
def test_two_people_in_one_project_do_not_undo_each_other_unknowingly(
    owner_client: Client, project: Project, workshop: Workshop
) -> None:
    page = f"{BASE}{project.pk}/modifier/"
    opened = owner_client.get(page).context["seen"]
    assert f'name="seen" value="{opened}"' in owner_client.get(page).content.decode()
    typed = {"priority": project.priority, "final_use": "", "note": "", "seen": opened}
    assert owner_client.post(page, {**typed, "note": "Fragile"}).status_code == 302
    told = owner_client.post(page, {**typed, "final_use": "Bord de mer"})
    assert told.status_code == 422
    assert "Bord de mer" in told.content.decode()
    with workshop_scope(workshop.pk):
        kept = Project.objects.get()
        assert (kept.note, kept.final_use) == ("Fragile", "")
    assert (
        owner_client.post(page, {**typed, "final_use": "Bord de mer", "seen": told.context["seen"]}).status_code == 302
    )
    with workshop_scope(workshop.pk):
        assert Project.objects.get().final_use == "Bord de mer"


@pytest.mark.spec("PRJ-09", "AUD-01")
def test_a_project_saved_as_it_was_tells_of_no_change(
    owner_client: Client, project: Project, workshop: Workshop
) -> None:
    owner_client.post(f"{BASE}{project.pk}/modifier/", {"priority": project.priority, "final_use": "", "note": ""})
    with workshop_scope(workshop.pk):
        assert not AuditEntry.objects.filter(action="project.edited").exists()
