"""The texts side by side: panes to read and one to edit. They know texts and spans, not fields."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from mtbx_gui.curation.flags import Flag
from mtbx_gui.ui.curate.marks import Mark, MarkHighlighter, flag_shape
from mtbx_gui.ui.theme import on_theme_change, reading_font, unit
from mtbx_gui.ui.widgets.panel import Heading
from mtbx_gui.ui.widgets.text_spans import Utf16Map

LINE_HEIGHT = 140


class TextPane(QWidget):
    """A heading over a text to read."""

    restyled = Signal()
    """Colours or sizes changed: marks are to be drawn anew."""

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self) // 2)
        self.heading = Heading(title, self)
        self.edit = self._make_edit()
        self.edit.setObjectName(f"{name}_text")
        self.edit.setAccessibleName(title)
        self.edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.edit.document().setDocumentMargin(unit(self))
        self.edit.setTabChangesFocus(True)
        column.addWidget(self.heading)
        column.addWidget(self.edit, 1)
        self._marks = MarkHighlighter(self.edit.document())
        self._shown = ""
        self._set_font()
        on_theme_change(self._restyle)

    def _make_edit(self) -> QTextEdit:
        edit = QTextEdit(self)
        edit.setReadOnly(True)
        edit.setUndoRedoEnabled(False)
        return edit

    def show_text(self, text: str) -> None:
        """Show another text from its start, without marks."""
        self._shown = text
        document = self.edit.document()
        document.setUndoRedoEnabled(False)
        self._marks.show_marks("", [])
        self.edit.setExtraSelections([])
        self.edit.setPlainText(text)
        shape = QTextBlockFormat()
        shape.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(shape)
        document.setUndoRedoEnabled(not self.edit.isReadOnly())
        document.setModified(False)
        self.edit.moveCursor(QTextCursor.MoveOperation.Start)

    def text(self) -> str:
        """The text as it stands; a lone CR, which Qt can't show, survives while nothing is typed."""
        raw = _plain(self.edit)
        return self._shown if raw == _as_shown(self._shown) else raw

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show marks in code points of the present text."""
        self._marks.show_marks(_plain(self.edit), marks)

    def show_flags(self, flags: Sequence[Flag]) -> None:
        """Underline the spans of flags, the gravest on top; they belong to the present text."""
        places = Utf16Map(_plain(self.edit))
        length = self.edit.document().characterCount()
        shown: list[QTextEdit.ExtraSelection] = []
        for flag in sorted(flags, key=lambda f: ("info", "warning", "error").index(f.severity)):
            shape = flag_shape(flag.severity, self.edit.palette())
            for start, end in flag.spans:
                mark = QTextEdit.ExtraSelection()
                mark.cursor = self._cursor(places.to_qt(start), min(places.to_qt(end), length - 1))
                mark.format = shape
                shown.append(mark)
        self.edit.setExtraSelections(shown)

    def select_span(self, start: int, end: int) -> None:
        """Select a span in code points and bring it into view."""
        places = Utf16Map(_plain(self.edit))
        length = self.edit.document().characterCount()
        self.edit.setTextCursor(self._cursor(places.to_qt(start), min(places.to_qt(end), length - 1)))
        self.edit.ensureCursorVisible()

    def cursor_place(self) -> int:
        """Where the cursor stands, in code points."""
        return Utf16Map(_plain(self.edit)).from_qt(self.edit.textCursor().selectionStart())

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.edit.document())
        cursor.setPosition(min(start, max(0, end)))
        cursor.setPosition(max(0, end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _set_font(self) -> None:
        self.edit.setFont(reading_font(self))
        self.edit.document().setDefaultFont(self.edit.font())

    def _restyle(self) -> None:
        self._set_font()
        self.restyled.emit()


class EditPane(TextPane):
    """A heading over a text to write; `typed` after every change by a person."""

    typed = Signal()

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        self._filling = False
        super().__init__(title, name, parent)
        self.edit.textChanged.connect(self._changed)

    def _make_edit(self) -> QTextEdit:
        return _Editor(self)

    def show_text(self, text: str) -> None:
        """Show another text; what was undone before belongs to the text before."""
        self._filling = True
        super().show_text(text)
        self._filling = False

    def replace_text(self, text: str) -> None:
        """Put another text in as one step that Ctrl+Z takes back."""
        cursor = QTextCursor(self.edit.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.Start)

    def _changed(self) -> None:
        if not self._filling and _plain(self.edit) != _as_shown(self._shown):
            self._shown = _plain(self.edit)
            self.typed.emit()


class _Editor(QTextEdit):
    """Plain text only; Ctrl+Z is left to the window once there is no typing to take back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptRichText(False)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste characters, never formats or pictures."""
        if source.hasText():
            self.insertPlainText(source.text())

    def event(self, event: QEvent) -> bool:
        """Let the window's Ctrl+Z act when this text has nothing to undo."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.document().isUndoAvailable()
        ):
            event.ignore()
            return False
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return belongs to the window."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return
        super().keyPressEvent(event)


def _plain(edit: QTextEdit) -> str:
    """The document's characters; `toPlainText` would turn no-break spaces into plain ones."""
    return edit.document().toRawText().replace("\u2029", "\n")


def _as_shown(text: str) -> str:
    """A text as Qt keeps it: every kind of line end becomes a new block."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")
