"""Part numbers: unique, unambiguous, and a typing error is told."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.codes import ALPHABET, BASE, SHORTEST, CodeError, code_of, read_code
from app.projects.models import Part
from app.projects.selectors import find_part_by_code
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

ranks = st.integers(1, BASE**7)


@pytest.mark.spec("LAB-04")
def test_numbers_are_short_and_hold_no_look_alike() -> None:
    assert not set("0O1IL2Z5S8BUV") & set(ALPHABET)
    assert {len(code_of(rank)) for rank in (1, 100_000, BASE**SHORTEST)} == {6}
    assert len(code_of(BASE**SHORTEST + 1)) == 7


@pytest.mark.spec("LAB-04")
@given(ranks, ranks)
def test_two_ranks_never_share_a_number(one: int, other: int) -> None:
    assert (code_of(one) == code_of(other)) == (one == other)


@pytest.mark.spec("LAB-04")
@given(ranks, st.data())
def test_a_wrong_character_is_detected(rank: int, data: st.DataObject) -> None:
    code = code_of(rank)
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([char for char in ALPHABET if char != code[place]]))
    with pytest.raises(CodeError, match="check"):
        read_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.spec("LAB-04")
@given(ranks, st.data())
def test_two_exchanged_characters_are_detected(rank: int, data: st.DataObject) -> None:
    code = list(code_of(rank))
    left, right = data.draw(st.lists(st.integers(0, len(code) - 1), min_size=2, max_size=2, unique=True))
    if code[left] == code[right]:
        return
    code[left], code[right] = code[right], code[left]
    with pytest.raises(CodeError, match="check"):
        read_code("".join(code))


@given(ranks)
def test_a_number_is_read_however_it_is_written(rank: int) -> None:
    code = code_of(rank)
    assert read_code(f" {code[:3].lower()}-{code[3:]}\n") == code


@pytest.mark.parametrize("text", ["", "A", "OIL0158", "é" * 6, "https://exemple.fr/", "3" * 200])
def test_what_is_no_number_is_told_apart_from_a_mistyped_one(text: str) -> None:
    with pytest.raises(CodeError, match="shape"):
        read_code(text)


@pytest.mark.spec("LAB-04", "LAB-03")
def test_a_number_belongs_to_its_workshop(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        factories.project(workshop)
        mine = Part.objects.get(project=factories.project(workshop))
        assert find_part_by_code(mine.code.lower()) == mine
    with workshop_scope(other_workshop.pk):
        factories.project(other_workshop)
        assert find_part_by_code(mine.code) is None


@pytest.mark.spec("LAB-04")
def test_the_database_refuses_a_number_used_twice(in_scope: Workshop) -> None:
    part = Part.objects.get(project=factories.project(in_scope))
    part.pk = None
    with pytest.raises(IntegrityError, match="part_code_used_once"), transaction.atomic():
        part.save()
