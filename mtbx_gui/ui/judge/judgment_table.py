"""The table of judged turns with its filters: mode, judge, language, model, and what came of it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mtbx_gui.judging.reading import JudgedTurn, TurnKey
from mtbx_gui.study.ids import id_order
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.fields import Choice
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.row_table import Column, RowTable

Keep = Callable[[JudgedTurn], bool]

OUTCOMES: tuple[tuple[str, str, Keep], ...] = (
    ("no_verdict", "No verdict", lambda row: row.no_verdict),
    ("verdict", "With a verdict", lambda row: not row.no_verdict),
    ("order_flips", "Order flips", lambda row: row.order_flips),
    ("repetition_flips", "Repetition flips", lambda row: row.repetition_flips),
    ("tie", "Tie", lambda row: any(one.meaning == "tie" for one in row.outcomes)),
    ("both_bad", "Both bad", lambda row: any(one.meaning == "both_bad" for one in row.outcomes)),
)
"""(value, shown, which rows)"""


class JudgmentTable(QWidget):
    """`chosen(row)` when another row, or none, is the current one."""

    chosen = Signal(object)

    def __init__(self, empty: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.filters = QWidget(self)
        row = QHBoxLayout(self.filters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(step)
        self.mode = self._filter("judge_filter_mode", tr("Mode"), row)
        self.judge = self._filter("judge_filter_judge", tr("Judge"), row)
        self.language = self._filter("judge_filter_language", tr("Language"), row)
        self.model = self._filter("judge_filter_model", tr("Model"), row)
        self.outcome = self._filter("judge_filter_outcome", tr("Verdict"), row)
        row.addStretch(1)
        self.mode.offer(
            [("", tr("Scores and pairs")), ("single", tr("Scores")), ("pair", tr("Pairs"))],
        )
        self.outcome.offer([("", tr("Any verdict")), *((value, tr(shown)) for value, shown, _ in OUTCOMES)])
        self.table: RowTable[JudgedTurn] = RowTable(
            [
                Column(
                    tr("Question"),
                    lambda turn: turn.question_id,
                    sort=lambda turn: id_order(turn.question_id),
                ),
                Column(tr("Turn"), lambda turn: str(turn.turn), number=True),
                Column(tr("Language"), lambda turn: turn.language.upper()),
                Column(tr("Category"), lambda turn: turn.category),
                Column(
                    tr("Verdict"),
                    lambda turn: turn.summary,
                    sort=_by_verdict,
                    state=lambda turn: None if turn.meaning == "score" else turn.meaning,
                ),
                Column(tr("Model"), lambda turn: " / ".join(turn.models), stretch=True),
                Column(tr("Judge"), lambda turn: turn.judge),
            ],
            key=lambda turn: turn.key,
            parent=self,
            name="judgments",
            empty=empty,
        )
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        self.table.row_chosen.connect(self.chosen)
        self.show_rows([])

    def show_rows(self, rows: Sequence[JudgedTurn]) -> None:
        """Show these; chosen row and filters stay as far as they can."""
        self.filters.setVisible(bool(rows))
        self.table.filter.setVisible(bool(rows))
        self.table.count.setVisible(bool(rows))
        for combo, words, values in (
            (self.judge, tr("Any judge"), {turn.judge for turn in rows}),
            (self.language, tr("Any language"), {turn.language for turn in rows}),
            (self.model, tr("Any model"), {model for turn in rows for model in turn.models}),
        ):
            shown = str.upper if combo is self.language else str
            combo.offer([("", words), *((value, shown(value)) for value in sorted(values))])
            combo.setVisible(len(values) > 1)
        self.mode.setVisible(len({turn.mode for turn in rows}) > 1)
        self.table.set_rows(rows)

    def choose(self, key: TurnKey) -> bool:
        """Choose the row with a key; filters that hide it are taken away."""
        if self.table.choose(key):
            return True
        for combo in (self.mode, self.judge, self.language, self.model, self.outcome):
            combo.choose("")
        self.table.filter.clear()
        return self.table.choose(key)

    def _filter(self, name: str, accessible: str, row: QHBoxLayout) -> Choice:
        combo = Choice(name, parent=self.filters)
        combo.setAccessibleName(accessible)
        combo.setMinimumContentsLength(6)
        combo.changed.connect(self._refilter)
        row.addWidget(combo)
        return combo

    def _refilter(self) -> None:
        if not hasattr(self, "table"):
            return
        mode, judge, language, model = (
            combo.value() for combo in (self.mode, self.judge, self.language, self.model)
        )
        outcome = next((keep for value, _, keep in OUTCOMES if value == self.outcome.value()), None)

        def keep(turn: JudgedTurn) -> bool:
            return (
                mode in ("", turn.mode)
                and judge in ("", turn.judge)
                and language in ("", turn.language)
                and (not model or model in turn.models)
                and (outcome is None or outcome(turn))
            )

        self.table.set_extra_filter(keep)


def _by_verdict(turn: JudgedTurn) -> tuple[float, str]:
    """Scores by their mean, everything else by its words after them."""
    return (turn.score, "") if turn.score is not None else (99.0, turn.summary)
