"""Pictures of the window: start page and every tab as PNG, for the tour, the guide and looking at changes."""

from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from mtbx_gui.study.study import Study
from mtbx_gui.ui import theme
from mtbx_gui.ui.settings_store import Settings, SettingsData
from mtbx_gui.ui.shell import Shell
from mtbx_gui.ui.tabs import TABS

SIZE = QSize(1280, 800)
QUIET_TURNS = 6
TURN_MS = 50
PATIENCE_TURNS = 600


def portraits(app: QApplication, study_path: Path, out_dir: Path, dark: bool, scale: float) -> list[Path]:
    """Start page, then each tab; the window is not shown on a screen. Raises MtbxError."""
    out_dir.mkdir(parents=True, exist_ok=True)
    Study.open(study_path).close()
    scheme = "dark" if dark else "light"
    before = theme.scheme()
    theme.apply_theme(app, scheme)
    recent = [str(study_path.resolve())]
    settings = Unsaved(out_dir / "unsaved.json", SettingsData(scheme=scheme, recent=recent))
    shell = Shell(settings)
    shell.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    shell.resize(SIZE)
    shell.show()
    written = []
    try:
        settle(shell)
        written.append(_save(shell, out_dir / _name("start", dark, scale), scale))
        shell.open_study(study_path)
        settle(shell)
        for index, spec in enumerate(TABS):
            shell.show_tab(index)
            settle(shell)
            written.append(_save(shell, out_dir / _name(spec.name, dark, scale), scale))
    finally:
        shell.close()
        shell.deleteLater()
        theme.apply_theme(app, before)
    return written


def settle(shell: Shell) -> None:
    """Let the window work until no background task has been under way for a few turns."""
    loop = QEventLoop()
    timer = QTimer()
    quiet = waited = 0

    def look() -> None:
        nonlocal quiet, waited
        waited += 1
        pending = shell.tasks.pending() + (
            shell.page.context.tasks.pending() if shell.page is not None else 0
        )
        quiet = 0 if pending else quiet + 1
        if quiet >= QUIET_TURNS or waited >= PATIENCE_TURNS:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(TURN_MS)
    loop.exec()
    timer.stop()


def picture(widget: QWidget, scale: float) -> QPixmap:
    """The widget as it is drawn at `scale` pixels per point."""
    pixmap = QPixmap(widget.size() * scale)
    pixmap.setDevicePixelRatio(scale)
    widget.render(pixmap)
    return pixmap


class Unsaved(Settings):
    """Settings that stay in memory: a picture must not change what a person has chosen."""

    def save(self) -> None:
        """Nothing is written."""


def _name(what: str, dark: bool, scale: float) -> str:
    return f"{what}-{'dark' if dark else 'light'}-{scale:g}x.png"


def _save(shell: Shell, path: Path, scale: float) -> Path:
    picture(shell, scale).save(str(path))
    return path
