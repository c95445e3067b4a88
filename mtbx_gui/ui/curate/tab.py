"""Tab 1: curate translations. Forwards keys to the editing session and shows its state; checks run behind."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from mtbx_gui.curation.flags import Flag
from mtbx_gui.curation.queue import Filter
from mtbx_gui.curation.session import CurationSession, Saved, Snapshot, read_snapshot
from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.curate.checker import Checker
from mtbx_gui.ui.curate.field_panel import FieldPanel
from mtbx_gui.ui.curate.queue_panel import QueuePanel
from mtbx_gui.ui.curate.words import conflict_sentence, recovered_sentence
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.empty_state import EmptyState

JOURNAL_AFTER_MS = 1000
LOOK_ROUND_MS = 2000
REFRESH_MS = 250


class CurateTab(Tab):
    """Queue at the left, field at the right; one session as long as the study is open."""

    title: ClassVar[str] = "Curate"
    icon: ClassVar[str] = "curate"
    KEYS: ClassVar[list[tuple[str, str]]] = [
        ("Ctrl+Enter", "Save and go to the next field of the list"),
        ("Alt+PgDown, Alt+PgUp", "Next, previous field (what was typed is saved)"),
        ("F2", "Next flagged place"),
        ("Ctrl+F", "Search in texts"),
        ("Ctrl+Shift+M", "Put the machine translation into the editor"),
        ("Ctrl+H", "Show or hide the history"),
        ("Ctrl+Z", "Take typing back; then the edits saved before, one by one"),
    ]
    TARGETS: ClassVar[frozenset[str]] = frozenset({"item", "field"})

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self.setObjectName("curate_tab")
        self.session: CurationSession | None = None
        self._target: Target | None = None
        self._reading = False
        self._stale = False
        self.queue = QueuePanel(self)
        self.queue.setMinimumWidth(38 * unit(self))
        self.field = FieldPanel(self)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setObjectName("curate_split")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(unit(self))
        self.split.addWidget(self.queue)
        self.split.addWidget(self.field)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([56 * unit(self), 110 * unit(self)])
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(2 * unit(self), unit(self), 2 * unit(self), unit(self))
        column.addWidget(self.split)
        self.empty = EmptyState(
            tr("There is no translation to curate yet: translate the benchmark, or import translations."),
            tr("Translate in Runs"),
            lambda: context.go(Target("tab", "runs")),
            "translate",
            self,
        )
        self.blank = QWidget(self)
        self.stack = QStackedLayout(self)
        for page in (self.blank, work, self.empty):
            self.stack.addWidget(page)
        self._work = work
        self.checker = Checker(context, self)
        self._queue_timer = self._timer(REFRESH_MS, self._show_queue)
        self._journal_timer = self._timer(JOURNAL_AFTER_MS, self._write_journal)
        self._round_timer = self._timer(LOOK_ROUND_MS, self._look_round)
        self._round_timer.setSingleShot(False)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), work)
        find.activated.connect(self.queue.focus_search)
        self._connect()

    def _timer(self, wait_ms: int, action: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(action)
        return timer

    def _connect(self) -> None:
        self.queue.filter_changed.connect(self._set_filter)
        self.queue.chosen.connect(self._open)
        self.queue.opened.connect(self.field.focus_editor)
        self.field.typed.connect(self._typed)
        self.field.moved.connect(self._move)
        self.field.save_next.connect(lambda: self._move(1))
        self.field.undo_wanted.connect(self._undo)
        self.field.field_wanted.connect(self._open)
        self.field.history_wanted.connect(lambda _shown: self._show_history())
        self.field.restore_wanted.connect(self._restore)
        self.field.flags_wanted.connect(self.checker.check_draft)
        self.checker.draft_checked.connect(self._show_found)
        self.checker.checked.connect(self._show_checked)
        self.context.changed.connect(self._on_change)

    # the window

    def activate(self) -> None:
        """The tab comes to the front: the study is read the first time, or when others wrote."""
        if self.session is None or self._stale:
            self._read()
        elif self.session.current is not None:
            self.field.focus_editor()

    def leave(self) -> None:
        """Save the field being edited. Raises StudyError; then its text stays in the editor."""
        self._journal_timer.stop()
        if self.session is not None:
            self._after_saving(self.session.save())

    def showEvent(self, event: QShowEvent) -> None:
        """Look round for other writers while the tab can be seen."""
        super().showEvent(event)
        self._round_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self._round_timer.stop()

    def show_target(self, target: Target) -> None:
        """Go to an item (its first field) or a field."""
        session = self.session
        if session is None:
            self._target = target
            return
        field_id = self._field_of(session, target)
        if field_id is None:
            return
        field = session.entry(field_id).field
        if field_id not in [entry.field.field_id for entry in session.entries()]:
            session.set_filter(Filter(field.language))
        self._open(field_id)
        self._show_queue()

    # reading the study

    def _read(self) -> None:
        """Read the study in the background; the first time the session is made there."""
        if self._reading:
            return
        self._reading, self._stale = True, False
        study, author, session = self.context.study, self.context.author, self.session
        if session is None:
            self.context.tasks.run(lambda: CurationSession(study, author), self._begin, self._not_read)
        else:
            self.context.tasks.run(lambda: read_snapshot(study), self._take, self._not_read)

    def _not_read(self, problem: Exception) -> None:
        self._reading = False
        self.context.notices.error(problem)

    def _begin(self, session: CurationSession) -> None:
        self._reading = False
        self.session = self.checker.session = session
        self._tell_recovered(session)
        if session.neighbour(1) is not None:
            session.open(session.neighbour(1) or 0)
        self._show_all()
        if self._target is not None:
            target, self._target = self._target, None
            self.show_target(target)
        self.checker.go_on()

    def _take(self, snapshot: Snapshot) -> None:
        self._reading = False
        session = self.session
        if session is None:
            return
        before = session.draft
        session.take(snapshot)
        if session.current is None and session.neighbour(1) is not None:
            session.open(session.neighbour(1) or 0)
        self._show_all(keep_editor=session.draft == before and session.current is not None)
        self.checker.go_on()

    def _look_round(self) -> None:
        if self.session is not None and self.isVisible() and self.session.changed_elsewhere():
            self._read()

    def _on_change(self, change: Change, initiator: object) -> None:
        if initiator is self or not change.touches("texts", "items", "settings"):
            return
        self._stale = True
        if self.isVisible():
            self._read()

    def _tell_recovered(self, session: CurationSession) -> None:
        if session.recovered:
            target = Target("field", str(session.recovered[0].field.field_id))
            text = recovered_sentence(session.recovered)
            self.context.notices.bar(text, tr("Show"), lambda: self.show_target(target))
            self.context.announce({"texts"}, self)

    # moving and saving

    def _set_filter(self, wanted: Filter) -> None:
        session = self.session
        if session is None:
            return
        language = session.filter.language
        session.set_filter(wanted)
        ids = [entry.field.field_id for entry in session.entries()]
        if (wanted.language != language and ids) or (session.current is None and ids):
            self._open(ids[0], focus=False)
        else:
            self._show_queue()
        self.checker.go_on()

    def _open(self, field_id: int, focus: bool = True) -> None:
        session = self.session
        if session is None:
            return
        self._go(lambda: session.open(field_id), focus and not self.queue.table.view.hasFocus())

    def _move(self, step: int) -> None:
        session = self.session
        if session is not None:
            self._go(lambda: session.move(step), True)

    def _go(self, step: object, focus: bool) -> None:
        session = self.session
        if session is None or not callable(step):
            return
        self._journal_timer.stop()
        before = session.current
        try:
            saved = step()
        except Exception as problem:
            self.context.notices.error(problem)
            self._show_queue()
            return
        if session.current is not before or saved is not None:
            self._show_field()
        self._show_list()
        if focus:
            self.field.focus_editor()
        self._after_saving(saved)

    def _after_saving(self, saved: Saved | None) -> None:
        session = self.session
        if saved is None or session is None:
            return
        self._queue_timer.start()
        if session.current is not None:
            self.field.show_state(session.entry(session.current.field_id))
        self.context.announce({"texts"}, self)
        if saved.theirs is not None:
            text = conflict_sentence(saved)
            self.context.notices.bar(text, tr("Use theirs"), lambda: self._take_back(saved), "warning")
        self.checker.go_on()

    def _take_back(self, saved: Saved) -> None:
        session = self.session
        if session is not None:
            self._go(lambda: session.take_back(saved), True)
            self._show_field()

    def _undo(self) -> None:
        session = self.session
        if session is None:
            return
        self._go(session.undo_saved, True)
        self._show_field()
        self.context.announce({"texts"}, self)
        self.checker.go_on()

    def _restore(self, fact_id: int) -> None:
        session = self.session
        if session is None:
            return
        session.restore(fact_id)
        self.field.edit.replace_text(session.draft)
        self.field.focus_editor()

    # typing

    def _typed(self, text: str) -> None:
        session = self.session
        if session is None:
            return
        session.set_draft(text)
        self.checker.check_draft_soon()
        if not self._journal_timer.isActive():
            self._journal_timer.start()
        self._show_can()

    def _write_journal(self) -> None:
        session = self.session
        if session is None:
            return
        try:
            session.write_journal()
        except Exception as problem:
            self.context.notices.error(problem)

    def _show_found(self, found: list[Flag]) -> None:
        """The flags of what stands in the editor now."""
        self.field.show_flags(found, looked=True)
        self.field.show_marks()

    def _show_checked(self, taken: list[int]) -> None:
        """More fields were checked; the list follows a few times a second."""
        session = self.session
        if session is None:
            return
        if session.current is not None and session.current.field_id in taken and not session.dirty:
            self._show_flags()
        if not self._queue_timer.isActive():
            self._queue_timer.start()

    # showing

    def _show_all(self, keep_editor: bool = False) -> None:
        session = self.session
        if session is None:
            return
        self.stack.setCurrentWidget(self._work if session.languages else self.empty)
        if not session.languages:
            return
        if session.filter.language not in session.languages:
            session.set_filter(Filter(session.languages[0]))
        if keep_editor and session.current is not None:
            self.field.show_state(session.entry(session.current.field_id))
        else:
            self._show_field()
        self._show_queue()

    def _show_queue(self) -> None:
        """Filter with counts, list, progress."""
        session = self.session
        if session is None or not session.languages:
            return
        self.queue.show_choices(session.filter, session.languages, session.categories, session.counts)
        self.queue.show_progress(session.progress(), session.filter.language)
        self._show_list()

    def _show_list(self) -> None:
        session = self.session
        if session is None:
            return
        current = session.current.field_id if session.current is not None else None
        self.queue.show_entries(session.entries(), session.total(), current)
        self._show_can()

    def _show_field(self) -> None:
        session = self.session
        if session is None or session.current is None:
            return
        field_id = session.current.field_id
        self.field.show_field(
            session.entry(field_id), session.item_fields(field_id), session.source_language, session.draft
        )
        self._show_flags()
        self._show_history()

    def _show_flags(self) -> None:
        session = self.session
        if session is None or session.current is None:
            return
        entry = session.entry(session.current.field_id)
        shown: Sequence[Flag] = entry.flags or ()
        self.field.show_flags(shown, looked=entry.flags is not None)

    def _show_history(self) -> None:
        session = self.session
        if session is not None and not self.field.history.isHidden():
            self.field.show_history(session.history(), session.draft)

    def _show_can(self) -> None:
        session = self.session
        if session is not None:
            self.field.show_can(
                session.can_undo, session.neighbour(-1) is not None, session.neighbour(1) is not None
            )

    def _field_of(self, session: CurationSession, target: Target) -> int | None:
        """The field a target means: by id, or an item's first one, if possible in the language in view."""
        if target.kind == "field":
            return int(target.key) if target.key.isdigit() and session.has(int(target.key)) else None
        wanted = str(target.details.get("language") or session.filter.language)
        if wanted == session.source_language:
            wanted = session.filter.language
        return session.first_field(target.key, wanted)
