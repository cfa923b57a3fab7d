"""The final report: every pass, every check, every non-conformity, and no price."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string

from app.kernel.errors import RuleError
from app.projects import pdf
from app.projects.constants import TermKind
from app.projects.models import Project, Step
from app.projects.selectors import list_nonconformities, list_parts, list_steps, list_terms
from app.projects.services.amending import amend_step
from app.projects.services.finishing import make_report
from app.projects.services.quality import close_nonconformity, declare_nonconformity, edit_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import edit_project, record_part, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories


@pytest.fixture
def told(in_scope: Workshop, actor: Actor) -> Project:
    """A ready project whose powdering was done twice."""
    supply_terms(workshop=in_scope)
    project = factories.project(in_scope)
    for step in list_steps(project)[:5]:
        validate_step(workshop=in_scope, actor=actor, step=step, comment=f"fait {step.name}")
    steps = list_steps(project)
    declare_nonconformity(
        workshop=in_scope, actor=actor, project=project, step=steps[5], defect=list_terms(TermKind.DEFECT)[0],
        return_to=steps[3], comment="Bas du vantail",
    )  # fmt: skip
    for step in [step for step in list_steps(project) if not step.is_done]:
        validate_step(
            workshop=in_scope, actor=actor, step=step, answers=["pass"] * len(step.checklist),
            remarks=["65 µm"] * len(step.checklist),
        )  # fmt: skip
    project.refresh_from_db()
    return project


def html_of(workshop: Workshop, project: Project, monkeypatch: pytest.MonkeyPatch) -> str:
    def as_html(template: str, context: dict[str, Any], *, accent: str = "") -> bytes:
        return render_to_string(template, context).encode()

    monkeypatch.setattr(pdf, "render_pdf", as_html)
    return pdf.report_pdf(workshop, project).decode()


@pytest.mark.spec("PRJ-05", "QUA-03", "LAB-04")
def test_it_tells_both_passes_the_checks_and_the_non_conformity(
    in_scope: Workshop, told: Project, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    [found] = list_nonconformities(told)
    edit_nonconformity(workshop=in_scope, actor=actor, nonconformity=found, cause=None, rework_minutes=30,
                       corrective_action="Pistolet réglé", cost=Decimal("87.30"))  # fmt: skip
    html = html_of(in_scope, told, monkeypatch)
    powdering = list_steps(told)[3].name
    assert html.count(f"<b>{powdering}</b>") == 2
    assert html.count('<tr class="pass">') == 2
    for said in (str(found.defect), "Bas du vantail", "Pistolet réglé", "65 µm", actor.label, f"fait {powdering}"):
        assert said in html
    [part] = list_parts(told)
    assert part.code[:3] in html
    assert "87,30" not in html
    assert "30 min" not in html


@pytest.mark.spec("PRJ-05")
def test_it_is_made_once_and_anew_when_a_non_conformity_is_completed(
    in_scope: Workshop, told: Project, actor: Actor
) -> None:
    make_report(workshop=in_scope, project_pk=told.pk)
    told.refresh_from_db()
    first = told.report_file_id
    make_report(workshop=in_scope, project_pk=told.pk)
    told.refresh_from_db()
    assert first
    assert told.report_file_id == first
    [found] = list_nonconformities(told)
    edit_nonconformity(workshop=in_scope, actor=actor, nonconformity=found, cause=None, rework_minutes=None,
                       corrective_action="Pistolet réglé", cost=None)  # fmt: skip
    close_nonconformity(workshop=in_scope, actor=actor, nonconformity=found)
    told.refresh_from_db()
    assert (told.report_file_id, told.report_asked_at is None) == (None, False)
    make_report(workshop=in_scope, project_pk=told.pk)
    told.refresh_from_db()
    assert told.report_file_id not in (None, first)


@pytest.mark.spec("PRJ-05")
def test_its_summary_counts_the_latest_pass(in_scope: Workshop, told: Project) -> None:
    steps, found = list_steps(told), list_nonconformities(told)
    checks = len(steps[-1].checklist)
    course = {(step.rank, step.is_rework) for step in steps}
    assert pdf.summary_of(steps, found) == {
        "steps": len(course), "steps_done": len(course), "checks": checks, "checks_passed": checks, "open": 1,
    }  # fmt: skip
    steps[-1].answers[0]["answer"], steps[-1].answers[1]["answer"] = "fail", "na"
    told_again = pdf.summary_of(steps, found)
    assert (told_again["checks"], told_again["checks_passed"]) == (checks - 1, checks - 2)


@pytest.mark.spec("PRJ-05", "PRJ-09")
@pytest.mark.parametrize("change", ["curing", "comment", "dates"])
def test_it_is_made_anew_when_what_it_tells_is_corrected_before_the_parts_leave(
    in_scope: Workshop, told: Project, actor: Actor, change: str
) -> None:
    make_report(workshop=in_scope, project_pk=told.pk)
    told.refresh_from_db()
    first = told.report_file_id
    [part] = list_parts(told)
    laid = {"powder": part.powder, "coats": part.coats, "primer": part.primer, "varnish": part.varnish,
            "curing_celsius": part.curing_celsius, "curing_minutes": part.curing_minutes}  # fmt: skip
    sheet = {"dropped_on": told.dropped_on, "promised_on": told.promised_on, "priority": told.priority,
             "final_use": told.final_use, "note": told.note}  # fmt: skip
    correct: dict[str, Callable[..., Any]] = {
        "curing": lambda **more: record_part(workshop=in_scope, actor=actor, part=part, **{**laid, **more}),
        "comment": lambda **more: amend_step(
            workshop=in_scope, actor=actor, step=list_steps(told)[0], **{"comment": "fait Réception", "answers": (), **more}
        ),
        "dates": lambda **more: edit_project(workshop=in_scope, actor=actor, project=told, **{**sheet, **more}),
    }  # fmt: skip
    correct[change]()  # nothing new: the report stays
    told.refresh_from_db()
    assert told.report_file_id == first
    correct[change](
        **{"curing": {"curing_celsius": 195}, "comment": {"comment": "Rayure"}, "dates": {"final_use": "Mer"}}[change]
    )
    told.refresh_from_db()
    assert told.report_file_id is None
    make_report(workshop=in_scope, project_pk=told.pk)
    told.refresh_from_db()
    assert told.report_file_id not in (None, first)


@pytest.mark.spec("WSM-04", "QUA-01")
def test_a_failure_is_not_written_into_work_that_is_over(in_scope: Workshop, told: Project, actor: Actor) -> None:
    """Two people answered a step differently, and the project has become ready with the other answer."""
    step = list_steps(told)[0]
    Step.objects.filter(pk=step.pk).update(checklist=["Sans choc"], answers=[{"item": "Sans choc", "answer": "pass"}])
    with pytest.raises(RuleError, match="conforme"):
        amend_step(workshop=in_scope, actor=actor, step=step, comment="Choc", answers=["fail"])
    step.refresh_from_db()
    assert step.answers == [{"item": "Sans choc", "answer": "pass"}]
