"""The image of a signature: what only says to be a picture is refused in words."""

import pytest

from app.documents.images import clean_image
from app.kernel.errors import RuleError
from tests.app.accounts.test_photo import bomb


@pytest.mark.parametrize("side", [6_400, 9_500, 30_000, 2**31 - 1])
def test_an_image_that_only_unfolds_huge_is_refused(side: int) -> None:
    with pytest.raises(RuleError):
        clean_image(bomb(side))
