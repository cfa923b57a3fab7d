"""Rules of the catalogue: identity, prices, archive, the shared chart."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import translation

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.powders.catalogue import ral_classic
from app.powders.constants import Finish, PowderType
from app.powders.models import Powder, ReferenceColour
from app.powders.selectors import find_colour, find_price, price_history, search_colours
from app.powders.services.powders import PowderData, create_powder, set_price, update_powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

DATA = PowderData(brand="Adapta", reference="A-1", type=PowderType.POLYESTER, finish=Finish.MATT)


@pytest.fixture
def powder(in_scope: Workshop, actor: Actor) -> Powder:
    return create_powder(workshop=in_scope, actor=actor, data=DATA)


@pytest.mark.spec("POW-06")
@pytest.mark.parametrize("reference", ["a-1", "  A-1 ", "A-1"])
def test_reference_type_and_finish_name_one_powder_whatever_the_case(
    powder: Powder, in_scope: Workshop, actor: Actor, reference: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        create_powder(workshop=in_scope, actor=actor, data=PowderData("Other", reference, DATA.type, DATA.finish))
    assert refusal.value.field == "reference"
    assert Powder.objects.count() == 1
    create_powder(workshop=in_scope, actor=actor, data=PowderData("Adapta", "A-1", DATA.type, Finish.SATIN))
    create_powder(workshop=in_scope, actor=actor, data=PowderData("Adapta", "A-1", PowderType.EPOXY, DATA.finish))
    assert Powder.objects.count() == 3


@pytest.mark.spec("POW-07")
def test_a_past_day_keeps_its_price(powder: Powder, in_scope: Workshop, actor: Actor) -> None:
    for price, day in (("8.50", date(2026, 1, 1)), ("9.20", date(2026, 6, 1))):
        set_price(workshop=in_scope, actor=actor, powder=powder, price_per_kg=Decimal(price), valid_from=day)
    assert find_price(powder, date(2025, 12, 31)) is None
    assert find_price(powder, date(2026, 5, 31)) == Decimal("8.50")
    assert find_price(powder, date(2026, 6, 1)) == Decimal("9.20")
    assert [(row.valid_from, row.valid_until) for row in price_history(powder)] == [
        (date(2026, 6, 1), None),
        (date(2026, 1, 1), date(2026, 5, 31)),
    ]


def test_the_same_price_adds_nothing_and_a_second_one_of_the_day_replaces(
    powder: Powder, in_scope: Workshop, actor: Actor
) -> None:
    day = date(2026, 1, 1)
    for price in ("8.50", "8.50", "8.60"):
        set_price(workshop=in_scope, actor=actor, powder=powder, price_per_kg=Decimal(price), valid_from=day)
    assert [row.price_per_kg for row in price_history(powder)] == [Decimal("8.60")]


@pytest.mark.spec("AUD-01")
def test_changes_are_written_in_the_trail(powder: Powder, in_scope: Workshop, actor: Actor) -> None:
    changed = PowderData("Adapta", "A-2", DATA.type, DATA.finish, curing_minutes=12)
    update_powder(workshop=in_scope, actor=actor, powder=powder, data=changed)
    entry = AuditEntry.objects.get(action="powder.updated")
    assert entry.changes == {"reference": ["A-1", "A-2"], "curing_minutes": [None, 12]}
    update_powder(workshop=in_scope, actor=actor, powder=powder, data=changed)
    assert AuditEntry.objects.filter(action="powder.updated").count() == 1


@pytest.mark.spec("POW-01")
def test_the_chart_holds_the_whole_range_and_loads_twice_alike(db: None) -> None:
    for _ in range(2):
        call_command("load_catalogue", verbosity=0)
    assert ReferenceColour.objects.count() == len(ral_classic()) == 215
    anthracite = find_colour("7016")
    assert anthracite
    assert (anthracite.name_fr, anthracite.name_en, anthracite.hex) == ("Gris anthracite", "Anthracite grey", "#373F43")
    assert all(colour.name_fr and colour.name_en for colour in ral_classic())


def test_loading_again_repairs_what_was_changed(db: None) -> None:
    call_command("load_catalogue", verbosity=0)
    ReferenceColour.objects.filter(code="RAL 7016").update(name_fr="Gris", hex="#000000")
    call_command("load_catalogue", verbosity=0)
    assert [colour.name_fr for colour in search_colours("ral 7016")] == ["Gris anthracite"]


@pytest.mark.parametrize("code", ["RAL 7016", "ral7016", "7016", " Ral  7016 "])
def test_a_code_is_found_however_it_is_written(db: None, code: str) -> None:
    call_command("load_catalogue", verbosity=0)
    found = find_colour(code)
    assert found
    assert found.code == "RAL 7016"


def test_what_is_no_code_finds_nothing(db: None) -> None:
    call_command("load_catalogue", verbosity=0)
    assert find_colour("") is None
    assert find_colour("bleu maison") is None


def test_a_powder_is_named_in_the_language_of_each_reading() -> None:
    powder = Powder(reference="TP-7016", type=PowderType.POLYESTER, finish=Finish.GLOSS)
    said = []
    for language in ("fr", "en", "fr"):
        with translation.override(language):
            said.append(str(powder))
    assert said == ["TP-7016 · Polyester · Brillant", "TP-7016 · Polyester · Gloss", "TP-7016 · Polyester · Brillant"]


@pytest.mark.parametrize(
    ("celsius", "minutes", "line"),
    [(180, 20, "180 °C · 20 min"), (180, None, "180 °C"), (None, 20, "20 min"), (None, None, "—")],
)
def test_the_curing_says_what_is_known(celsius: int | None, minutes: int | None, line: str) -> None:
    assert Powder(curing_temperature_c=celsius, curing_minutes=minutes).curing_line == line
