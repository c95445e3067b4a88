"""Vote key to vote durable and next pair painted (aim: p95 at most 50 ms with 10,000-character answers).

The real tab on a real study on disk, driven by key presses. "prepared": the next pair was laid out while the
annotator read, which takes a part of the 300 ms in which no key counts; "at once": as if a key could come
before that. "complete" is when the last character of both answers is in its view. The reference, in the same
run: one SQLite commit with synchronous=FULL and both texts put into plain QTextBrowsers and painted, without
Markdown, code colours or anything else.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QTextBrowser, QWidget

from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.records import CATEGORIES, Answer, Displayed, Vote
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field
from mtbx_gui.ui.annotate import AnnotateTab
from mtbx_gui.ui.annotate.card_view import CardView
from mtbx_gui.ui.annotate.start_page import Begin
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.theme import apply_theme

QUESTIONS = 60
AIM_MS = 50.0
SIZE = (1400, 900)
KEYS = (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_T, Qt.Key.Key_X)
TEXT = "die Antwort soll **klar** und `knapp` sein, damit man sie in Ruhe lesen und vergleichen kann"


def answer_text(characters: int, seed: int) -> str:
    """Markdown as models write it: headings, paragraphs, lists, a table, code; exactly so many characters."""
    chance, words = random.Random(seed), TEXT.split()
    parts, size, number = [], 0, 0
    while size < characters:
        number += 1
        sentence = " ".join(chance.choices(words, k=60))
        kind = number % 5
        part = {
            0: f"```python\ndef step_{number}(values):\n    return [v * {seed} for v in values]  # mal\n```",
            1: f"## Abschnitt {number}\n\n{sentence}",
            2: "\n".join(f"- {' '.join(chance.choices(words, k=12))}" for _ in range(5)),
            3: f"{sentence}\n\n{sentence}",
            4: "| a | b |\n| - | - |\n" + "\n".join(f"| {n} | {n * number} |" for n in range(4)),
        }[kind]
        parts.append(part)
        size += len(part) + 2
    return "\n\n".join(parts)[:characters]


def make_study(folder: Path, characters: int) -> Study:
    """Sixty items with two turns and two models' answers of one length."""
    study = Study.create(folder, languages=("de",))
    with study.write() as db:
        for number in range(QUESTIONS):
            name = str(81 + number)
            db.execute(
                "INSERT INTO item (question_id, language, category, position, author, at, app)"
                " VALUES (?, 'de', ?, ?, ?, ?, ?)",
                (name, CATEGORIES[number % 8], number, *stamp("benchmark")),
            )
            for turn in (0, 1):
                field = ensure_field(db, "de", "turn", name, "", turn)
                add_text(
                    db, field, "machine", f"Was ist an Nummer {name} zu beachten?", "benchmark", "benchmark"
                )
    answers = [
        Answer(
            f"{model}/{number}",
            model,
            str(81 + number),
            "de",
            tuple(answer_text(characters, at * 1000 + number * 2 + turn) for turn in (1, 2)),
        )
        for at, model in enumerate(("one", "two"))
        for number in range(QUESTIONS)
    ]
    add_answers(study, answers, "benchmark")
    return study


def wait(condition: Callable[[], bool]) -> None:
    """Run the event loop until something is so."""
    end = time.perf_counter() + 30
    while not condition():
        QCoreApplication.processEvents()
        if time.perf_counter() > end:
            raise TimeoutError("waited 30 s")


