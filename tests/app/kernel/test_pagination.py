"""Pages after and before a row: nothing twice, nothing left out, whatever comes or goes meanwhile."""

from base64 import urlsafe_b64encode

import pytest

from app.crm.models import Customer
from app.crm.selectors import list_customers
from app.kernel.pagination import LARGEST_PAGE, keyset_page
from app.tenancy.models import Workshop
from tests import factories

KEYS = ("sort_key", "id")


@pytest.fixture
def seven(in_scope: Workshop) -> None:
    """Seven customers, three of which have the same name."""
    for name in ["Roche", "Petit", "Morel", "Durand", "Durand", "Durand", "Blin"]:
        factories.customer(in_scope, last_name=name)


def _read(size: int, *, keys: tuple[str, ...] = KEYS) -> tuple[list[int], str | None]:
    """The keys of every page forward, and the last page's way back."""
    seen: list[int] = []
    cursor = None
    while True:
        page = keyset_page(list_customers(), keys=keys, cursor=cursor, size=size)
        seen += [row.pk for row in page.rows]
        if page.next_cursor is None:
            return seen, page.previous_cursor
        cursor = page.next_cursor


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_hold_each_row_once_in_order_forward_and_back(seven: None, size: int) -> None:
    seen, back = _read(size)
    whole = list(list_customers().order_by(*KEYS).values_list("pk", flat=True))
    assert seen == whole
    before: list[int] = []
    while back is not None:
        page = keyset_page(list_customers(), keys=KEYS, cursor=back, size=size)
        before = [row.pk for row in page.rows] + before
        back = page.previous_cursor
    assert before == whole[: (len(whole) - 1) // size * size]  # all but the last page


def test_the_other_way_round_is_the_same_rows_from_the_end(seven: None) -> None:
    seen, _back = _read(3, keys=("-sort_key", "-id"))
    assert seen == list(list_customers().order_by("-sort_key", "-id").values_list("pk", flat=True))


def test_a_row_added_before_where_one_stands_moves_nothing(seven: None, in_scope: Workshop) -> None:
    whole = list(list_customers().order_by(*KEYS).values_list("pk", flat=True))
    first = keyset_page(list_customers(), keys=KEYS, size=3)
    factories.customer(in_scope, last_name="Aaaa", first_name="Aaaa")
    second = keyset_page(list_customers(), keys=KEYS, cursor=first.next_cursor, size=3)
    assert [row.pk for row in second.rows] == whole[3:6]


def test_an_empty_list_has_no_neighbours_and_a_page_no_endless_size(in_scope: Workshop) -> None:
    page = keyset_page(list_customers(), keys=KEYS)
    assert (page.rows, page.next_cursor, page.previous_cursor, bool(page)) == ([], None, None, False)
    Customer.objects.bulk_create(
        Customer(workshop=in_scope, last_name=f"N{rank:03}", sort_key=f"n{rank:03}") for rank in range(LARGEST_PAGE + 5)
    )
    assert len(keyset_page(list_customers(), keys=KEYS, size=10**6).rows) == LARGEST_PAGE


@pytest.mark.parametrize(
    "cursor", ["", "x", "%00", "é", "e30", "W10", "WyJ6IiwgImEiLCAxXQ", "WyJhIiwgImEiXQ", "WyJhIiwgImEiLCBudWxsXQ"]
)
def test_a_cursor_made_by_hand_gives_the_first_page(seven: None, cursor: str) -> None:
    first = keyset_page(list_customers(), keys=KEYS, size=3)
    assert keyset_page(list_customers(), keys=KEYS, size=3, cursor=cursor) == first


@pytest.mark.parametrize(
    "values",
    ['["a", "a", 1e400]', '["a", 1e400, 1e400]', '["a", "a", NaN]', '["b", "a", -1e400]', "[" * 5000, "9" * 5000,
     r'["a", "a\u0000", 1]', r'["a", "\ud800", 1]'],
)  # fmt: skip
def test_a_cursor_that_no_number_text_nor_memory_holds_gives_the_first_page(seven: None, values: str) -> None:
    cursor = urlsafe_b64encode(values.encode()).decode().rstrip("=")
    first = keyset_page(list_customers(), keys=KEYS, size=3)
    assert keyset_page(list_customers(), keys=KEYS, size=3, cursor=cursor) == first
