"""What `make coverage` measures and refuses. The figure itself is its own: measuring it here would run every test twice."""

import tomllib
from pathlib import Path

import pytest
from coverage import Coverage

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]


@pytest.mark.spec("TST-01")
def test_less_than_seventy_in_a_hundred_is_refused() -> None:
    measured = Coverage(config_file=str(ROOT / "pyproject.toml"))
    assert float(measured.get_option("report:fail_under")) >= 70  # type: ignore[arg-type]
    makefile = (ROOT / "Makefile").read_text()
    assert "--cov-config=pyproject.toml" in makefile
    assert "fail-under" not in makefile  # which would weigh more


@pytest.mark.spec("TST-01")
def test_all_that_is_written_by_hand_counts() -> None:
    with_code = {path.relative_to(ROOT).parts[0] for top in ROOT.glob("[a-z]*/") for path in top.glob("**/apps.py")}
    assert set(SETTINGS["run"]["source"]) == with_code - {"node_modules"}
    assert SETTINGS["run"]["omit"] == ["*/migrations/*", "*/dataio/demo/*"]  # made by Django; rows to look at
    assert SETTINGS["run"]["branch"]
