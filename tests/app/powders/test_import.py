"""A file of powders is written in a few queries, and tells what the same powders typed one by one would."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from app.audit.models import AuditEntry
from app.batches.services.batching import open_batch_of
from app.kernel.errors import RuleError
from app.powders.importing import guess_mapping, read_table
from app.powders.models import Powder, PowderImport, PowderPrice
from app.powders.selectors import get_powder, list_powders, price_history
from app.powders.services import imports
from app.powders.services.catalogue import load_catalogue
from app.powders.services.powders import PowderData, create_powder, set_price, update_powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories
from tests.app.batches.stage import parts_of, ready_project

HEADER = "Marque;Référence;Type;Finition;RAL;Densité;Prix/kg\n"


def kept_file(workshop: Workshop, lines: list[str], header: str) -> PowderImport:
    content = (header + "\n".join(lines)).encode()
    kept: PowderImport = PowderImport.objects.create(workshop=workshop, file_name="poudres.csv", content=content)
    return kept


def run(
    workshop: Workshop, actor: Actor, lines: list[str], *, update: bool = True, header: str = HEADER
) -> PowderImport:
    kept = kept_file(workshop, lines, header)
    mapping = guess_mapping(read_table(bytes(kept.content)).header)
    return imports.run_import(workshop=workshop, actor=actor, kept=kept, mapping=mapping, update=update)


def line(number: int, price: str = "9,80", density: str = "1,5") -> str:
    return f"Thermopoudre;TP-{number};Polyester;Texturé;{7000 + number % 40};{density};{price}"


def told(since: int = 0) -> list[tuple[str, str, object]]:
    entries = AuditEntry.objects.filter(subject_kind="powder", pk__gt=since).order_by("pk")
    return [(entry.action, entry.subject_label, entry.changes) for entry in entries]


def last_entry() -> int:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]


@pytest.mark.spec("POW-05")
def test_three_hundred_powders_cost_the_queries_of_five(in_scope: Workshop, actor: Actor) -> None:
    load_catalogue()

    def queries(first: int, rows: int) -> int:
        """Half of the powders are there, and every one of them changes."""
        there = [line(number, price="9,80") for number in range(first, first + rows // 2)]
        run(in_scope, actor, there)
        with CaptureQueriesContext(connection) as seen:
            held = run(in_scope, actor, [line(n, price="10,20", density="1,6") for n in range(first, first + rows)])
        assert held.report["counts"] == {"create": rows - rows // 2, "update": rows // 2}
        return len(seen)

    few = queries(1000, 5)
    assert queries(2000, 300) == few < 25
    assert Powder.objects.count() == PowderPrice.objects.count() == 305
    assert Powder.objects.filter(colour_name="", colour_code__startswith="RAL").count() == 0


@pytest.fixture
def there(in_scope: Workshop, actor: Actor) -> Callable[[str], Powder]:
    """A powder that has had a price since January, as it is read."""
    load_catalogue()

    def make(reference: str) -> Powder:
        data = PowderData("Adapta", reference, "polyester", "mat", notes="Sèche", density=Decimal("1.4"))
        powder = create_powder(workshop=in_scope, actor=actor, data=data)
        set_price(workshop=in_scope, actor=actor, powder=powder, price_per_kg=Decimal(8), valid_from=date(2026, 1, 1))
        return get_powder(powder.pk)

    return make


@pytest.mark.spec("POW-05", "POW-07")
def test_an_import_leaves_the_trail_and_the_prices_of_the_same_powders_typed_one_by_one(
    in_scope: Workshop, actor: Actor, there: Callable[[str], Powder]
) -> None:
    typed = there("OLD-1")
    since = last_entry()
    new = PowderData("Thermo", "NEW-1", "epoxy", "satin", colour_code="9005", density=Decimal("1.5"))
    create_powder(workshop=in_scope, actor=actor, data=new, price_per_kg=Decimal("9.80"))
    density = Decimal("1.4")
    changed = PowderData("Thermo", "OLD-1", "polyester", "mat", colour_code="7016", density=density, notes="Sèche")
    update_powder(workshop=in_scope, actor=actor, powder=typed, data=changed, price_per_kg=Decimal("8.50"))
    by_hand = told(since)

    read = there("OLD-2")
    since = last_entry()
    run(in_scope, actor, ["Thermo;NEW-2;Epoxy;Satin;9005;1,5;9,80", "Thermo;OLD-2;Polyester;Mat;7016;;8,50"])
    by_file = told(since)
    assert by_file == [(action, label.replace("-1", "-2"), changes) for action, label, changes in by_hand]
    assert [action for action, _label, _changes in by_file] == [
        "powder.created", "powder.price_changed", "powder.updated", "powder.price_changed",
    ]  # fmt: skip
    assert _prices(read) == _prices(typed)
    assert len(_prices(read)) == 2
    assert [powder.pk for powder in list_powders(query="old-2 anthracite thermo")] == [read.pk]
    assert get_powder(read.pk).current_price == Decimal("8.50")


@pytest.mark.spec("POW-05")
def test_what_a_file_does_not_say_of_a_powder_stays(
    in_scope: Workshop, actor: Actor, there: Callable[[str], Powder]
) -> None:
    powder = there("OLD-3")
    Powder.objects.filter(pk=powder.pk).update(colour_code="RAL 3004", colour_name="Pourpre maison", hex="#701f29")
    run(in_scope, actor, ["Adapta;OLD-3;Polyester;Mat;;;9,10"])
    kept = get_powder(powder.pk)
    assert (kept.density, kept.notes, kept.current_price) == (Decimal("1.4"), "Sèche", Decimal("9.10"))
    assert (kept.colour_code, kept.colour_name, kept.hex) == ("RAL 3004", "Pourpre maison", "#701f29")
    run(in_scope, actor, ["Adapta;OLD-3;Polyester;Mat;3004;1,6;"])
    kept = get_powder(powder.pk)
    assert (kept.colour_name, kept.density, kept.current_price) == ("Pourpre maison", Decimal("1.6"), Decimal("9.10"))
    run(in_scope, actor, ["Adapta;OLD-3;Polyester;Mat;7016;;"])
    kept = get_powder(powder.pk)
    assert (kept.colour_code, kept.density) == ("RAL 7016", Decimal("1.6"))
    assert kept.colour_name not in ("", "Pourpre maison") and kept.hex not in ("", "#701f29")


def _prices(powder: Powder) -> list[tuple[date, Decimal]]:
    return [(period.valid_from, period.price_per_kg) for period in price_history(powder)]


@pytest.mark.spec("POW-07")
def test_the_same_price_starts_nothing_and_a_second_one_of_the_day_replaces(in_scope: Workshop, actor: Actor) -> None:
    for price in ("9,80", "9,80", "10,20"):
        run(in_scope, actor, [line(1, price=price)])
    assert [price.price_per_kg for price in PowderPrice.objects.all()] == [Decimal("10.20")]
    assert [action for action, _label, _changes in told()].count("powder.price_changed") == 2


@pytest.mark.spec("POW-05", "POW-06")
def test_a_powder_that_somebody_adds_meanwhile_refuses_the_file_whole(
    in_scope: Workshop, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_powder(workshop=in_scope, actor=actor, data=PowderData("Adapta", "tp-1", "polyester", "texture"))
    monkeypatch.setattr(imports, "powders_by_identity", dict)
    since = last_entry()
    with pytest.raises(RuleError) as refused:
        run(in_scope, actor, [line(2), line(1)])
    assert refused.value.field == "reference"
    assert [powder.reference for powder in Powder.objects.all()] == ["tp-1"]
    assert last_entry() == since
    assert not PowderPrice.objects.exists()
    assert not PowderImport.objects.exclude(imported_at=None).exists()


@pytest.mark.spec("BAT-03")
def test_a_file_that_would_change_the_curing_of_a_batch_is_refused_whole(in_scope: Workshop, actor: Actor) -> None:
    powder = factories.powder(in_scope, reference="TP-1", type="polyester", finish="texture")
    open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(ready_project(in_scope, powder)))
    since = last_entry()
    with pytest.raises(RuleError, match="une série"):
        run(in_scope, actor, [f"{line(2)};190", f"{line(1)};190"], header=HEADER.replace("\n", ";Température\n"))
    assert Powder.objects.get().curing_temperature_c == 180
    assert last_entry() == since
