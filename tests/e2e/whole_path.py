"""The whole path through the real window, by keys; started by test_whole_path.py.

usage: whole_path.py walk PICTURES             from the start page through all five tabs
       whole_path.py return PICTURES STUDY     opened again, everything is there
"""

import sys
from pathlib import Path
from typing import Any

from person import Person, Script
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from mtbx_gui.actions.home import documents_dir
from mtbx_gui.judging.profiles import DEMO_JUDGE
from mtbx_gui.study.answers import answers
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.texts import fields
from mtbx_gui.study.votes import vote_history

PLACE = QRect(40, 30, 1240, 860)
"""Where the window is put on the screen of 1600 × 1200."""
TRAINED = "instructions-DE"
ANNOTATOR = "spatz"
RUN_PATIENCE_S = 90.0
CORRECTED = {"Scrivete": "Scrivi", "Usate": "Usa"}
"""The voi forms of the first Italian question, and what they should be."""


def walk(p: Person) -> Script:
    """From the start page to a closed window."""
    yield from make_the_demo_study(p)
    yield from translate_into_spanish(p)
    yield from correct_an_italian_question(p)
    yield from train_and_answer(p)
    yield from judge(p, "single", "96 calls", 96)
    yield from judge(p, "pair", "192 calls", 96 + 192)
    yield from rate_blind(p)
    yield from look_at_results(p)
    p.step("close the window")
    p.check("the window never needs torch", "torch" not in sys.modules)
    p.press("Ctrl+Q")


def make_the_demo_study(p: Person) -> Script:
    p.step("make the demo study from the start page")
    yield p.until("the start page is shown", lambda: p.shell.start_page.isVisible())
    p.shell.setGeometry(PLACE)
    yield p.front()
    yield p.pictured("01-start")
    p.press("Ctrl+D")
    yield p.until("the demo step says where it goes", lambda: p.text("demo_folder") == str(demo_folder()))
    yield p.pictured("02-demo")
    p.press("Ctrl+Return")
    yield p.until("the study is open", lambda: p.shell.page is not None and tab(p) is not None)
    p.check("the title names the study", p.shell.windowTitle() == "mtbx · Demo study")


def translate_into_spanish(p: Person) -> Script:
    p.step("translate into Spanish with the demo translator")
    p.check("no Spanish yet", not fields(study(p), ["es"], ["turn"]))
    yield from new_run(p, "translate")
    for code in ("de", "fr", "it"):
        p.tab_to(f"translate_languages_{code}")
        p.press("Space")
    p.choose("translate_service", "demo")
    yield p.until(
        "the command follows", lambda: "--languages es --translator demo" in p.text("new_run_command")
    )
    yield p.pictured("03-translate")
    p.press("Ctrl+Return")
    yield from run_ends(p, 1)
    yield p.until(
        "the Spanish questions are in the study",
        lambda: len([field for field in fields(study(p), ["es"], ["turn"]) if field.machine]) == 32,
    )
    p.check("by the demo translator", {f.machine_by for f in fields(study(p), ["es"])} == {"demo translator"})
    yield p.pictured("04-translated")


def correct_an_italian_question(p: Person) -> Script:
    p.step("correct a flagged Italian question")
    p.press("Ctrl+1")
    yield p.until("the tab is filled", lambda: tab(p).session is not None and tab(p).field.isVisible())
    p.choose("curate_language", "it", back=True)
    yield p.until("all Italian fields are checked", lambda: not tab(p).session.unchecked("it"))
    p.choose("curate_flagged", "error", back=True)
    yield p.until(
        "only errors are listed", lambda: all(e.severity == "error" for e in tab(p).session.entries())
    )
    first = tab(p).session.current
    p.check(f"question 201 comes first, not {first}", (first.question_id, first.position) == ("201", 0))
    p.tab_to("curate_edit_text")
    for word, better in CORRECTED.items():
        p.press("F2")
        yield p.until(
            f"F2 has led to {word}", lambda word=word: editor(p).textCursor().selectedText() == word
        )
        p.write(better)
    yield p.until("nothing is flagged any more", lambda: not flagged(p))
    yield p.pictured("05-correct")
    p.press("Alt+PgDown")
    edited = [field for field in fields(study(p), ["it"]) if field.edited]
    p.check(f"one edit is stored, not {len(edited)}", [f.field_id for f in edited] == [first.field_id])
    p.check(
        f"it is not what was written: {edited[0].edit}",
        all(word in edited[0].edit for word in CORRECTED.values()),
    )
    p.check("the next field is open", tab(p).session.current.field_id != first.field_id)
    yield p.until("the window says that it is saved", lambda: p.text("saved_label").startswith("saved "))
    yield p.pictured("06-corrected")


