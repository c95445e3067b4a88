"""Renders the README's pictures from a demo study that was carried out: pictures.py OUT [STUDY]."""

import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.app import application
from mtbx_gui.cli import main
from mtbx_gui.runs.watch import Watch
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields
from mtbx_gui.ui import theme
from mtbx_gui.ui.context import Target
from mtbx_gui.ui.portrait import Unsaved, picture, settle
from mtbx_gui.ui.settings_store import SettingsData
from mtbx_gui.ui.shell import Shell

SIZE = QSize(1280, 800)
SCHEMES = ("light",)


def make(out: Path, study: Path, untouched: Path) -> None:
    """One picture of each tab, each showing the tab at work.

    Pairs are shown from the demo study as it is made: its assistants' answers can be read.
    """
    out.mkdir(parents=True, exist_ok=True)
    app = application()
    for scheme in SCHEMES:
        theme.apply_theme(app, scheme)
        shell = Shell(Unsaved(out / "unsaved.json", SettingsData(scheme=scheme)))
        shell.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        shell.resize(SIZE)
        shell.show()
        shell.open_study(study)
        settle(shell)
        for name, target in targets(study):
            if target is None:
                shell.close_study()
                shell.open_study(untouched)
                settle(shell)
                shell.show_tab(3)
                settle(shell)
                begin_rating(shell)
            elif shell.page is not None:
                shell.page.context.go(target)
            settle(shell)
            picture(shell, 1.0).save(str(out / f"{name}-{scheme}.png"))
        shell.close()
        shell.deleteLater()


def targets(path: Path) -> list[tuple[str, Target | None]]:
    """What each tab shows: an edited Italian field with code, a training run, a pair, the agreement."""
    study = Study.open(path)
    italian = next(f for f in fields(study, ["it"], ["turn"]) if f.edited and "```" in f.effective)
    run = next(view.run_id for view in Watch(study).poll() if view.title == "tiny-ENDEFRITES")
    study.close()
    return [
        ("curate", Target("field", str(italian.field_id))),
        ("runs", Target("run", run)),
        ("judge", Target("tab", "judge")),
        ("results", Target("figure", "agreement")),
        ("annotate", None),
    ]


def begin_rating(shell: Shell) -> None:
    """Type a pseudonym, so that the first blind pair is up; nothing is voted."""
    from mtbx_gui.ui.annotate import AnnotateTab

    tab = shell.findChild(AnnotateTab)
    assert tab is not None
    QTest.keyClicks(tab.start.annotator, "spatz")
    QTest.keyClick(tab.start.annotator, Qt.Key.Key_Return)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "demo-study"
        if len(sys.argv) > 2:
            shutil.copytree(sys.argv[2], copy)
        elif main(["demo", str(copy), "--tour"]):
            sys.exit(1)
        fresh = Path(scratch) / "fresh"
        create_demo(fresh).close()
        make(Path(sys.argv[1]), copy, fresh)
