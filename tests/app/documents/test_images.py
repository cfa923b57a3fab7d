"""The image of a signature: what only says to be a picture is refused in words."""

import pytest

from app.documents.images import clean_image, typed_image
from app.kernel.errors import RuleError
from tests.app.accounts.test_photo import bomb


@pytest.mark.parametrize("side", [6_400, 9_500, 30_000, 2**31 - 1])
def test_an_image_that_only_unfolds_huge_is_refused(side: int) -> None:
    with pytest.raises(RuleError):
        clean_image(bomb(side))


@pytest.mark.spec("SIG-02")
@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Şükrü Yıldız", "Nguyễn Văn", "Ωμέγα", "Никола\u0438\u0306", "Jose\u0301"]
)
def test_a_name_of_europe_is_drawn_letter_by_letter(name: str) -> None:
    assert typed_image(name) != typed_image("Camille")


@pytest.mark.spec("SIG-02", "SIG-01")
@pytest.mark.parametrize("name", ["名前", "محمد", "\u200b", "\u2800", "\u3164", "\u00a0"])
def test_a_name_that_would_be_boxes_or_nothing_signs_nothing(name: str) -> None:
    with pytest.raises(RuleError) as refusal:
        typed_image(name)
    assert refusal.value.field == "name"
