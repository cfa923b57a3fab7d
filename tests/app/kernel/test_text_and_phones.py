"""Words and telephone numbers made comparable."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.phones import display_phone, normalise_phone
from app.kernel.text import fold, tokens


@pytest.mark.spec("CRM-04")
@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("  Élodie  LEFÈVRE ", "elodie lefevre"),
        ("Cœur-d'Ormes & Fils, S.A.R.L.", "coeur d ormes fils s a r l"),
        ("Straße № 5", "strasse no 5"),
        ("e\u0301te\u0301", "ete"),
        ("!?", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_count(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@given(st.text())
def test_folding_twice_changes_nothing(raw: str) -> None:
    assert fold(fold(raw)) == fold(raw)


def test_tokens_are_distinct_and_in_order() -> None:
    assert tokens("Portail Forgé, portail noir") == ["portail", "forge", "noir"]


@pytest.mark.spec("CRM-04")
@pytest.mark.parametrize(
    "raw",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "0612345678",
        "612345678",
        "612345678.0",
        "33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033 6 12 34 56 78",
        "\u00a006\u00a012\u202f34 56 78 ",
    ],
)
def test_every_way_to_write_a_french_number_gives_the_same(raw: str) -> None:
    assert normalise_phone(raw) == "+33612345678"


def test_numbers_overseas_and_abroad_keep_their_country() -> None:
    assert normalise_phone("0692 12 34 56") == "+262692123456"
    assert normalise_phone("+32 470 12 34 56") == "+32470123456"


@pytest.mark.parametrize(
    "raw",
    ["", "abc", "12", "6,12E+08", "06 12 34 56 78 / 01 44 55 66 77", "00000000000"],
)
def test_what_is_no_number_is_not_guessed(raw: str) -> None:
    assert normalise_phone(raw) is None


def test_display_spaces_french_numbers_and_leaves_text_alone() -> None:
    assert display_phone("+33612345678") == "06 12 34 56 78"
    assert display_phone("+32470123456") == "+32 470 12 34 56"
    assert display_phone("poste 12") == "poste 12"


@given(st.integers(min_value=100_000_000, max_value=999_999_999))
def test_a_number_that_is_valid_is_spaced_as_the_library_spaces_it(number: int) -> None:
    parsed = phonenumbers.parse(f"+33{number}")
    if phonenumbers.is_valid_number(parsed):
        national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert display_phone(f"+33{number}") == national
