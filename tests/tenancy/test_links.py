"""The addresses of a workshop's pages are those of the routes, however they are written."""

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from app.tenancy.links import path_in


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("batches:group", {"key": "12-2-0-1-180-20-3"}),
        ("batches:group", {"key": "12-2-0-1-{0}-%41"}),
        ("batches:batch_detail", {"batch_pk": 7}),
        ("projects:step_validate", {"project_pk": 7, "step_pk": 70}),
        ("batches:recommended", {}),
    ],
)
def test_a_path_written_once_is_the_one_of_the_route(name: str, keys: dict[str, Any]) -> None:
    assert path_in("atelier-vulcain", name, **keys) == reverse(
        name, kwargs={"workshop_slug": "atelier-vulcain", **keys}
    )


def test_a_key_below_zero_is_refused_as_the_route_does() -> None:
    with pytest.raises(NoReverseMatch):
        path_in("atelier-vulcain", "batches:batch_detail", batch_pk=-1)
