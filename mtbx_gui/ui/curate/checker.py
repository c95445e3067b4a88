"""Flags in the background: of the text being typed, and of all fields the rules have not seen yet."""

from PySide6.QtCore import QObject, QTimer, Signal

from mtbx_gui.curation.flags import Flag, flags
from mtbx_gui.curation.session import Checked, CurationSession
from mtbx_gui.ui.context import StudyContext

CHECK_AFTER_MS = 300
CHECKED_AT_ONCE = 16


class Checker(QObject):
    """`draft_checked(flags)` for the text now in the editor, `checked(field ids)` for stored texts."""

    draft_checked = Signal(object)
    checked = Signal(object)

    def __init__(self, context: StudyContext, parent: QObject) -> None:
        super().__init__(parent)
        self.session: CurationSession | None = None
        self._context = context
        self._working = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_AFTER_MS)
        self._soon.timeout.connect(self.check_draft)

    def check_draft_soon(self) -> None:
        """The person typed: look once they pause."""
        self._soon.start()

    def check_draft(self) -> None:
        """Look for flags in the draft; an answer for a text that changed meanwhile is dropped."""
        session = self.session
        if session is None or session.current is None:
            return
        field_id, text = session.current.field_id, session.draft
        case, rules = session.case(field_id, text), session.rules

        def take(found: list[Flag]) -> None:
            if session.current is not None and (session.current.field_id, session.draft) == (field_id, text):
                self.draft_checked.emit(found)

        self._context.tasks.run(lambda: flags(case, rules), take)

    def go_on(self) -> None:
        """Check what the rules have not seen, a few fields at a time, the language in view first."""
        session = self.session
        if session is None or self._working:
            return
        wanted = session.unchecked(session.filter.language) or session.unchecked()
        if not wanted:
            return
        if session.current is not None and session.current.field_id in wanted:
            wanted.insert(0, session.current.field_id)
        self._working = True
        work = session.check_work(list(dict.fromkeys(wanted))[:CHECKED_AT_ONCE])
        self._context.tasks.run(work, self._take, self._failed)

    def _take(self, checked: Checked) -> None:
        self._working = False
        if self.session is not None:
            self.checked.emit(self.session.take_flags(checked))
            self.go_on()

    def _failed(self, problem: Exception) -> None:
        self._working = False
        self._context.notices.error(problem)
