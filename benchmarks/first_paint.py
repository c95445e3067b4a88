"""First paint of the window, against an empty QMainWindow (aim: at most twice), and what is imported then.

Each start is a process of its own, from its start to the end of the first paint event; the best of 15 counts.
"""

import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import mtbx_gui
from mtbx_gui.actions.demo import create_demo

ROUNDS = 15
HEAVY = ("torch", "pandas", "openai", "matplotlib", "deepl", "py3langid", "simplemma", "transformers")

PAINT = """
import json, os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            QTimer.singleShot(0, done)
        return False
def done():
    found = [name for name in HEAVY if name in sys.modules]
    print(json.dumps({"t": time.monotonic(), "heavy": found}), flush=True)
    os._exit(0)
HEAVY = json.loads(sys.argv[1])
"""
EMPTY = (
    PAINT
    + """
app = QApplication([])
eye = Eye()
app.installEventFilter(eye)
window = QMainWindow()
window.resize(1200, 800)
window.show()
app.exec()
"""
)
OURS = (
    PAINT
    + """
from mtbx_gui import app as ours
app = ours.application()
eye = Eye()
app.installEventFilter(eye)
ours.main(sys.argv[2:])
"""
)


def start(code: str, *arguments: str) -> tuple[float, list[str]]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(HEAVY), *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["t"] - begun, told["heavy"]


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(mtbx_gui.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["MTBX_HOME"] = str(Path(scratch) / "home")
        study = Path(scratch) / "demo"
        create_demo(study).close()
        empty, page, opened, heavy = [], [], [], set()
        for _ in range(ROUNDS):
            empty.append(start(EMPTY)[0])
            for times, arguments in ((page, ()), (opened, (str(study),))):
                seconds, found = start(OURS, *arguments)
                times.append(seconds)
                heavy |= set(found)
    base = min(empty)
    result: dict[str, Any] = {
        "empty_s": base,
        "start_page_s": min(page),
        "study_s": min(opened),
        "ratio_start_page": min(page) / base,
        "ratio_study": min(opened) / base,
        "aim_ratio": 2.0,
        "heavy_modules": sorted(heavy),
    }
    print(f"empty window   {base:.3f} s")
    for name, key in (("start page", "start_page"), ("on a study", "study")):
        print(f"{name:<14} {result[key + '_s']:.3f} s, {result['ratio_' + key]:.2f} times the empty window")
    print(f"heavy modules at that moment: {', '.join(sorted(heavy)) or 'none'}")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
