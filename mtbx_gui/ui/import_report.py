"""What an import took in and left out: one sentence, and on demand the list of problems."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mtbx_gui.actions.take_in import TakenIn
from mtbx_gui.study.importing.lines import Problem
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.panel import Heading
from mtbx_gui.ui.widgets.row_table import Column, RowTable


def sentence_of(taken: TakenIn) -> str:
    """The outcome in a sentence: files, records, edited items, what was left out."""
    summary = taken.summary
    if not summary.changed and not taken.datasets and not summary.problems:
        return tr("Nothing new: everything in these files was imported before.")
    parts = [
        tr_count("{count} record", "{count} records", summary.records)
        + " "
        + tr_count("from {count} file", "from {count} files", summary.files)
    ]
    if summary.edited:
        edited = " / ".join(f"{count} {code.upper()}" for code, count in summary.edited.items())
        parts.append(tr("{edited} edited items", edited=edited))
    if taken.datasets:
        parts.append(tr_count("{count} training set", "{count} training sets", len(taken.datasets)))
    if summary.problems:
        parts.append(tr_count("{count} problem left out", "{count} problems left out", len(summary.problems)))
    return tr("Imported: {parts}.", parts=" · ".join(parts))


def report_import(window: QWidget, notices: Notices, taken: TakenIn) -> None:
    """Say what an import did; where there is something to look at, with a button that lists it."""
    noted = [*taken.summary.problems, *taken.summary.warnings]
    text = sentence_of(taken)
    if not noted and not taken.summary.unknown_files:
        notices.bar(text, kind="info")
        return
    notices.bar(
        text, tr("Show the list"), lambda: ImportReport(taken, window).open(), "warning" if noted else "info"
    )


class ImportReport(QDialog):
    """A table of everything an import left out or doubts: file, line, field, sentence."""

    def __init__(self, taken: TakenIn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What the import noted"))
        step = unit(self)
        self.resize(110 * step, 60 * step)
        rows = [("error", entry) for entry in taken.summary.problems]
        rows += [("warning", entry) for entry in taken.summary.warnings]
        rows += [
            ("info", Problem(name, 0, "", tr("The file's layout is not known; it was passed over.")))
            for name in taken.summary.unknown_files
        ]
        words = {"error": tr("left out"), "warning": tr("doubtful"), "info": tr("passed over")}
        numbered = list(enumerate(rows))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        column.setSpacing(step)
        column.addWidget(Heading(self.windowTitle(), self))
        says = QLabel(sentence_of(taken), self)
        says.setWordWrap(True)
        says.setProperty("muted", True)
        column.addWidget(says)
        table: RowTable[tuple[int, tuple[str, Problem]]] = RowTable(
            [
                Column("", lambda row: words[row[1][0]], state=lambda row: row[1][0]),
                Column(tr("File"), lambda row: row[1][1].file),
                Column(
                    tr("Line"),
                    lambda row: str(row[1][1].line or ""),
                    sort=lambda row: row[1][1].line,
                    number=True,
                ),
                Column(tr("Field"), lambda row: row[1][1].field),
                Column(
                    tr("What"), lambda row: row[1][1].message, tip=lambda row: row[1][1].message, stretch=True
                ),
            ],
            key=lambda row: row[0],
            parent=self,
            name="import_problems",
        )
        table.set_rows(numbered)
        column.addWidget(table, 1)
        buttons = QHBoxLayout()
        copy = QPushButton(tr("Copy list"), self)
        everything = "\n".join(str(entry) for _kind, entry in rows)
        copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(everything))
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column.addLayout(buttons)
