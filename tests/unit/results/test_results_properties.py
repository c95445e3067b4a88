"""Statistics against brute force, against other libraries, and in degenerate cases."""

import warnings
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtbx_gui.results import agreement, kappa, rates
from mtbx_gui.results.intervals import binomial_p, bootstrap, ratio, wilson
from mtbx_gui.results.labels import MISSING, merge_counts, merge_verdicts

tables = st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=8).map(np.array)
judged_tables = st.lists(
    st.tuples(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.integers(-1, 3)),
    min_size=1,
    max_size=6,
).map(lambda rows: (np.array([row for row, _ in rows]), np.array([verdict for _, verdict in rows])))


def votes_of(row: Any) -> list[int]:
    return [label for label, count in enumerate(row) for _ in range(count)]


@given(judged_tables)
@settings(max_examples=150, deadline=None)
def test_shares_equal_counting_every_vote_and_pair(case: tuple[np.ndarray, np.ndarray]) -> None:
    table, verdicts = case
    votes = [votes_of(row) for row in table]
    judged = [(v, own) for v, own in zip(verdicts, votes, strict=True) if v >= 0]
    against = [vote == v for v, own in judged for vote in own]
    cell = agreement.judge_human(table, verdicts)
    assert (cell.agree, cell.total) == (sum(against), len(against))
    alike = [a == b for own in votes for a, b in combinations(own, 2)]
    people = agreement.human_human(table)
    assert (people.agree, people.total) == (sum(alike), len(alike))
    bound = agreement.upper_bound(table, verdicts)
    best = sum(max((own.count(label) for label in range(4)), default=0) for _, own in judged)
    assert (bound.agree, bound.total) == (best, len(against))
    assert cell.agree <= bound.agree
    for share in (cell, people, bound):
        assert (share.value is None) == bool(share.reason)
        assert share.value is None or 0 <= share.value <= 1


