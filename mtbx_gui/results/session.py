"""What the Results tab asks: options, contents, pictures, the items behind a mark, export. No Qt.

Every method may be called from a background thread; what was read stays as it is until the next `reload`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mtbx_gui.results.behind import Behind, BehindRow, rows_behind
from mtbx_gui.results.content import Content
from mtbx_gui.results.data import Source, StudyData, category_order, load, shown_judge
from mtbx_gui.results.figures import Picture, compute, drawable, render
from mtbx_gui.results.files import write_file
from mtbx_gui.results.look import Look
from mtbx_gui.results.selection import Filter, Rules, pair_sources, pair_table, score_sources
from mtbx_gui.results.words import Words
from mtbx_gui.study.answers import answers
from mtbx_gui.study.items import items
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.records import Judgment, Mode
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes


@dataclass(frozen=True)
class Options:
    """What filters can choose from; `pairs` has the one with most votes first."""

    languages: tuple[str, ...]
    categories: tuple[str, ...]
    models: tuple[str, ...]
    annotators: tuple[str, ...]
    sources: tuple[Source, ...]
    pairs: tuple[tuple[str, str], ...]

    @property
    def nothing(self) -> bool:
        """Whether nobody has judged or rated anything."""
        return not self.sources and not self.pairs


@dataclass(frozen=True)
class Shown:
    """A content, with its picture where there is one."""

    content: Content
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Part:
    """One text behind an item: the question, an answer, a judgment, the votes."""

    title: str
    text: str


@dataclass
class ResultsSession:
    """A study's results. Make it and call `reload` in the background: both take their time."""

    study: Study
    words: Words = field(default_factory=Words)
    _data: StudyData | None = None

    @property
    def data(self) -> StudyData:
        """What was read last; read now when nothing was."""
        if self._data is None:
            self._data = load(self.study)
        return self._data

    def reload(self) -> Options:
        """Read the study again and say what there is to choose from."""
        self._data = load(self.study)
        return self.options()

    def options(self) -> Options:
        """What filters can choose from."""
        data = self.data
        table = pair_table(data, Filter())
        every_pair = {
            (item.model_1, item.model_2): None for games in data.games.values() for item in games.items
        }
        pairs = list(dict.fromkeys([*table.pairs, *sorted(every_pair)]))
        singles = {model for columns in data.scores.values() for model in columns.model}
        questions = {question for columns in data.scores.values() for question in columns.question}
        questions |= {item.question_id for games in data.games.values() for item in games.items}
        questions |= {item.question_id for item in data.votes.items}
        judged = {code for columns in data.scores.values() for code in columns.language}
        judged |= {item.language for games in data.games.values() for item in games.items}
        judged |= {item.language for item in data.votes.items}
        return Options(
            languages=tuple(sorted(judged, key=lambda code: _place(code, data.languages))),
            categories=tuple(sorted({data.category_of(q) for q in questions}, key=category_order)),
            models=tuple(sorted(singles | {name for pair in pairs for name in pair})),
            annotators=tuple(sorted(set(data.votes.annotator))),
            sources=tuple(dict.fromkeys([*score_sources(data), *pair_sources(data)])),
            pairs=tuple(pairs),
        )

    def show(self, key: str, chosen: Filter, rules: Rules, look: Look) -> Shown:
        """A figure or table under a filter, drawn where there is something to draw."""
        content = compute(key, self.data, chosen, rules, self.words)
        picture = render(content, look, self.words) if drawable(content) else None
        return Shown(content, picture)

    def behind(self, chosen: Filter, rules: Rules, behind: Behind) -> list[BehindRow]:
        """The items behind a mark."""
        return rows_behind(self.data, chosen, rules, behind, self.words)

    def export(self, key: str, chosen: Filter, rules: Rules, path: Path, look: Look) -> Path:
        """Write a figure or its table; the path's ending says which. Raises ExportError."""
        content = compute(key, self.data, chosen, rules, self.words)
        return write_file(content, path, look, self.words)

    def parts(self, row: BehindRow) -> list[Part]:
        """The texts behind an item: question, answers, judgments, votes."""
        return [
            *_question(self.study, row),
            *_answers(self.study, row),
            *_judgments(self.study, row),
            *_votes(self.study, row),
        ]


def _place(code: str, languages: tuple[str, ...]) -> tuple[int, str]:
    return (languages.index(code) if code in languages else len(languages)), code


def _question(study: Study, row: BehindRow) -> list[Part]:
    found = items(study, [row.language], [row.question_id])
    if not found:
        return [Part("Question", "This question is not among the study's items.")]
    item = found[0]
    parts = [Part("Question", "\n\n---\n\n".join(item.turns[: row.turn]))]
    if len(item.references) >= row.turn:
        parts.append(Part("Reference", item.references[row.turn - 1]))
    return parts


def _answers(study: Study, row: BehindRow) -> list[Part]:
    parts = []
    for letter, model in zip("AB", row.models, strict=False):
        found = [a for a in answers(study, [row.language], [model]) if a.question_id == row.question_id]
        if found and len(found[0].turns) >= row.turn:
            title = f"Answer {letter}: {model}" if len(row.models) > 1 else f"Answer: {model}"
            parts.append(Part(title, found[0].turns[row.turn - 1]))
    return parts


def _judgments(study: Study, row: BehindRow) -> list[Part]:
    mode: Mode = "single" if len(row.models) == 1 else "pair"
    found = [
        judgment
        for judgment in judgments(study, mode, None, [row.language], row.models)
        if judgment.question_id == row.question_id and judgment.turn == row.turn
    ]
    return [Part(_judgment_title(judgment), judgment.text or "(no text)") for judgment in found]


def _judgment_title(judgment: Judgment) -> str:
    said = judgment.verdict or (f"{judgment.score:g}" if judgment.score is not None else None)
    first = judgment.model_1 if judgment.game == 1 else judgment.model_2
    order = f" · {first} shown as A" if judgment.game else ""
    outcome = said if said is not None else f"no verdict: {judgment.reason}"
    return f"{shown_judge(judgment.judge)} · run {judgment.repetition}{order}: {outcome}"


def _votes(study: Study, row: BehindRow) -> list[Part]:
    if len(row.models) < 2:
        return []
    words = {"model_1": row.models[0], "model_2": row.models[1], "tie": "tie", "both_bad": "both bad"}
    found = [
        vote
        for vote in votes(study, None, [row.language])
        if (vote.question_id, vote.turn) == (row.question_id, row.turn)
        and (vote.model_1, vote.model_2) == row.models
    ]
    if not found:
        return []
    lines = [
        f"- {vote.annotator}: {words[vote.choice]}" + (f" ({vote.comment})" if vote.comment else "")
        for vote in found
    ]
    return [Part(f"Votes ({len(found)})", "\n".join(lines))]
