"""The runs at work, at the lower edge of the window: a dot, the name, how far; a click opens the run."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
)

from mtbx_gui.runs.watch import RunView
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.run_board import board_of, money_words, state_word
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.progress_line import duration
from mtbx_gui.ui.widgets.state_label import draw_dot

MOST = 3


class RunStrip(QWidget):
    """Up to three runs side by side and, when there are more, how many."""

    def __init__(self, context: StudyContext) -> None:
        super().__init__()
        self.setObjectName("run_strip")
        self.setAccessibleName(tr("Runs at work"))
        self._context = context
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.buttons = [RunButton(self) for _ in range(MOST)]
        for number, button in enumerate(self.buttons):
            button.setObjectName(f"run_strip_{number + 1}")
            button.clicked.connect(lambda _checked=False, b=button: self._open(b.run_id))
            row.addWidget(button)
        self.more = QToolButton(self)
        self.more.setObjectName("run_strip_more")
        self.more.setAutoRaise(True)
        self.more.clicked.connect(lambda _checked=False: context.go(Target("tab", "runs")))
        row.addWidget(self.more)
        self.quiet = QLabel(tr("no run at work"), self)
        self.quiet.setObjectName("run_strip_quiet")
        self.quiet.setProperty("muted", True)
        row.addWidget(self.quiet)
        row.addStretch(1)
        board = board_of(context)
        board.polled.connect(self._show)
        self._show(board.views)

    def _show(self, views: list[RunView]) -> None:
        active = [view for view in views if view.info.state.active]
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(active))
            if number < len(active):
                button.show_run(active[number])
        rest = len(active) - MOST
        self.more.setVisible(rest > 0)
        self.more.setText(tr("+{count} more", count=rest))
        self.more.setAccessibleName(self.more.text())
        self.quiet.setVisible(not active)

    def _open(self, run_id: str) -> None:
        self._context.go(Target("run", run_id))


class RunButton(QToolButton):
    """One run as "● lima-endefrites 412/567 · 3 min"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run_id = ""
        self._meaning = "running"
        self.setAutoRaise(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_run(self, view: RunView) -> None:
        """Show another run, or the same one further on."""
        info = view.info
        self.run_id, self._meaning = view.run_id, info.state.value
        count = f"{info.done}/{info.total}" if info.total else str(info.done)
        words = [f"{view.title} {count}"]
        if info.state.value != "running":
            words.append(state_word(info.state))
        elif info.eta_s is not None:
            words.append(duration(info.eta_s))
        text = " · ".join(words)
        if info.spent is not None:
            words.append(money_words(info.spent, info.cap))
        self.setToolTip(info.sentence)
        self.setAccessibleName(f"{text}, {state_word(info.state)}")
        if text != self.text():
            self.setText(text)
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Dot and words."""
        step = unit(self)
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 4 * step, metrics.height() + step)

    def minimumSizeHint(self) -> QSize:
        """The words may be cut with an ellipsis."""
        return QSize(8 * unit(self), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button's ground, then dot and words."""
        painter = QPainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        step = unit(self)
        side = self.fontMetrics().ascent() * 0.75
        area = self.rect().adjusted(step, 0, -step, 0)
        spot = area.toRectF()
        spot.setWidth(side)
        draw_dot(painter, self._meaning, spot)
        area.setLeft(round(area.left() + side + step * 0.75))
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()
