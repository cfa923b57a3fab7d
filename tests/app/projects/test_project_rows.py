"""The rows of the pages of a project, a quote and a batch that are drawn once say what has changed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context

from app.audit.models import AuditEntry
from app.audit.templatetags.history import history_line
from app.batches.templatetags.batch_rows import pick_row
from app.crm.models import Customer
from app.powders.models import Powder
from app.projects.models import Nonconformity, Part, Project, QualityTerm, Step
from app.projects.passes import Event
from app.projects.templatetags.project_rows import course_event, part_row
from app.quotes.models import QuoteLine
from app.quotes.templatetags.quote_rows import quote_line
from app.tenancy.models import Workshop

AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
CONTEXT = Context({"workshop": Workshop(slug="atelier-vulcain")})


def powder(**more: Any) -> Powder:
    return Powder(
        **{
            "pk": 3,
            "reference": "TP-1",
            "type": "polyester",
            "finish": "satin",
            "colour_code": "RAL 3020",
            "colour_name": "Rouge",
            "hex": "#c1121c",
        }
        | more
    )


def project(**more: Any) -> Project:
    told = {"pk": 2, "number": "2611-1", "current_step": "Poudrage", "customer": Customer(pk=1, last_name="Zola")}
    return Project(**told | more)


def part(**more: Any) -> Part:
    told = {"pk": 4, "code": "GTM4DT", "designation": "Cadre", "quantity": Decimal(1), "powder": powder()}
    return Part(**told | {"project": project()} | more)


def step(**more: Any) -> Step:
    answers = [{"item": "Teinte", "answer": "pass", "remark": ""}]
    told = {"pk": 5, "name": "Contrôle", "done_at": AT, "done_by_name": "Léa", "comment": "Bon", "answers": answers}
    return Step(**told | more)


def found(**more: Any) -> Nonconformity:
    told = {"pk": 6, "project_id": 2, "defect": QualityTerm(pk=1, name="Grains"), "declared_at": AT,
            "declared_by_name": "Léa", "comment": "Sur le flanc", "returned_to": "Sablage"}  # fmt: skip
    return Nonconformity(**told | more)


def line(**more: Any) -> QuoteLine:
    told = {"kind": "job", "designation": "Portail", "quantity": Decimal(2), "powder": powder(), "coats": 1,
            "surface_m2": Decimal("1.5"), "powder_kg": Decimal("0.3"), "total_excl_tax": Decimal(100)}  # fmt: skip
    return QuoteLine(**told | more)


def entry(**more: Any) -> AuditEntry:
    return AuditEntry(**{"action": "quote.created", "at": AT, "actor": "Léa"} | more)


#: How a row is drawn, and what changes in it one after the other, each from the same beginning.
ROWS: dict[str, tuple[Callable[..., str], list[dict[str, Any]]]] = {
    "a part to tick": (
        lambda ticked=False, **more: pick_row(part(**more), ticked),
        [
            {"pk": 9}, {"designation": "Jante"}, {"quantity": Decimal(2)}, {"surface_m2": Decimal("0.5")},
            {"ticked": True}, {"project": project(number="2611-2")}, {"project": project(current_step="Sablage")},
            {"project": project(promised_on=date(2026, 12, 1))},
            {"project": project(customer=Customer(pk=1, last_name="Hugo"))},
        ],
    ),
    "a part": (
        lambda status="open", may=True, **more: part_row(CONTEXT, part(**more), project(status=status), may),
        [
            {"code": "XFA7KX"}, {"designation": "Jante"}, {"quantity": Decimal(2)}, {"surface_m2": Decimal("0.5")},
            {"powder": None}, {"powder": powder(colour_name="Bleu")}, {"powder": powder(hex="#000000")}, {"coats": 2},
            {"primer": True}, {"varnish": True}, {"curing_celsius": 180}, {"pk": 9}, {"may": False},
            {"status": "delivered"},
        ],
    ),
    "a step": (
        lambda waiting=None, begins=None, **more: course_event(CONTEXT, Event(step=step(**more), begins=begins), waiting),
        [
            {"name": "Sablage"}, {"done_by_name": "Paul"}, {"comment": "<b>"}, {"begins": 2}, {"done_at": None},
            {"done_at": None, "waiting": step(done_at=None)}, {"done_at": None, "needs_photo": True},
            {"answers": [{"item": "Teinte", "answer": "fail", "remark": ""}]},
            {"answers": [{"item": "Teinte", "answer": "pass", "remark": "Un peu claire"}]},
            {"answers": [{"item": "Brillance", "answer": "pass", "remark": ""}]},
        ],
    ),
    "a non-conformity": (
        lambda **more: course_event(CONTEXT, Event(nonconformity=found(**more)), None),
        [
            {"pk": 9}, {"defect": QualityTerm(pk=1, name="Cratères")}, {"declared_by_name": "Paul"}, {"comment": ""},
            {"returned_to": "Grenaillage"},
        ],
    ),
    "a line of a quote": (
        lambda **more: quote_line(line(**more)),
        [
            {"designation": "Clôture"}, {"quantity": Decimal(4)}, {"powder": powder(colour_name="Bleu")}, {"coats": 2},
            {"primer": True}, {"varnish": True}, {"curing_celsius": 180}, {"surface_m2": Decimal(3)},
            {"powder_kg": Decimal(1)}, {"total_excl_tax": Decimal(90)}, {"kind": "item"},
        ],
    ),
    "a line of a history": (
        lambda **more: history_line(entry(**more)),
        [{"action": "quote.sent"}, {"actor": "Paul"}, {"at": AT.replace(minute=6)}],
    ),
}  # fmt: skip


@pytest.mark.spec("PRF-03")
@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_has_changed(name: str) -> None:
    draw, changes = ROWS[name]
    drawn = [draw(), *(draw(**change) for change in changes)]
    assert drawn[0] not in drawn[1:]
    assert [draw(), *(draw(**change) for change in changes)] == drawn


def test_what_was_typed_into_a_row_is_escaped() -> None:
    rows = [pick_row(part(designation="<i>"), False), part_row(CONTEXT, part(designation="<i>"), project(), True),
            course_event(CONTEXT, Event(step=step(comment="<i>")), None), quote_line(line(designation="<i>")),
            course_event(CONTEXT, Event(nonconformity=found(comment="<i>")), None), history_line(entry(actor="<i>"))]  # fmt: skip
    assert all("<i>" not in row and "&lt;i&gt;" in row for row in rows)
