"""The two fields that say what a new study is called and in which folder it will lie."""

import re
import unicodedata
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from mtbx_gui.actions.home import documents_dir
from mtbx_gui.study.study import DATABASE
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.form import Form


class FolderField(QWidget):
    """A path to type, or to choose with "Choose…"."""

    chosen = Signal(str)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.line.setAccessibleName(title)
        self.button = QPushButton(tr("Choose…"), self)
        self.button.setObjectName(f"{name}_choose")
        self.button.setAccessibleName(f"{title}: {tr('Choose…')}")
        self.button.clicked.connect(lambda _checked=False: self.choose())
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)

    def path(self) -> Path | None:
        """The folder given, or None while the field is empty."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def choose(self) -> None:
        """Ask for a folder."""
        dialog = QFileDialog(self, self._title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        near = self.path()
        while near is not None and not near.is_dir() and near != near.parent:
            near = near.parent
        if near is not None:
            dialog.setDirectory(str(near))
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, folder: str) -> None:
        self.line.setText(folder)
        self.chosen.emit(folder)


class StudyPlace(QObject):
    """Adds "Name" and "Folder" to a form; the folder follows the name until it is changed by hand."""

    def __init__(self, form: Form, name: str = "") -> None:
        super().__init__(form)
        self._form = form
        self._own_folder = False
        self.name = form.add(
            tr("Name"), QLineEdit(form), tr("Shown in the window's title; it can be any text.")
        )
        self.name.setObjectName("study_name")
        self.folder = form.add(
            tr("Folder"),
            FolderField("study_folder", tr("The new study's folder"), form),
            tr("A new folder. It holds everything of the study and can be moved or zipped as a whole."),
        )
        self.name.textChanged.connect(self._follow)
        self.folder.line.textEdited.connect(self._keep)
        self.folder.chosen.connect(self._below)
        self.suggest(name)

    def suggest(self, name: str) -> None:
        """Offer a name, unless the person has given one."""
        if not self.name.isModified():
            self.name.setText(name)

    def checked(self) -> tuple[str, Path] | None:
        """Name and folder, or None after saying at the field what is wrong."""
        name, folder = self.name.text().strip(), self.folder.path()
        self._form.complain(self.name, "" if name else tr("Give the study a name."))
        wrong = "" if folder is not None else tr("Say where the study will lie.")
        if folder is not None and folder.is_file():
            wrong = tr("This is a file; choose a folder.")
        elif folder is not None and (folder / DATABASE).exists():
            wrong = tr("This folder holds a study already; open it, or choose another folder.")
        self._form.complain(self.folder, wrong)
        if not name:
            self.name.setFocus()
        elif wrong:
            self.folder.line.setFocus()
        return (name, folder) if name and folder is not None and not wrong else None

    def _follow(self, name: str) -> None:
        self._form.complain(self.name, "")
        if not self._own_folder:
            slug = slug_of(name)
            self.folder.line.setText(str(unused(documents_dir() / slug)) if slug else "")
            self._form.complain(self.folder, "")

    def _keep(self, text: str) -> None:
        self._own_folder = bool(text.strip())
        self._form.complain(self.folder, "")

    def _below(self, folder: str) -> None:
        """A folder that holds other things was chosen: the study gets one of its own inside it."""
        self._own_folder = True
        chosen = Path(folder)
        slug = slug_of(self.name.text())
        if slug and chosen.is_dir() and any(chosen.iterdir()):
            self.folder.line.setText(str(unused(chosen / slug)))


def slug_of(name: str) -> str:
    """A folder's name for a study's name: "Pilot study DE/IT" gives "pilot-study-de-it"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def unused(folder: Path) -> Path:
    """`folder`, or with a number behind it when something lies there already."""
    number, found = 1, folder
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found
