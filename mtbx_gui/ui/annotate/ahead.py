"""Gets the next card's answers ready while one is read: rendered in a thread, laid out between events.

It must not decide which card is next, and a card that never comes up costs nothing but its time.
"""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer

from mtbx_gui.annotation.card import Card
from mtbx_gui.ui.annotate.card_view import CardView, Look, html_pieces
from mtbx_gui.ui.tasks import Tasks


@dataclass(frozen=True)
class _Rendered:
    """One card's two answers as pieces of HTML, for the look they were rendered in."""

    texts: tuple[str, str]
    looks: tuple[Look, Look]
    html: tuple[list[str], list[str]]


class Ahead(QObject):
    """`prepare(card)` makes both views ready to show the last turns of `card` at once."""

    def __init__(self, tasks: Tasks, left: CardView, right: CardView) -> None:
        super().__init__(left)
        self._tasks = tasks
        self._views = (left, right)
        self._wanted: tuple[str, str] | None = None

    def prepare(self, card: Card) -> None:
        """Begin; a card that was begun before and never finished is forgotten."""
        texts = (card.answer_a[-1], card.answer_b[-1])
        if texts != self._wanted:
            self._wanted = texts
            looks = (self._views[0].look(), self._views[1].look())
            self._tasks.run(partial(_render, texts, looks), self._rendered)

    def forget(self) -> None:
        """What is being prepared is no longer wanted."""
        self._wanted = None

    def _rendered(self, found: _Rendered) -> None:
        if found.texts != self._wanted:
            return
        for view, text, html, look in zip(self._views, found.texts, found.html, found.looks, strict=True):
            view.prepare(text, html, look)
        self._lay_out_more()

    def _lay_out_more(self) -> None:
        """One piece per turn of the event loop, the left view first."""
        if any(view.prepare_more() for view in self._views):
            QTimer.singleShot(0, self, self._lay_out_more)


def _render(texts: tuple[str, str], looks: tuple[Look, Look]) -> _Rendered:
    return _Rendered(texts, looks, (html_pieces(texts[0], looks[0]), html_pieces(texts[1], looks[1])))
