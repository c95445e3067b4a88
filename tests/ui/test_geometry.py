import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from mtbx_gui.ui.geometry import clamp, parse

LEFT = QRect(0, 0, 1920, 1080)
RIGHT = QRect(1920, 0, 1280, 1024)


@pytest.mark.parametrize(
    ("place", "screens", "expected"),
    [
        (QRect(100, 100, 1000, 700), [LEFT, RIGHT], QRect(100, 100, 1000, 700)),
        (QRect(2000, 100, 1000, 700), [LEFT, RIGHT], QRect(2000, 100, 1000, 700)),
        (QRect(2000, 100, 1000, 700), [LEFT], QRect(920, 100, 1000, 700)),
        (QRect(1500, 50, 1000, 700), [LEFT, RIGHT], QRect(1500, 50, 1000, 700)),
        (QRect(-3000, -3000, 800, 600), [LEFT], QRect(0, 0, 800, 600)),
        (QRect(0, 0, 5000, 5000), [LEFT], QRect(0, 0, 1920, 1080)),
        (QRect(1900, 1070, 800, 600), [LEFT], QRect(1120, 480, 800, 600)),
        (QRect(-700, 100, 800, 600), [LEFT], QRect(0, 100, 800, 600)),
    ],
)
def test_window_is_brought_back_onto_a_screen(place: QRect, screens: list[QRect], expected: QRect) -> None:
    assert clamp(place, screens, LEFT) == expected


coordinates = st.integers(-10_000, 10_000)
lengths = st.integers(1, 9_000)


@given(coordinates, coordinates, lengths, lengths, st.booleans())
def test_at_least_half_of_the_window_and_its_title_are_always_seen(x, y, width, height, two) -> None:
    screens = [LEFT, RIGHT] if two else [LEFT]
    found = clamp(QRect(x, y, width, height), screens, LEFT)
    seen = sum(
        found.intersected(s).width() * found.intersected(s).height() for s in screens if found.intersects(s)
    )
    assert seen * 2 >= found.width() * found.height()
    assert any(screen.contains(found.topLeft()) for screen in screens)


@pytest.mark.parametrize("text", ["", "1 2 3", "a b c d e", "0 0 0 0 0", "1 2 -3 4 0"])
def test_remembered_nonsense_is_no_place(text: str) -> None:
    assert parse(text) == (None, False)


def test_window_comes_back_where_it_stood(make_shell, settings) -> None:
    shell = make_shell()
    shell.setGeometry(30, 40, 700, 500)
    shell.close()
    again = make_shell()
    assert again.geometry() == QRect(30, 40, 700, 500)


def test_window_of_a_removed_monitor_comes_back_to_the_one_that_is_left(make_shell, settings) -> None:
    settings.data.window = "9000 9000 600 400 0"
    shell = make_shell()
    assert shell.screen().availableGeometry().contains(shell.geometry())