def train_and_answer(p: Person) -> Script:
    p.step("fine-tune the tiny model for a few steps")
    yield from new_run(p, "train")
    p.choose("train_language", "de")
    p.tab_to("train_epochs")
    p.replace("1")
    yield p.until("the command follows", lambda: "--set epochs=1" in p.text("new_run_command"))
    yield p.pictured("07-train")
    p.press("Ctrl+Return")
    yield from run_ends(p, 2)
    yield p.pictured("08-trained")
    p.step("let the fine-tuned model answer")
    yield from new_run(p, "generate")
    yield p.until("the new model is offered", lambda: tab(p).form.page().model.value() == TRAINED)
    for code in ("en", "fr", "it", "es"):
        p.tab_to(f"generate_languages_{code}")
        p.press("Space")
    p.tab_to("generate_max_new_tokens")
    p.write("6")
    yield p.pictured("09-generate")
    p.press("Ctrl+Return")
    yield from run_ends(p, 3)
    yield p.until("16 answers are in the study", lambda: len(answers(study(p), models=[TRAINED])) == 16)
    yield p.pictured("10-answered")


def judge(p: Person, mode: str, bill: str, total: int) -> Script:
    p.step(f"let the demo judge judge ({mode})")
    p.press("Ctrl+3")
    yield p.until("the plan is offered", lambda: p.text("judge_bill_calls"))
    p.choose("judge_mode", mode, back=True)
    if mode == "single":
        p.choose("judge_judge", DEMO_JUDGE, back=True)
        p.tab_to("judge_matrix")
        languages = tab(p).plan.matrix.chosen()[1]
        for code in languages:
            if code != "de":
                p.press("Ctrl+Space")
            p.press("Right")
    yield p.until(f"the bill says {bill}", lambda: p.text("judge_bill_calls").startswith(bill))
    p.check("it costs nothing", p.text("judge_bill_cost") == "Free")
    yield p.pictured(f"11-judge-{mode}")
    p.press("Ctrl+Return")
    yield p.until(
        f"{total} judgments are in the study", lambda: len(judgments(study(p))) == total, RUN_PATIENCE_S
    )
    yield p.until("the run is over", lambda: not tab(p).run_line.isVisible())
    yield p.until("a judgment is shown", lambda: tab(p).detail.shown() and not tab(p).busy())
    p.check("by the demo judge", {one.judge for one in judgments(study(p))} == {DEMO_JUDGE})
    yield p.pictured(f"12-judged-{mode}")


def rate_blind(p: Person) -> Script:
    p.step("rate blind")
    p.press("Ctrl+4")
    yield p.until("there are pairs to rate", lambda: tab(p).start.isVisible())
    p.choose("annotate_language", "de")
    p.tab_to("annotate_pseudonym", back=True)
    p.write(ANNOTATOR)
    yield p.pictured("13-rate")
    p.press("Return")
    for number, (key, voted) in enumerate(
        [("A", 1), ("B", 2), ("Ctrl+Z", 1), ("T", 2), ("X", 3), ("A", 4), ("B", 5)]
    ):
        yield p.until(
            "a pair is up and votes count", lambda: tab(p).session is not None and tab(p).accepts_votes
        )
        turn = tab(p).session.card.place.turn
        p.check(f"turn 2 follows turn 1, {number}", turn == (tab(p).session.progress.voted % 2) + 1)
        for model in ("assistant-north", "assistant-south", TRAINED):
            p.check(f"{model} is named", not names_model(p, model))
        if number in (0, 1):
            yield p.pictured(f"14-turn-{turn}")
        p.press(key)
        p.check(f"{voted} votes after {key}", tab(p).session.progress.voted == voted)
    choices = [vote.displayed for vote in vote_history(study(p), ANNOTATOR)]
    p.check(f"the votes are {choices}", choices == ["A", "tie", "both_bad", "A", "B"])


def look_at_results(p: Person) -> Script:
    p.step("look at the results")
    p.press("Ctrl+5")
    for number, figure in enumerate(("scores", "categories", "verdicts", "bias", "agreement")):
        if number:
            p.press("Down")
        yield p.until(f"the figure {figure} is drawn", lambda figure=figure: shown_figure(p) == figure)
        p.check("it has a sentence to read", p.text("results_reading"))
        yield p.pictured(f"15-{figure}")
        if figure == "verdicts":
            yield from export(p, exported())


