"""Live curves of a run: losses above, tokens per second below. Draws what it is given; reads no file."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import COLORS, mix, on_theme_change, unit
from mtbx_gui.ui.widgets.empty_state import EmptyState

LINES = (COLORS["model_2"], COLORS["approved"], COLORS["both_bad"], COLORS["inconsistent"], "#CC79A7")
"""One Okabe-Ito colour per language; the blue one is the training loss."""
SYMBOLS = ("o", "s", "t", "d", "p")


class Curves(QWidget):
    """Two plots over the optimizer step (or the pieces done, for runs that only have a rate)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_curves")
        self._rows: Sequence[dict[str, Any]] = []
        self._linked = False
        self._layers = QStackedLayout(self)
        self._empty = EmptyState(
            tr("Nothing to plot: this run has measured too little so far."), icon_name="plot"
        )
        self._layers.addWidget(self._empty)
        plots = QWidget(self)
        column = QVBoxLayout(plots)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self))
        self.loss = _plot(tr("loss"), "loss_plot", plots)
        self.speed = _plot(tr("tokens/s"), "speed_plot", plots)
        column.addWidget(self.loss, 3)
        column.addWidget(self.speed, 2)
        self._layers.addWidget(plots)
        self._legend = self.loss.getPlotItem().addLegend(offset=(-1, 1))
        on_theme_change(self._paint)
        self._paint()

    def show_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Draw the rows of metrics.jsonl, one per step (or per batch of work)."""
        if not rows:
            for plot in (self.loss, self.speed):
                plot.enableAutoRange()
        self._rows = rows
        self._draw()

    def points(self) -> int:
        """How many points the training loss has now."""
        return sum("loss" in row for row in self._rows)

    def _draw(self) -> None:
        losses = [(row["step"], row["loss"]) for row in self._rows if _number(row.get("loss"))]
        speeds = [(_place(row), row["tok_s"]) for row in self._rows if _number(row.get("tok_s"))]
        self.speed.getPlotItem().setLabel("left", tr("tokens/s") if speeds else tr("pieces/s"))
        speeds = speeds or _pieces_per_second(self._rows)
        checks: dict[str, list[tuple[float, float]]] = {}
        for row in self._rows:
            for language, value in (row.get("eval") or {}).items():
                checks.setdefault(language, []).append((row["step"], value))
        if len(speeds) == 1 and not losses:
            speeds = []  # one speed alone is no curve
        self._layers.setCurrentIndex(1 if losses or speeds or checks else 0)
        self._show_loss(bool(losses or checks))
        self.loss.clear()
        self.speed.clear()
        self._legend.clear()
        width = max(1.0, unit(self) / 5)
        if losses:
            self._line(self.loss, losses, COLORS["model_1"], width, tr("training"))
        for number, (language, points) in enumerate(sorted(checks.items())):
            ink = LINES[number % len(LINES)]
            mark = SYMBOLS[number % len(SYMBOLS)]
            self._line(self.loss, points, ink, width, tr("validation {code}", code=language.upper()), mark)
        if speeds:
            self._line(self.speed, speeds, self._ink(0.75).name(), width)

    def _show_loss(self, shown: bool) -> None:
        """The plots move together while both are seen; the lower one alone has a range of its own."""
        self.loss.setVisible(shown)
        if shown != self._linked:
            self._linked = shown
            self.speed.setXLink(self.loss if shown else None)
            self.speed.enableAutoRange()

    def _line(
        self,
        plot: pg.PlotWidget,
        points: list[tuple[float, float]],
        ink: str,
        width: float,
        name: str | None = None,
        symbol: str | None = None,
    ) -> None:
        pen = pg.mkPen(QColor(ink), width=width)
        curve = plot.plot(
            [x for x, _ in points],
            [y for _, y in points],
            pen=pen,
            name=name,
            symbol=symbol or ("o" if len(points) == 1 else None),
            symbolSize=unit(self) * 0.8,
            symbolBrush=QColor(ink),
            symbolPen=pen,
        )
        curve.setDownsampling(auto=True, method="peak")
        curve.setClipToView(True)

    def _ink(self, share: float) -> QColor:
        palette = self.palette()
        ground, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        return mix(ground, text, share)

    def _paint(self) -> None:
        """Colours of ground, axes and words from the palette of the moment."""
        ink, faint = self._ink(0.72), self._ink(0.25)
        for plot in (self.loss, self.speed):
            plot.setBackground(self.palette().color(QPalette.ColorRole.Base))
            for side in ("left", "bottom"):
                axis = plot.getPlotItem().getAxis(side)
                axis.setPen(pg.mkPen(faint))
                axis.setTextPen(pg.mkPen(ink))
        self._legend.setLabelTextColor(ink)
        self._draw()


def _plot(label: str, name: str, parent: QWidget) -> pg.PlotWidget:
    plot = pg.PlotWidget(parent)
    plot.setObjectName(name)
    plot.setAccessibleName(label)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=True, y=False)
    item = plot.getPlotItem()
    item.setLabel("left", label)
    item.getAxis("left").setWidth(unit(parent) * 8)
    item.showGrid(x=False, y=True, alpha=0.15)
    return plot


def _place(row: dict[str, Any]) -> float:
    return float(row.get("step", row.get("work", row.get("seq", 0))))


def _pieces_per_second(rows: Sequence[dict[str, Any]]) -> list[tuple[float, float]]:
    """(pieces done, pieces per second since the row before), for runs that count pieces only."""
    counted = [(row["done"], row["t"]) for row in rows if _number(row.get("done")) and _number(row.get("t"))]
    return [
        (float(done), (done - before) / (now - then))
        for (before, then), (done, now) in pairwise(counted)
        if now > then and done >= before
    ]


def _number(value: object) -> bool:
    return isinstance(value, int | float) and value == value and abs(value) != float("inf")