@given(judged_tables)
@settings(max_examples=100, deadline=None)
def test_other_bounds_stay_below_and_agree_when_every_majority_is_unique(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    table, verdicts = case
    plain = agreement.upper_bound(table, verdicts)
    for rule in ("unique", "tie"):
        other = agreement.upper_bound(table, verdicts, rule)
        assert other.total == plain.total and other.agree <= plain.agree
    top = np.sort(table, axis=1)
    if (top[:, -1] > top[:, -2]).all():
        assert {
            (b.agree, b.total)
            for b in (
                agreement.upper_bound(table, verdicts, r) for r in ("plurality", "unique", "tie", "drop")
            )
        } == {(plain.agree, plain.total)}


@given(tables, st.permutations(range(4)))
@settings(max_examples=100, deadline=None)
def test_renaming_labels_and_reordering_items_change_nothing(table: np.ndarray, order: list[int]) -> None:
    other = table[::-1][:, order]
    one, two = kappa.fleiss(table), kappa.fleiss(other)
    assert one.reason == two.reason
    if one.kappa is not None:
        assert one.kappa == pytest.approx(two.kappa, abs=1e-12)
    for statistic in (kappa.krippendorff_alpha, kappa.gwet_ac1):
        a, b = statistic(table), statistic(other)
        assert a.reason == b.reason
        assert a.value == pytest.approx(b.value, abs=1e-12) if a.value is not None else b.value is None


@given(tables)
@settings(max_examples=100, deadline=None)
def test_nothing_is_ever_nan_or_above_one(table: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = kappa.fleiss(table)
        alpha, ac1 = kappa.krippendorff_alpha(table), kappa.gwet_ac1(table)
    for value, reason in ((found.kappa, found.reason), (alpha.value, alpha.reason), (ac1.value, ac1.reason)):
        assert value is None or (np.isfinite(value) and value <= 1 + 1e-12)
        assert value is not None or reason
    assert found.p is None or 0 <= found.p <= 1


@given(tables)
@settings(max_examples=60, deadline=None)
def test_doubling_every_item_keeps_kappa(table: np.ndarray) -> None:
    once, twice = kappa.fleiss(table), kappa.fleiss(np.vstack([table, table]))
    if once.kappa is not None:
        assert twice.kappa == pytest.approx(once.kappa, abs=1e-12)
        if once.se is not None and twice.se is not None:
            assert twice.se == pytest.approx(once.se / np.sqrt(2), rel=1e-9)


def random_votes(items: int, raters: int, missing: float, seed: int) -> np.ndarray:
    """Raters x items, labels 0..3, nan = missing; raters follow the item's truth most of the time."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, items)
    noise = rng.integers(0, 4, (raters, items))
    votes = np.where(rng.random((raters, items)) < 0.6, truth, noise).astype(float)
    votes[rng.random((raters, items)) < missing] = np.nan
    return votes


def counted(votes: np.ndarray) -> np.ndarray:
    return np.stack([(votes == label).sum(axis=0) for label in range(4)], axis=1)


@pytest.mark.parametrize("seed", range(5))
def test_fleiss_equals_statsmodels_for_equal_raters(seed: int) -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa

    table = counted(random_votes(40, 5, 0.0, seed))
    assert kappa.fleiss(table).kappa == pytest.approx(fleiss_kappa(table), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_equals_the_krippendorff_package(seed: int) -> None:
    import krippendorff

    votes = random_votes(40, 5, 0.3, seed)
    other = krippendorff.alpha(reliability_data=votes, level_of_measurement="nominal")
    assert kappa.krippendorff_alpha(counted(votes)).value == pytest.approx(other, abs=1e-12)


def test_two_raters_agree_as_often_as_scikit_learn_says() -> None:
    from sklearn.metrics import accuracy_score

    votes = random_votes(200, 2, 0.0, 11)
    cell = agreement.human_human(counted(votes))
    assert cell.value == pytest.approx(accuracy_score(votes[0], votes[1]), abs=1e-15)


@pytest.mark.parametrize(
    ("wins", "total"), [(5, 8), (152, 242), (0, 7), (400, 1000), (1100, 2400), (9, 9000)]
)
def test_wilson_and_binomial_equal_scipy(wins: int, total: int) -> None:
    from scipy.stats import binomtest

    other = binomtest(wins, total)
    assert binomial_p(wins, total) == pytest.approx(other.pvalue, rel=1e-9)
    interval, expected = wilson(wins, total), other.proportion_ci(method="wilson")
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_p_of_kappa_holds_its_level_under_chance() -> None:
    rng = np.random.default_rng(5)
    rejected = 0
    for _ in range(1500):
        raters = rng.integers(2, 6, 66)
        table = np.stack([rng.multinomial(n, (0.4, 0.3, 0.2, 0.1)) for n in raters])
        p = kappa.fleiss(table).p
        assert p is not None
        rejected += p < 0.05
    assert 0.035 < rejected / 1500 < 0.068


def test_bootstrap_covers_the_true_share() -> None:
    rng = np.random.default_rng(8)
    covered = 0
    for seed in range(200):
        chance = rng.beta(3, 2, 60)  # questions differ: votes of one question hang together
        agree = rng.binomial(4, chance)
        interval = bootstrap(np.column_stack([agree, np.full(60, 4)]).astype(float), ratio, 500, seed)
        assert interval is not None
        covered += interval.low <= 0.6 <= interval.high
    assert 0.90 <= covered / 200 <= 0.985


def test_bootstrap_in_pieces_equals_bootstrap_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from mtbx_gui.results import intervals

    sums = np.column_stack([np.arange(30.0), np.full(30, 29.0)])
    whole = bootstrap(sums, ratio, 400, 3)
    monkeypatch.setattr(intervals, "_CACHED_UP_TO", 0)
    monkeypatch.setattr(intervals, "_CHUNK", 30 * 7)
    assert bootstrap(sums, ratio, 400, 3) == whole


def test_degenerate_tables_give_none_and_the_reason() -> None:
    none = np.zeros((0, 4), dtype=np.int64)
    single = np.array([[1, 0, 0, 0], [0, 1, 0, 0]])
    same = np.array([[3, 0, 0, 0], [2, 0, 0, 0]])
    for table in (none, single):
        assert kappa.fleiss(table).reason == "no item with two votes"
        assert kappa.krippendorff_alpha(table).reason == "no item with two votes"
        assert agreement.human_human(table).value is None
    assert kappa.fleiss(same).reason.startswith("no variation")
    assert kappa.krippendorff_alpha(same).reason.startswith("no variation")
    assert kappa.gwet_ac1(same).value == 1.0
    assert agreement.human_human(same).value == 1.0
    nobody = np.full(2, MISSING)
    assert agreement.judge_human(same, nobody).reason == "no judge verdict on an item with votes"
    assert agreement.upper_bound(same, nobody).value is None
    assert rates.people_shares(none).shares is None
    assert rates.preference(0, 0).reason == "no decisive vote"
    assert rates.preference(0, 0).share_1 is None
    assert bootstrap(np.ones((1, 2)), ratio) is None


def test_label_schemes() -> None:
    table = np.array([[1, 2, 3, 4]])
    assert merge_counts(table, 3).tolist() == [[1, 2, 7]]
    assert merge_counts(table, 2).tolist() == [[1, 2]]
    verdicts = np.array([0, 1, 2, 3, -1])
    assert merge_verdicts(verdicts, 3).tolist() == [0, 1, 2, 2, -1]
    assert merge_verdicts(verdicts, 2).tolist() == [0, 1, -1, -1, -1]
    two_way = agreement.upper_bound(table[:, :2], np.array([0]), "tie")
    assert two_way.value is None and "does not exist" in two_way.reason


def test_judge_shares_are_the_mean_over_runs() -> None:
    outcomes = np.array([[0, 0], [1, 4], [4, 4], [2, 5]])
    shares = rates.judge_shares(outcomes)
    assert shares.shares == pytest.approx(((1 / 3 + 1) / 2, 1 / 6, 1 / 6, 0.0))
    assert shares.counts == (2, 1, 1, 0) and shares.runs == 2
    with_five = rates.judge_shares(outcomes, inconsistent=True)
    assert with_five.shares == pytest.approx(((1 / 4 + 1 / 3) / 2, 1 / 8, 1 / 8, 0.0, (1 / 4 + 2 / 3) / 2))
    assert sum(with_five.shares or ()) == pytest.approx(1)
    as_tie = rates.judge_shares(outcomes, inconsistent_is_tie=True)
    assert as_tie.counts == (2, 1, 4, 0)
    assert rates.judge_shares(np.full((3, 2), 5)).shares is None


def test_table_3_pools_votes_and_names_its_groups() -> None:
    table = np.array([[2, 0, 0, 0], [1, 1, 0, 0], [0, 3, 0, 0], [0, 0, 1, 1]])
    verdicts = np.array([0, 0, 0, -1])
    rows = agreement.table3(table, verdicts, np.array([1, 1, 1, 2]), ["math", "writing", "math", "math"])
    cells = {(row.turn, row.group): row for row in rows}
    assert list(dict.fromkeys(row.group for row in rows)) == ["All", "RCEMR", "math", "writing"]
    everything = cells[1, "All"].judge_human
    assert (everything.agree, everything.total) == (3, 7)
    rcemr = cells[1, "RCEMR"].judge_human
    assert (rcemr.agree, rcemr.total) == (2, 5)
    assert cells[2, "All"].judge_human.value is None
    assert (cells[2, "All"].human_human.agree, cells[2, "All"].human_human.total) == (0, 1)
    assert cells[2, "writing"].human_human.reason == "no item with two votes"
    by_question = agreement.table3(
        table, verdicts, np.array([1, 1, 1, 2]), ["math"] * 4, questions=np.array([0, 1, 2, 2])
    )
    interval = by_question[0].judge_human.interval
    assert interval is not None and interval.low <= 3 / 7 <= interval.high
