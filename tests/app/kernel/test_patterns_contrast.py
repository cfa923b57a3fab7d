"""Text and background pairs of the design tokens: 4.5:1 or better in both themes; borders of fields 3:1."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = Path(settings.ROOT, "assets/css/tokens.css").read_text()
GROUNDS = ("bg", "surface", "sunken", "hover")
SOFT = ("ok", "warn", "bad", "info")


def _theme(name: str) -> dict[str, str]:
    root = TOKENS[TOKENS.index(":root {") : TOKENS.index("@theme")]
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in root.split("@variant dark"))
    return light if name == "light" else light | dark


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.1, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _pairs() -> list[tuple[str, str]]:
    on_grounds = [(text, ground) for text in ("ink", "ink-2", "ink-3", "ember-ink", *SOFT) for ground in GROUNDS]
    on_soft = [(text, f"{text}-soft") for text in SOFT] + [("ember-ink", "ember-soft")]
    on_solid = [
        ("on-ember", "ember"),
        ("on-ember", "ember-hover"),
        ("on-bad", "bad"),
        ("on-bad", "bad-hover"),
        ("bg", "ink"),
    ]
    return on_grounds + on_soft + on_solid


def test_the_measure_agrees_with_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.spec("A11-02")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_readable_on_every_ground(theme: str) -> None:
    tokens = _theme(theme)
    weak = {pair: ratio for pair in _pairs() if (ratio := contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5}
    assert weak == {}


@pytest.mark.spec("A11-02")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_borders_of_fields_can_be_seen(theme: str) -> None:
    tokens = _theme(theme)
    assert all(contrast(tokens["edge"], tokens[ground]) >= 3 for ground in ("bg", "surface", "sunken"))