class Rig:
    """A window with the tab in it; its guard's clock is moved on by hand, so that no time is waited away."""

    def __init__(self, study: Study, folder: Path) -> None:
        self.window = QMainWindow()
        self.tasks = Tasks(self.window)
        self.guard_clock = 0.0
        settings = Settings.load(folder / "settings.json")
        context = StudyContext(study, "benchmark", self.tasks, Notices(self.window), settings, self.window)
        self.tab = AnnotateTab(context, lambda: self.guard_clock)
        self.views = (self.tab.rating.left.answer, self.tab.rating.right.answer)
        self.painted: dict[CardView, float] = {}
        self.steps: list[float] = []
        self.prepared_after: list[float] = []
        for view in self.views:
            view.painted.connect(lambda shown=view: self.painted.setdefault(shown, time.perf_counter()))
            self._time_steps(view)
        self.window.setCentralWidget(self.tab)
        self.window.resize(*SIZE)
        self.window.show()
        self.tab.begin(Begin("benchmark", "de", None))
        wait(lambda: self.tab.session is not None and len(self.painted) == 2)

    def _time_steps(self, view: CardView) -> None:
        lay_out = view.prepare_more

        def timed() -> bool:
            start = time.perf_counter()
            more = lay_out()
            self.steps.append((time.perf_counter() - start) * 1000)
            return more

        view.prepare_more = timed  # type: ignore[method-assign]

    def vote(self, number: int, prepared: bool) -> tuple[float, float, float]:
        """One vote by key: milliseconds until it was durable, the next pair painted, all its text there."""
        session = self.tab.session
        assert session is not None
        upcoming = session.upcoming()
        assert upcoming is not None
        if prepared:
            texts = (upcoming.answer_a[-1], upcoming.answer_b[-1])
            wait(lambda: all(v.is_prepared(text) for v, text in zip(self.views, texts, strict=True)))
            self.prepared_after.append((time.perf_counter() - max(self.painted.values())) * 1000)
        self.guard_clock += 1
        durable = []
        store = session.vote

        def timed(displayed: Displayed) -> Vote:
            vote = store(displayed)
            durable.append(time.perf_counter())
            return vote

        session.vote = timed  # type: ignore[method-assign]
        complete: dict[CardView, float] = {}
        links = [
            view.completed.connect(lambda shown=view: complete.setdefault(shown, time.perf_counter()))
            for view in self.views
        ]
        self.painted.clear()
        start = time.perf_counter()
        QTest.keyClick(QApplication.focusWidget() or self.window, KEYS[number % len(KEYS)])
        wait(lambda: len(self.painted) == 2)
        painted = max(self.painted.values())
        wait(lambda: len(complete) == 2)
        for view, link in zip(self.views, links, strict=True):
            view.completed.disconnect(link)
        del session.vote
        ends = (durable[0], painted, max(painted, *complete.values()))
        return tuple((end - start) * 1000 for end in ends)  # type: ignore[return-value]

    def close(self) -> None:
        """Everything away."""
        self.tasks.shutdown()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def reference(folder: Path, texts: list[tuple[str, str]]) -> tuple[list[float], list[float]]:
    """Milliseconds per step of the plain thing: (one durable commit, both texts set and painted)."""
    database = sqlite3.connect(folder / "reference.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE vote (id INTEGER PRIMARY KEY, row TEXT)")
    window = QWidget()
    row = QHBoxLayout(window)
    browsers = (QTextBrowser(), QTextBrowser())
    for browser in browsers:
        row.addWidget(browser)
    window.resize(*SIZE)
    window.show()
    QCoreApplication.processEvents()
    commits, paints = [], []
    for both in texts:
        start = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO vote (row) VALUES (?)", ("x" * 300,))
        database.execute("COMMIT")
        commits.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        for browser, text in zip(browsers, both, strict=True):
            browser.setPlainText(text)
        for browser in browsers:
            browser.viewport().repaint()
        paints.append((time.perf_counter() - start) * 1000)
    database.close()
    window.close()
    return commits, paints


def figures(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": statistics.median(times), "p95": statistics.quantiles(times, n=20)[-1]}


def measure(characters: int) -> dict[str, dict[str, float]]:
    """All figures for answers of one length."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        study = make_study(folder / "study", characters)
        rig = Rig(study, folder)
        rig.vote(0, prepared=True)
        rig.steps.clear()
        rig.prepared_after.clear()
        rounds = {
            mode: [rig.vote(n, mode == "prepared") for n in range(50)] for mode in ("prepared", "at once")
        }
        rig.close()
        study.close()
        pairs = [(answer_text(characters, n), answer_text(characters, -n - 1)) for n in range(50)]
        commits, paints = reference(folder, pairs)
    found = {"reference commit": figures(commits), "reference texts painted": figures(paints)}
    both = [commit + paint for commit, paint in zip(commits, paints, strict=True)]
    found["reference"] = figures(both)
    for mode, times in rounds.items():
        for at, name in enumerate(("durable", "painted", "complete")):
            found[f"{mode}: {name}"] = figures([time_[at] for time_ in times])
    found["next pair prepared after"] = figures(rig.prepared_after)
    found["a step of preparing"] = figures(rig.steps) | {"longest": max(rig.steps)}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, nargs="+", default=[10_000])
    wanted = parser.parse_args().characters
    app = QApplication([])
    apply_theme(app, "light")
    results = {}
    for characters in wanted:
        results[characters] = measure(characters)
        print(f"answers of {characters:,} characters{'p50 ms':>20}{'p95 ms':>10}")
        for name, value in results[characters].items():
            print(f"  {name:<36}{value['p50']:>12.1f}{value['p95']:>10.1f}")
    aimed = results[wanted[0]]
    p95 = aimed["prepared: painted"]["p95"]
    print(f"p95 {p95:.1f} ms, aim {AIM_MS:.0f} ms, {p95 / aimed['reference']['p95']:.1f} times the reference")
    print(json.dumps({"aim_ms": AIM_MS, "p95_ms": p95, "by_characters": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
