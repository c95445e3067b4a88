"""How the window speaks: toasts for what ended, a notice bar for what needs a decision, errors as sentences.

The only place of the window where an exception is put into words. No modal dialogs.
"""

import traceback
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui import __version__
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import icon, unit
from mtbx_gui.ui.widgets.panel import icon_button

TOAST_MS = 4000
BARS_MOST = 4


class Notices(QObject):
    """Speaks to the person inside one window; `bars` is the widget to put above the window's content."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.bars = NoticeBars(window)
        self._toast = Toast(window)

    def toast(self, text: str) -> None:
        """Say for a few seconds that something ended."""
        self._toast.say(text)

    def bar(
        self, text: str, button: str = "", action: Callable[[], None] | None = None, kind: str = "info"
    ) -> "NoticeBar":
        """Show a sentence until it is dismissed, with one button for the decision it asks for.

        `kind` is "info", "warning" or "error" and picks icon and colour.
        """
        return self.bars.add(text, [(button, action)] if button and action is not None else [], kind)

    def error(self, problem: BaseException) -> "NoticeBar":
        """Show an exception as a sentence with its next step; "Copy details" copies the traceback."""
        details = details_of(problem)
        return self.bars.add(
            sentence_of(problem),
            [(tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details))],
            "error",
        )

    def close(self) -> None:
        """Take everything away at once (the window closes)."""
        self._toast.dismiss()
        self.bars.clear()


def sentence_of(problem: BaseException) -> str:
    """What is shown of an exception: its sentence and next step; of an unforeseen one kind and message."""
    if isinstance(problem, MtbxError):
        return str(problem)
    said = str(problem) or tr("no message")
    return tr(
        "Something unforeseen went wrong ({kind}: {said}). "
        "Nothing that was saved is lost; copy the details to report it.",
        kind=type(problem).__name__,
        said=said,
    )


def details_of(problem: BaseException) -> str:
    """The full story for a report: version, sentence, traceback with causes."""
    trace = "".join(traceback.format_exception(type(problem), problem, problem.__traceback__))
    return f"mtbx-gui {__version__}\n{sentence_of(problem)}\n\n{trace}"


class NoticeBar(QFrame):
    """One sentence across the window with an icon, its buttons, and a cross to dismiss it."""

    def __init__(
        self,
        text: str,
        buttons: list[tuple[str, Callable[[], None]]],
        kind: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.text = text
        self.setObjectName("notice_bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setProperty("bar", True)
        self.setAccessibleName(text)
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step // 2, step, step // 2)
        row.setSpacing(step)
        sign = QLabel(self)
        sign.setPixmap(icon(kind, meaning=kind).pixmap(2 * step, 2 * step))
        sign.setAccessibleName(kind)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        sentence = QLabel(text, self)
        sentence.setObjectName("notice_text")
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        sentence.setWordWrap(True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(sentence, 1)
        for name, action in buttons:
            button = QPushButton(name, self)
            button.setObjectName("notice_action")
            button.clicked.connect(lambda _checked=False, do=action: do())
            row.addWidget(button)
        dismiss = icon_button("close", tr("Dismiss"), self)
        dismiss.setObjectName("notice_dismiss")
        dismiss.clicked.connect(self.dismiss)
        row.addWidget(dismiss)

    def dismiss(self) -> None:
        """Take the bar away."""
        self.hide()
        self.setParent(None)
        self.deleteLater()


class NoticeBars(QWidget):
    """The stack of notice bars above the content; it takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bars")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def add(self, text: str, buttons: list[tuple[str, Callable[[], None]]], kind: str) -> NoticeBar:
        """Show a bar; the same sentence is not stacked twice, and the oldest gives way to the fifth."""
        for known in self.shown():
            if known.text == text:
                known.dismiss()
        for oldest in self.shown()[: -(BARS_MOST - 1)]:
            oldest.dismiss()
        bar = NoticeBar(text, buttons, kind, self)
        self._column.addWidget(bar)
        bar.show()
        return bar

    def shown(self) -> list[NoticeBar]:
        """The bars now on the screen, oldest first."""
        items = [self._column.itemAt(place) for place in range(self._column.count())]
        found = [item.widget() for item in items if item is not None]
        return [bar for bar in found if isinstance(bar, NoticeBar)]

    def clear(self) -> None:
        """Take all bars away."""
        for bar in self.shown():
            bar.dismiss()


class Toast(QLabel):
    """A short word at the top of the window, over no control, that goes away by itself and takes no focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("toast")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("toast", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        window.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show `text` for `TOAST_MS`, in place of what is shown now."""
        self.setText(text)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS)

    def dismiss(self) -> None:
        """Take the toast away now."""
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the toast in its place when the window is resized, and still its timer when it closes."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            elif event.type() == QEvent.Type.Close:
                self.dismiss()
        return False

    def _place(self) -> None:
        window = self._window
        self.setWordWrap(False)
        self.adjustSize()
        widest = window.width() - 8 * unit(self)
        if self.width() > widest > 0:
            self.setWordWrap(True)
            self.resize(widest, self.heightForWidth(widest))
        self.move((window.width() - self.width()) // 2, unit(self) // 2)
