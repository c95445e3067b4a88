"""The right side: one field. Source, machine translation and edit side by side, flags, history, the keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from mtbx_gui.curation.flags import Flag
from mtbx_gui.curation.queue import Entry
from mtbx_gui.study.records import FieldText, TextFact
from mtbx_gui.ui.curate.flag_list import FlagList
from mtbx_gui.ui.curate.history_panel import HistoryPanel
from mtbx_gui.ui.curate.marks import change_marks, kept_marks
from mtbx_gui.ui.curate.panes import EditPane, TextPane
from mtbx_gui.ui.curate.words import STATE_MEANINGS, language_word, place_word, state_word, title_word
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading
from mtbx_gui.ui.widgets.state_label import StateLabel


class FieldPanel(QWidget):
    """Shows what it is told; every wish of the person is a signal."""

    typed = Signal(str)
    moved = Signal(int)
    save_next = Signal()
    undo_wanted = Signal()
    field_wanted = Signal(int)
    history_wanted = Signal(bool)
    restore_wanted = Signal(int)
    flags_wanted = Signal()
    """The flags shown are older than the text: new ones are needed now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curate_field")
        self._entry: Entry | None = None
        self._flags: list[Flag] = []
        self._flagged_text = ""
        self._place_wanted = False
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.heading = Heading("", self)
        self.state = StateLabel("open", "", self)
        self.state.setObjectName("curate_state")
        self.heading.add(self.state)
        column.addWidget(self.heading)
        self._siblings = QHBoxLayout()
        self._siblings.setSpacing(step // 2)
        self._sibling_group = QButtonGroup(self)
        self._sibling_group.setExclusive(True)
        column.addLayout(self._siblings)
        self.source = TextPane(tr("English"), "curate_source", self)
        self.machine = TextPane(tr("Machine"), "curate_machine", self)
        self.edit = EditPane(tr("Edit"), "curate_edit", self)
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self.panes.setObjectName("curate_panes")
        self.panes.setHandleWidth(step)
        self.panes.setChildrenCollapsible(False)
        for pane in (self.source, self.machine, self.edit):
            self.panes.addWidget(pane)
            pane.restyled.connect(self._mark)
        self.panes.setSizes([100, 100, 120])
        self.history = HistoryPanel(self)
        self.history.hide()
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.setHandleWidth(step)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.panes)
        self.split.addWidget(self.history)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        column.addWidget(self.split, 1)
        self.flags = FlagList(self)
        column.addWidget(self.flags)
        column.addLayout(self._buttons())
        self._connect()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(unit(self))
        self.previous = KeyButton(tr("Previous"), "Alt+PgUp", self, icon_name="previous")
        self.next = KeyButton(tr("Next"), "Alt+PgDown", self, icon_name="next")
        self.undo = KeyButton(tr("Undo"), "Ctrl+Z", self, icon_name="undo")
        self.save = KeyButton(tr("Save and next"), "Ctrl+Return", self, also=("Ctrl+Enter",), primary=True)
        self.machine_text = KeyButton(tr("Take"), "Ctrl+Shift+M", self.machine)
        self.machine_text.setToolTip(tr("Put the machine translation into the editor"))
        self.machine.heading.add(self.machine_text)
        self.history_button = KeyButton(tr("History"), "Ctrl+H", self.edit)
        self.history_button.setCheckable(True)
        self.edit.heading.add(self.history_button)
        for name in ("previous", "next", "undo", "machine_text", "history_button", "save"):
            getattr(self, name).setObjectName(f"curate_{name}")
            getattr(self, name).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for quiet in (self.machine_text, self.history_button):
            quiet.setProperty("flat", True)
        for pane in (self.source, self.machine, self.edit):
            pane.heading.setMinimumHeight(self.history_button.sizeHint().height())
        for button in (self.previous, self.next):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.undo, self.save):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.edit.typed.connect(self._typed)
        self.previous.clicked.connect(lambda: self.moved.emit(-1))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.save.clicked.connect(self.save_next)
        self.undo.clicked.connect(self.undo_wanted)
        self.machine_text.clicked.connect(self._take_machine_text)
        self.history_button.toggled.connect(self._toggle_history)
        self.history.restore_wanted.connect(self.restore_wanted)
        self.flags.wanted.connect(self.show_place)
        self.flags.entered.connect(self.focus_editor)
        self.flags.next_button.clicked.connect(self.show_next_place)

    # showing

    def show_field(self, entry: Entry, item: Sequence[FieldText], source_language: str, draft: str) -> None:
        """Show a field with the fields of its item; the editor holds `draft`."""
        self._entry = entry
        field = entry.field
        self.heading.set_text(title_word(field))
        self.source.heading.set_text(language_word(source_language))
        by = field.machine_by if field.machine is not None else tr("none")
        self.machine.heading.set_text(tr("Machine"), by)
        self.edit.heading.set_text(tr("Edit"), language_word(field.language))
        self.edit.edit.setAccessibleName(tr("Edit of {field}", field=title_word(field)))
        self.source.show_text(field.source or "")
        self.machine.show_text(field.machine or "")
        self.machine.setVisible(field.machine is not None)
        self.machine_text.setEnabled(field.machine is not None)
        self.edit.show_text(draft)
        self._place_wanted = False
        self._show_item(field, item)
        self.show_state(entry)
        self._flags = []
        self._mark()

    def show_state(self, entry: Entry) -> None:
        """The field's state changed, its texts did not."""
        self._entry = entry
        self.state.show_state(STATE_MEANINGS[entry.state], state_word(entry.state))

    def show_flags(self, flags: Sequence[Flag], looked: bool) -> None:
        """Show the flags of the text now in the editor."""
        self._flags = list(flags)
        self._flagged_text = self.edit.text()
        self.flags.show_flags(self._flags, looked)
        self._underline()
        if self._place_wanted:
            self.show_next_place()

    def show_marks(self) -> None:
        """Draw tints and changed words for the text now in the editor."""
        self._mark()

    def show_history(self, facts: Sequence[TextFact], now: str) -> None:
        """Fill the history panel."""
        self.history.show_history(facts, now)

    def show_can(self, undo: bool, previous: bool, following: bool) -> None:
        """Which of the keys have anything to do."""
        self.undo.setEnabled(undo)
        self.previous.setEnabled(previous)
        self.next.setEnabled(following)
        self.save.set_label(tr("Save and next") if following else tr("Save"))

    def show_place(self, flag: Flag, start: int, end: int) -> None:
        """Select a flagged place in the pane of its side."""
        pane = self.source if flag.side == "source" else self.edit
        if pane is self.edit and self.edit.text() != self._flagged_text:
            return
        if start >= 0:
            pane.select_span(start, end)

    def show_next_place(self) -> None:
        """F2: the next flagged place at or behind the cursor; without one in the edit, those of the source.

        While the flags are older than the text it waits for new ones: their places would be wrong.
        """
        self._place_wanted = self.edit.text() != self._flagged_text
        if self._place_wanted:
            self.flags_wanted.emit()
            return
        chosen = self.edit.edit.textCursor().hasSelection()
        found = self.flags.next_place(self.edit.cursor_place() - (not chosen))
        if found is None:
            found = self.flags.next_place(self.source.cursor_place(), "source")
        if found is not None:
            self.show_place(*found)
            if found[0].side == "target":
                self.focus_editor()

    def focus_editor(self) -> None:
        """Put the cursor into the editor."""
        self.edit.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # inner

    def _typed(self) -> None:
        self._place_wanted = False
        self.typed.emit(self.edit.text())

    def _take_machine_text(self) -> None:
        if self._entry is not None and self._entry.field.machine is not None:
            self.edit.replace_text(self._entry.field.machine)
            self.focus_editor()

    def _toggle_history(self, shown: bool) -> None:
        self.history.setVisible(shown)
        self.history_wanted.emit(shown)

    def _show_item(self, field: FieldText, item: Sequence[FieldText]) -> None:
        """A quiet button for each field of the item; only rebuilt for another item."""
        ids = [other.field_id for other in item]
        if ids != [self._sibling_group.id(button) for button in self._sibling_group.buttons()]:
            for button in self._sibling_group.buttons():
                self._sibling_group.removeButton(button)
                self._siblings.removeWidget(button)
                button.deleteLater()
            while self._siblings.takeAt(0) is not None:
                pass
            for other in item:
                button = QPushButton(place_word(other), self)
                button.setObjectName(f"curate_go_{other.field_id}")
                button.setAccessibleName(place_word(other))
                button.setCheckable(True)
                button.setProperty("flat", True)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.clicked.connect(lambda _checked=False, to=other.field_id: self.field_wanted.emit(to))
                self._sibling_group.addButton(button, other.field_id)
                self._siblings.addWidget(button)
            self._siblings.addStretch(1)
        chosen = self._sibling_group.button(field.field_id)
        if chosen is not None:
            chosen.setChecked(True)

    def _mark(self) -> None:
        if self._entry is None:
            return
        field, palette, text = self._entry.field, self.palette(), self.edit.text()
        self.source.show_marks(kept_marks(field.source or "", palette))
        if field.machine is None:
            self.edit.show_marks(kept_marks(text, palette))
        else:
            old = change_marks(field.machine, text, "old", palette)
            self.machine.show_marks([*kept_marks(field.machine, palette), *old])
            new = change_marks(field.machine, text, "new", palette)
            self.edit.show_marks([*kept_marks(text, palette), *new])
        self._underline()

    def _underline(self) -> None:
        """Flags in place; notes on the source (code, placeholders) have their tint already."""
        self.edit.show_flags([flag for flag in self._flags if flag.side == "target"])
        self.source.show_flags([f for f in self._flags if f.side == "source" and f.severity != "info"])
