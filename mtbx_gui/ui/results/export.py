"""Asks where a figure or report goes, without holding up the window, and remembers the folder."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from mtbx_gui.actions.home import documents_dir
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.settings_store import Settings

FOLDER = "results_folder"
KINDS = (
    ("PDF (*.pdf)", ".pdf"),
    ("SVG (*.svg)", ".svg"),
    ("PNG, 300 dpi (*.png)", ".png"),
    ("CSV, numbers (*.csv)", ".csv"),
    ("Markdown, numbers (*.md)", ".md"),
)


def ask_file(
    parent: QWidget, settings: Settings, name: str, drawn: bool, then: Callable[[Path], None]
) -> QFileDialog:
    """Ask for a file; its ending follows the chosen kind. `drawn` offers pictures beside numbers."""
    dialog = _dialog(parent, settings, tr("Export"), "results_export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    kinds = [kind for kind in KINDS if drawn or kind[1] in (".csv", ".md")]
    dialog.setNameFilters([text for text, _ in kinds])
    dialog.setDefaultSuffix(kinds[0][1])
    endings = dict(kinds)
    dialog.filterSelected.connect(lambda text: _change_ending(dialog, endings.get(text, kinds[0][1])))
    dialog.selectFile(name + kinds[0][1])

    def take(chosen: str) -> None:
        _remember(settings, Path(chosen).parent)
        then(Path(chosen))

    dialog.fileSelected.connect(take)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, settings: Settings, then: Callable[[Path], None]) -> QFileDialog:
    """Ask for the folder of a report."""
    dialog = _dialog(parent, settings, tr("Folder for the report"), "results_report_dialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)

    def take(chosen: str) -> None:
        _remember(settings, Path(chosen))
        then(Path(chosen))

    dialog.fileSelected.connect(take)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, settings: Settings, title: str, name: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    known = Path(str(settings.data.view.get(FOLDER) or documents_dir()))
    if known.is_dir():
        dialog.setDirectory(str(known))
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _change_ending(dialog: QFileDialog, ending: str) -> None:
    """The file's name follows the kind that is chosen."""
    dialog.setDefaultSuffix(ending)
    names = dialog.selectedFiles()
    if names and Path(names[0]).stem:
        dialog.selectFile(Path(names[0]).stem + ending)


def _remember(settings: Settings, folder: Path) -> None:
    if settings.data.view.get(FOLDER) != str(folder) and settings.problem is None:
        settings.data.view[FOLDER] = str(folder)
        settings.save()
