"""From a study to tables: what is read, what a filter leaves, and what scores come of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mtbx_gui.results import labels
from mtbx_gui.results.behind import Behind, rows_behind
from mtbx_gui.results.data import Source, load
from mtbx_gui.results.scores import ScoreCell, score_cells
from mtbx_gui.results.selection import Filter, Rules, pair_table, score_table
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.runs import register
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import add_vote, withdraw_vote
from tests.unit.results.results_study import PAIR, add_items, game, single, small_study, vote

JUDGE = "gpt-4"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Two questions, writing and math, in German; nothing judged."""
    found = Study.create(tmp_path / "s", "S", ("de",))
    add_items(found, "de", {"81": "writing", "82": "math"})
    yield found
    found.close()


def one_cell(study: Study, **narrow: object) -> ScoreCell:
    (cell,) = score_cells(
        score_table(load(study), Filter(**narrow)),  # type: ignore[arg-type]
        by_language=False,
        turns=(None,),
    )
    return cell


def test_a_failed_judgment_is_no_score(study: Study) -> None:
    add_judgments(
        study,
        [single(JUDGE, "m", "81", "de", 1, 1, 8.0), single(JUDGE, "m", "82", "de", 1, 1, None)],
        "t",
    )
    cell = one_cell(study)
    assert (cell.mean.value, cell.questions, cell.judgments, cell.without_score) == (8.0, 1, 2, 1)
    assert cell.mean.interval is None
    assert cell.sd.value is None and cell.sd.reason == "one repetition only"
    only_math = one_cell(study, categories=("math",))
    assert only_math.mean.value is None and only_math.mean.reason == "no score"


def test_a_question_judged_more_often_does_not_count_more(study: Study) -> None:
    scores = [("81", 1, 2.0), ("82", 1, 8.0), ("82", 2, 8.0), ("82", 3, 8.0)]
    add_judgments(study, [single(JUDGE, "m", q, "de", 1, r, s) for q, r, s in scores], "t")
    cell = one_cell(study)
    assert cell.mean.value == 5.0
    assert cell.repetitions == 3
    assert cell.sd.value == pytest.approx(np.std([5.0, 8.0, 8.0], ddof=1))
    assert cell.mean.interval is not None
    assert (cell.mean.interval.low, cell.mean.interval.high) == (2.0, 8.0)


def test_two_judges_and_two_prompt_sets_are_never_pooled(study: Study) -> None:
    register(study, "judge-a", "judge", "", {"config": {"choice": {"prompt_set": "mtbx-3"}}}, "t")
    other = single(JUDGE, "m", "81", "de", 2, 1, 4.0)
    from dataclasses import replace

    add_judgments(
        study,
        [
            single(JUDGE, "m", "81", "de", 1, 1, 8.0),
            single(JUDGE, "m", "82", "de", 1, 1, 6.0),
            single("other", "m", "81", "de", 1, 1, 2.0),
            replace(other, origin="run:judge-a"),
        ],
        "t",
    )
    data = load(study)
    assert set(data.scores) == {Source(JUDGE), Source("other"), Source(JUDGE, "mtbx-3")}
    assert one_cell(study).mean.value == 7.0  # the source with most judgments
    assert one_cell(study, judge="other").mean.value == 2.0
    assert one_cell(study, prompt_set="mtbx-3").mean.value == 4.0


def test_games_with_unsorted_names_are_turned_round(study: Study) -> None:
    pair = (PAIR[1], PAIR[0])
    # The first model named wins both games: shown as A in game 1, as B in game 2.
    add_judgments(
        study,
        [game(JUDGE, pair, "81", "de", 1, 1, 1, "A"), game(JUDGE, pair, "81", "de", 1, 1, 2, "B")],
        "t",
    )
    table = pair_table(load(study), Filter())
    assert table.pairs == [PAIR]
    assert table.outcomes.tolist() == [[labels.MODEL_2]]


def test_a_failed_game_is_an_error_and_a_missing_one_is_not_judged(study: Study) -> None:
    add_judgments(
        study,
        [
            game(JUDGE, PAIR, "81", "de", 1, 1, 1, "A"),
            game(JUDGE, PAIR, "81", "de", 1, 1, 2, None),
            game(JUDGE, PAIR, "82", "de", 1, 1, 1, "A"),
            game(JUDGE, PAIR, "81", "de", 2, 1, 1, "A"),
            game(JUDGE, PAIR, "81", "de", 2, 1, 2, "A"),
        ],
        "t",
    )
    table = pair_table(load(study), Filter())
    found = {(i.question_id, i.turn): table.outcomes[n, 0] for n, i in enumerate(table.items)}
    assert found == {("81", 1): labels.ERROR, ("81", 2): labels.INCONSISTENT}
    assert table.directions[[i.turn for i in table.items].index(2), 0] == 1


def test_votes_count_once_per_person_and_skips_not_at_all(study: Study) -> None:
    add_vote(study, vote("A1", "81", "de", 1, "model_1"), "t")
    add_vote(study, vote("A1", "81", "de", 1, "tie"), "t")
    second = add_vote(study, vote("A2", "81", "de", 1, "model_2"), "t")
    add_vote(study, vote("A3", "82", "de", 1, "skip"), "t")
    table = pair_table(load(study), Filter())
    assert [i.question_id for i in table.items] == ["81"]
    assert table.votes.tolist() == [[0, 1, 1, 0]]
    assert pair_table(load(study), Filter(annotators=("A2",))).votes.tolist() == [[0, 1, 0, 0]]
    withdraw_vote(study, second, "t")
    assert pair_table(load(study), Filter()).votes.tolist() == [[0, 0, 1, 0]]


def test_a_vote_on_an_unknown_question_is_kept_under_unknown(study: Study) -> None:
    add_vote(study, vote("A1", "999", "de", 1, "model_1"), "t")
    table = pair_table(load(study), Filter())
    assert table.category == ("unknown",)


def test_filters_reach_judgments_and_votes_alike(tmp_path: Path) -> None:
    study = small_study(tmp_path / "s")
    data = load(study)
    everything = pair_table(data, Filter())
    narrowed = pair_table(data, Filter(languages=("de",), categories=("math",), turns=(1,)))
    assert {i.turn for i in narrowed.items} == {1} and set(narrowed.category) == {"math"}
    assert 0 < narrowed.votes.sum() < everything.votes.sum()
    assert not pair_table(data, Filter(models=(PAIR[0],))).items
    scores = score_table(data, Filter(models=(PAIR[0],), languages=("en",)))
    assert scores.models == (PAIR[0],) and scores.languages == ("en",)
    study.close()


def test_the_items_behind_a_mark(tmp_path: Path) -> None:
    study = small_study(tmp_path / "s")
    data = load(study)
    behind = Behind("scores", "", models=(PAIR[0],), languages=("en",), turn=2)
    rows = rows_behind(data, Filter(), Rules(), behind)
    assert len(rows) == 16
    assert {(r.language, r.turn, r.models) for r in rows} == {("en", 2, (PAIR[0],))}
    assert rows[0].judge.count("·") == 2
    bad = Behind("pairs", "", categories=("math",), who="people", label=labels.BOTH_BAD)
    table = pair_table(data, Filter(categories=("math",)))
    found = rows_behind(data, Filter(), Rules(), bad)
    assert len(found) == int((table.votes[:, labels.BOTH_BAD] > 0).sum()) > 0
    assert all("both bad" in row.people for row in found)
    study.close()
