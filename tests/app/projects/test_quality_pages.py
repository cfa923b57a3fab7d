"""The pages of non-conformities: who may, what is refused, what is shown."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from app.projects.constants import TermKind
from app.projects.models import Nonconformity, Photo, Project, QualityTerm
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.workflows import StepData, save_workflow
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

BASE = "/app/atelier-vulcain/projets/"


@pytest.fixture
def project(workshop: Workshop) -> Project:
    with workshop_scope(workshop.pk):
        supply_terms(workshop=workshop)
        project = factories.project(workshop)
        validate_step(workshop=workshop, actor=Actor.system("tests"), step=list_steps(project)[0])
        return project


def picture(name: str = "defaut.jpg") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (640, 480), "#7a2e0e").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def typed(workshop: Workshop, project: Project, **more: object) -> dict[str, object]:
    with workshop_scope(workshop.pk):
        defect, step = list_terms(TermKind.DEFECT)[0], list_steps(project)[0]
    return {"defect": defect.pk, "comment": "Grains", "return_to": step.pk, "corrective_action": "", **more}


def only(workshop: Workshop) -> Nonconformity:
    with workshop_scope(workshop.pk):
        return Nonconformity.objects.select_related("defect").get()


@pytest.mark.spec("QUA-02", "QUA-03", "PRJ-12")
def test_an_operator_declares_with_a_photo_and_both_passes_show(
    operator_client: Client, workshop: Workshop, project: Project
) -> None:
    page = f"{BASE}{project.pk}/non-conformites/nouvelle/"
    assert operator_client.get(page).status_code == 200
    sent = typed(workshop, project, photos=[picture(), picture("autre.jpg")])
    assert operator_client.post(page, sent).status_code == 302
    with workshop_scope(workshop.pk):
        held = only(workshop)
        photos = list(Photo.objects.filter(nonconformity=held))
        assert [photo.moment for photo in photos] == ["defect", "defect"]
        assert [step.pass_number for step in list_steps(project)][:2] == [1, 2]
    shown = operator_client.get(f"{BASE}{project.pk}/").content.decode()
    assert shown.count(str(held.defect)) >= 2
    assert "timeline-pass" in shown


@pytest.mark.spec("QUA-02")
def test_a_file_that_is_no_photo_is_said_and_the_declaration_stays(
    owner_client: Client, workshop: Workshop, project: Project
) -> None:
    false = SimpleUploadedFile("faux.jpg", b"pas une image", content_type="image/jpeg")
    page = f"{BASE}{project.pk}/non-conformites/nouvelle/"
    answer = owner_client.post(page, typed(workshop, project, photos=[false]), follow=True)
    assert "faux.jpg" in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert Nonconformity.objects.count() == 1
        assert not Photo.objects.exists()


@pytest.mark.spec("QUA-02", "ROL-06")
def test_readers_declare_and_close_nothing(
    viewer_client: Client, workshop: Workshop, project: Project, actor: Actor
) -> None:
    page = f"{BASE}{project.pk}/non-conformites/nouvelle/"
    assert viewer_client.get(page).status_code == 403
    assert viewer_client.post(page, typed(workshop, project)).status_code == 403
    with workshop_scope(workshop.pk):
        assert not Nonconformity.objects.exists()
        step = list_steps(project)[1]
        declare_nonconformity(
            workshop=workshop, actor=actor, project=project, step=step, defect=QualityTerm.objects.all()[0]
        )
    held = only(workshop)
    one = f"{BASE}{project.pk}/non-conformites/{held.pk}/"
    assert viewer_client.get(one).status_code == 200
    assert viewer_client.post(one, {"corrective_action": "x"}).status_code == 403
    assert viewer_client.post(f"{one}clore/").status_code == 403
    assert only(workshop).is_open


@pytest.mark.spec("QUA-02", "ROL-03")
def test_an_operator_completes_it_without_touching_the_cost(
    operator_client: Client, owner_client: Client, workshop: Workshop, project: Project
) -> None:
    owner_client.post(f"{BASE}{project.pk}/non-conformites/nouvelle/", typed(workshop, project))
    held = only(workshop)
    page = f"{BASE}{project.pk}/non-conformites/{held.pk}/"
    done = {"corrective_action": "Ponçage", "rework_minutes": "30", "cost": "55.10"}
    assert owner_client.post(page, done).status_code == 302
    assert operator_client.post(page, {**done, "rework_minutes": "45", "cost": "1"}).status_code == 302
    assert operator_client.post(page, {**done, "rework_minutes": "-5"}).status_code == 422
    held = only(workshop)
    assert (held.rework_minutes, str(held.cost)) == (45, "55.10")
    assert "55,10" not in operator_client.get(page).content.decode()
    assert operator_client.post(f"{page}clore/").status_code == 302
    assert not only(workshop).is_open


@pytest.mark.spec("QUA-02")
@pytest.mark.parametrize("field", ["defect", "return_to"])
def test_what_is_not_in_the_lists_is_refused(
    owner_client: Client, workshop: Workshop, project: Project, field: str
) -> None:
    page = f"{BASE}{project.pk}/non-conformites/nouvelle/"
    assert owner_client.post(page, typed(workshop, project, **{field: 999_999})).status_code == 422
    with workshop_scope(workshop.pk):
        assert not Nonconformity.objects.exists()


@pytest.mark.spec("PRJ-03")
def test_a_step_that_asks_for_a_photo_waits_for_it(operator_client: Client, workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        steps = [StepData("Réception", needs_photo=True), StepData("Fin")]
        save_workflow(workshop=workshop, actor=actor, name="Photo", steps=steps, is_default=True)
        project = factories.project(workshop)
        [step, _end] = list_steps(project)
    page = f"{BASE}{project.pk}/etapes/{step.pk}/valider/"
    answer = operator_client.post(page, {"comment": ""}, follow=True)
    assert "Réception" in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert not list_steps(project)[0].is_done
    operator_client.post(page, {"comment": "", "photos": [picture()]})
    with workshop_scope(workshop.pk):
        assert list_steps(project)[0].is_done
        assert Photo.objects.get().step_id == step.pk


@pytest.mark.spec("QUA-02", "ROL-03")
def test_the_lists_are_set_by_whoever_sets_the_workshop(
    owner_client: Client, operator_client: Client, workshop: Workshop
) -> None:
    page = f"{BASE}qualite/listes/"
    assert operator_client.get(page).status_code == 403
    assert owner_client.get(page).status_code == 200
    assert owner_client.post(page, {"kind": "defect", "name": "Voile blanc"}).status_code == 302
    assert owner_client.post(page, {"kind": "defect", "name": "voile blanc"}).status_code == 422
    assert owner_client.post(page, {"kind": "autre", "name": "x"}).status_code == 422
    with workshop_scope(workshop.pk):
        term = QualityTerm.objects.get(name="Voile blanc")
    assert owner_client.post(f"{page}{term.pk}/", {"name": "Voile"}).status_code == 302
    assert owner_client.post(f"{page}{term.pk}/retirer/").status_code == 302
    assert "Voile" not in owner_client.get(page).content.decode()
    assert owner_client.post(f"{page}{term.pk}/retirer/").status_code == 404


def test_the_story_of_a_project_names_a_defect_as_it_is_called_now(
    operator_client: Client, workshop: Workshop, project: Project
) -> None:
    operator_client.post(f"{BASE}{project.pk}/non-conformites/nouvelle/", typed(workshop, project))
    with workshop_scope(workshop.pk):
        defect = only(workshop).defect
    assert defect.name in operator_client.get(f"{BASE}{project.pk}/").content.decode()
    with workshop_scope(workshop.pk):
        QualityTerm.objects.filter(pk=defect.pk).update(name="Cratères")
    page = operator_client.get(f"{BASE}{project.pk}/").content.decode()
    assert "Cratères" in page and f": {defect.name}<" not in page
