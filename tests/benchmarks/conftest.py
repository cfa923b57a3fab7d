"""Benchmarks run as production does."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def questions_asked_once(settings: Any) -> None:
    settings.QUESTIONS_ARE_COMPARED = False
