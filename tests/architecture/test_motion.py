"""What moves on screens moves little, and not at all for who has asked for that."""

import re
from itertools import chain

import pytest

from devtools.paths import REPOSITORY

pytestmark = pytest.mark.spec("UXR-05")
#: In seconds: an answer to a hand, and what turns or shines while one waits.
LONGEST_TRANSITION, LONGEST_ANIMATION = 0.3, 2.0
DECLARED = re.compile(r"\b(transition|animation)(?:-duration)?:([^;}]*)")
DURATION = re.compile(r"(?<![\w.])(\d*\.?\d+)(m?s)\b")


def test_every_built_style_sheet_stops_what_moves_for_who_asks() -> None:
    built = sorted((REPOSITORY / "static" / "dist").glob("*.css"))
    assert {"app.css", "floor.css", "public.css"} <= {sheet.name for sheet in built}
    for sheet in built:
        rules = re.sub(r"\s", "", sheet.read_text())
        _before, asked, after = rules.partition("@media(prefers-reduced-motion:reduce){*,")
        assert asked, sheet.name
        for declaration in ("transition-duration:0s!important", "animation-iteration-count:1!important"):
            assert declaration in after[:400], (sheet.name, declaration)
        assert re.search(r"animation-duration:\.?0?\.?01ms!important", after[:400]), sheet.name


def test_what_moves_is_short() -> None:
    sheets = (REPOSITORY / "assets" / "css").glob("*.css")
    found = list(chain.from_iterable(DECLARED.findall(sheet.read_text()) for sheet in sheets))
    assert len(found) > 10
    for kind, value in found:
        longest = LONGEST_TRANSITION if kind == "transition" else LONGEST_ANIMATION
        for number, unit in DURATION.findall(value):
            assert float(number) / (1000 if unit == "ms" else 1) <= longest, value


def test_no_script_moves_by_itself() -> None:
    for script in (REPOSITORY / "assets" / "js").glob("**/*.js"):
        words = script.read_text()
        assert 'behavior: "smooth"' not in words and ".animate(" not in words, script.name
