"""What an annotator sees when every turn has a vote or was skipped."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mtbx_gui.annotation.card import Progress
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.key_button import KeyButton


class DonePage(QWidget):
    """Thanks, and what can still be done: skipped turns, a look at one's votes, undo."""

    skipped_wanted = Signal()
    overview_wanted = Signal()
    undo_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotate_done")
        step = unit(self)
        column = QVBoxLayout(self)
        column.setSpacing(2 * step)
        column.addStretch(2)
        self.title = QLabel(self)
        self.title.setObjectName("annotate_done_title")
        self.title.setFont(scaled_font(self, 1.6, bold=True))
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence = QLabel(self)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(step)
        row.addStretch(1)
        self.skipped = KeyButton("", "S", self, primary=True)
        self.skipped.setObjectName("annotate_skipped")
        self.skipped.clicked.connect(lambda _checked=False: self.skipped_wanted.emit())
        self.votes = KeyButton(tr("My votes"), "V", self)
        self.votes.setObjectName("annotate_done_votes")
        self.votes.clicked.connect(lambda _checked=False: self.overview_wanted.emit())
        self.undo = KeyButton(tr("Undo the last vote"), "Ctrl+Z", self, icon_name="undo")
        self.undo.setObjectName("annotate_done_undo")
        self.undo.clicked.connect(lambda _checked=False: self.undo_wanted.emit())
        self.leave = KeyButton(tr("Back to the start"), "Esc", self)
        self.leave.setObjectName("annotate_done_leave")
        self.leave.clicked.connect(lambda _checked=False: self.leave_wanted.emit())
        for button in (self.skipped, self.votes, self.undo, self.leave):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def show_progress(self, progress: Progress) -> None:
        """Say how much was rated and how much was skipped."""
        self.title.setText(tr("All rated. Thank you!"))
        voted = tr_count("{count} turn has your vote.", "{count} turns have your vote.", progress.voted)
        skipped = tr_count("{count} was skipped.", "{count} were skipped.", progress.skipped)
        self.sentence.setText(f"{voted} {skipped}" if progress.skipped else voted)
        self.skipped.setVisible(bool(progress.skipped))
        self.skipped.set_label(tr("Go through the skipped"))
        self.undo.setEnabled(bool(progress.voted or progress.skipped))