def export(p: Person, target: Path) -> Script:
    p.step("export a figure")
    p.press("Ctrl+E")
    yield p.until("the dialog asks where", lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    yield p.until("the dialog has the keyboard", lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    p.replace(str(target))
    yield p.pictured("16-export")
    p.press("Return")
    yield p.until("the figure is written", lambda: target.is_file() and target.stat().st_size)
    yield p.until("the dialog is gone", lambda: QApplication.activeModalWidget() is None)
    yield p.front()


def come_back(p: Person) -> Script:
    """The study is opened by its folder; everything is found again."""
    p.step("open the window on the study again")
    yield p.until("the study is open", lambda: p.shell.page is not None)
    yield p.front()
    p.check(f"the window stands where it stood, not {p.shell.geometry()}", p.shell.geometry() == PLACE)
    p.check("the last tab is in front", p.shell.page.current == 4)
    yield p.until("the figure is drawn", lambda: shown_figure(p) == "scores")
    p.step("find the edit again")
    p.press("Ctrl+1")
    yield p.until("the tab is filled", lambda: tab(p).session is not None and tab(p).field.isVisible())
    p.choose("curate_language", "it", back=True)
    p.choose("curate_state", "edited", back=True)
    yield p.until("the edited field is open", lambda: tab(p).session.current.question_id == "201")
    p.check("one field is edited", len(tab(p).session.entries()) == 1)
    p.check("the editor holds the edit", all(word in editor(p).toPlainText() for word in CORRECTED.values()))
    yield p.pictured("21-edit")
    p.step("find the runs again")
    p.press("Ctrl+2")
    yield p.until("all runs are listed", lambda: len(tab(p).table.model.rows()) == 5)
    rows = tab(p).table.model.rows()
    p.check("all have finished", {row.info.state.value for row in rows} == {"finished"})
    kinds = [row.kind for row in rows]
    p.check(f"their kinds are {kinds}", kinds == ["judge", "judge", "generate", "train", "translate"])
    yield p.pictured("22-runs")
    p.step("find the judgments again")
    p.press("Ctrl+3")
    yield p.until("they are listed", lambda: tab(p).table.table.model.total() == 2 * 96)
    yield p.until("one is shown", lambda: tab(p).detail.shown() and not tab(p).busy())
    yield p.pictured("23-judgments")
    p.step("find the votes again")
    p.press("Ctrl+4")
    yield p.until("the votes are counted", lambda: p.text("annotate_progress") == "5 turns rated")
    p.press("Return")
    yield p.until("the sixth turn is up", lambda: tab(p).session is not None and tab(p).accepts_votes)
    place = tab(p).session.card.place
    p.check(f"it goes on where it ended, not at {place}", (place.number, place.turn) == (3, 2))
    p.press("V")
    yield p.until("the votes are listed", lambda: tab(p).overview.isVisible())
    p.check("all five", len(tab(p).overview.table.model.rows()) == 5)
    yield p.pictured("24-votes")
    p.step("close the window")
    p.press("Ctrl+Q")


def new_run(p: Person, kind: str) -> Script:
    """Open the form of a kind and wait until it can be filled in."""
    p.press("Ctrl+2")
    yield p.until("the runs are shown", lambda: p.shell.page.current == 1)
    p.press("Ctrl+N")
    yield p.until(
        "the form is up", lambda: tab(p).form.isVisible() and not p.shell.page.context.tasks.pending()
    )
    kinds = [f"new_run_{one}" for one in ("translate", "train", "generate", "judge")]
    p.pick(kinds, f"new_run_{kind}", back=True)
    yield p.until(f"the form asks what to {kind}", lambda: tab(p).form.page().kind == kind)


def run_ends(p: Person, runs: int) -> Script:
    """The newest of so many runs is shown and finishes."""
    yield p.until(f"run {runs} is listed", lambda: len(tab(p).board.views) == runs)
    yield p.until("it is the one shown", lambda: tab(p).detail.run_id() == tab(p).board.views[0].run_id)
    yield p.until(
        "it has ended", lambda: p.text("run_state") not in ("", "starting", "running"), RUN_PATIENCE_S
    )
    p.check(f"it is {p.text('run_state')}: {p.text('run_sentence')}", p.text("run_state") == "finished")


def tab(p: Person) -> Any:
    """The tab in front."""
    return p.shell.page.current_tab()


def study(p: Person) -> Any:
    """The open study."""
    return p.shell.page.context.study


def editor(p: Person) -> Any:
    """Where translations are written."""
    return tab(p).field.edit.edit


def flagged(p: Person) -> list[tuple[int, int]]:
    """The places flagged in the editor's text."""
    return [span for flag in tab(p).field.flags.flags() if flag.side == "target" for span in flag.spans]


def shown_figure(p: Person) -> str:
    """The figure on the stage, "" while another is being drawn."""
    now = tab(p)
    image = now.stage.figure.image()
    if now.busy() or now._shown is None or not now.stage.isVisible() or image is None or image.isNull():
        return ""
    return str(now._shown.content.key)


def names_model(p: Person, model: str) -> bool:
    """Whether any text on the rating page names a model."""
    page = tab(p).rating
    said = [w.text() for w in page.findChildren(QLineEdit)]
    said += [w.toPlainText() for w in (page.left.answer, page.right.answer, page.question.question)]
    return any(model in text for text in said)


def demo_folder() -> Path:
    """Where the demo study is offered to go."""
    return documents_dir() / "mtbx-demo"


def exported() -> Path:
    """Where the figure is exported to."""
    return documents_dir() / "verdicts.pdf"


if __name__ == "__main__":
    what, pictures, *arguments = sys.argv[1:]
    scripts = {"walk": walk, "return": come_back}
    sys.exit(Person(Path(pictures)).live(scripts[what], arguments))
