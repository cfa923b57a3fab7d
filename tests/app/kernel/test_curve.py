"""The curing curve as the progress of a project."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.curve import HEIGHT, WIDTH, curve_of, heat


def test_the_curve_ramps_up_holds_and_cools_down() -> None:
    assert heat(0) == 0
    assert heat(0.36) == heat(0.5) == heat(0.74) == pytest.approx(1)
    assert heat(0.1) < heat(0.2) < heat(0.3)
    assert heat(0.8) > heat(0.9) > heat(1.0) > 0


@given(count=st.integers(1, 40), current=st.integers(-1, 41))
def test_every_step_stays_inside_the_drawing_and_only_one_is_in_progress(count: int, current: int) -> None:
    curve = curve_of([f"step {rank}" for rank in range(count)], current)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in curve.points)
    assert [point.state for point in curve.points].count("now") == (1 if 0 <= current < count else 0)
    assert [point.label for point in curve.points] == [f"step {rank}" for rank in range(count)]


def test_a_finished_project_has_no_path_left_and_no_step_in_progress() -> None:
    curve = curve_of(["Reception", "Curing"], 2)
    assert curve.todo == ""
    assert curve.now is None
    assert [point.state for point in curve.points] == ["done", "done"]


def test_the_heated_path_ends_where_the_step_in_progress_stands() -> None:
    curve = curve_of(["Reception", "Powdering", "Curing"], 1)
    assert curve.now is not None
    assert curve.position == 2
    assert curve.done.endswith(f"{curve.now.x} {curve.now.y}")
    assert curve.todo.startswith(f"M{curve.now.x} {curve.now.y}")
