"""The middle of the tab: title, one-line reading, and the figure or its numbers, large."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.results.figure_view import FigureView
from mtbx_gui.ui.results.number_table import NumberTable
from mtbx_gui.ui.theme import reading_font, unit
from mtbx_gui.ui.widgets.empty_state import EmptyState
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading, Panel

if TYPE_CHECKING:
    from mtbx_gui.results.content import Content
    from mtbx_gui.results.frame import Mark


class Stage(Panel):
    """`show_content` puts a content up; `resized` says that the figure should be drawn for another size."""

    resized = Signal()
    mark_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results_stage")
        step = unit(self)
        self.heading = Heading("", self)
        self.switch = KeyButton(tr("Numbers"), "Ctrl+T", self)
        self.switch.setObjectName("results_numbers_switch")
        self.switch.setToolTip(tr("Show the numbers behind the figure"))
        self.switch.setCheckable(True)
        self.switch.toggled.connect(self._switch)
        self.heading.add(self.switch)
        self.column.addWidget(self.heading)
        self.reading = QLabel(self)
        self.reading.setObjectName("results_reading")
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setWordWrap(True)
        self.reading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reading.setFont(reading_font(self))
        self.column.addWidget(self.reading)
        self.column.addSpacing(step // 2)
        self.figure = FigureView(self)
        self.figure.mark_opened.connect(self.mark_opened)
        self.area = QScrollArea(self)
        self.area.setObjectName("results_scroll")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.figure)
        self.numbers = NumberTable(self)
        self.empty = EmptyState("", icon_name="plot", parent=self)
        self.wait = QWidget(self)
        self.stack = QStackedWidget(self)
        for page in (self.wait, self.area, self.numbers, self.empty):
            self.stack.addWidget(page)
        self.column.addWidget(self.stack, 1)
        self._drawn = False
        self._has_content = False

    def room(self) -> QSize:
        """The size the figure may take without scrolling."""
        size = self.stack.size()
        bar = self.area.verticalScrollBar().sizeHint().width()
        return QSize(max(30 * unit(self), size.width() - bar), max(20 * unit(self), size.height()))

    def show_content(self, content: "Content", image: QImage | None, marks: "tuple[Mark, ...]") -> None:
        """Put up a content with its picture, or its table where it has none."""
        self._has_content = not content.empty
        self._drawn = image is not None
        self.heading.set_text(content.title)
        self.reading.setText(content.reading)
        self.reading.setVisible(bool(content.reading))
        self.switch.setVisible(self._drawn)
        if content.empty:
            self.empty.set_sentence(content.empty)
        else:
            self.numbers.show_table(content.table)
            if image is not None:
                self.figure.show_figure(image, marks, content.reading)
        self._switch()

    def _switch(self) -> None:
        if not self._has_content:
            self.stack.setCurrentWidget(self.empty)
        elif self._drawn and not self.switch.isChecked():
            self.stack.setCurrentWidget(self.area)
        else:
            self.stack.setCurrentWidget(self.numbers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The figure is to be drawn for the new size."""
        super().resizeEvent(event)
        self.resized.emit()
