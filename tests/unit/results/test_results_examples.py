"""The worked and published examples of the definitions, exactly."""

import math
from fractions import Fraction

import numpy as np
import pytest

from mtbx_gui.results import agreement, kappa, labels, pairs, rates
from mtbx_gui.results.intervals import binomial_p, wilson
from mtbx_gui.results.labels import BOTH_BAD, MODEL_1, MODEL_2, TIE
from mtbx_gui.study.games import implied_direction, resolve

VOTES = np.array([[4, 1, 0, 0], [0, 0, 2, 0], [0, 1, 0, 2], [0, 1, 0, 0], [1, 0, 1, 0]])
RUN_1 = ["AB", "DD", "BB", "BA", "CC"]
RUN_2 = [None, None, "DD", None, None]


def outcome_table() -> tuple[np.ndarray, np.ndarray]:
    codes, towards = [], []
    for games in zip(RUN_1, RUN_2, strict=True):
        codes.append(
            [labels.NOT_JUDGED if g is None else labels.OUTCOMES.index(resolve(*g).verdict) for g in games]
        )
        towards.append([0 if g is None else implied_direction(*g) for g in games])
    return np.array(codes), np.array(towards)


@pytest.fixture
def verdicts() -> np.ndarray:
    return pairs.substitute_inconsistent(outcome_table()[0], [1, 2])[0]


def test_bias_of_run_1_is_one_of_five_toward_the_second() -> None:
    outcomes, towards = outcome_table()
    row = pairs.positional_bias(outcomes, towards, [1, 2], ["x"] * 5)[0]
    assert (row.inconsistent, row.valid, row.errors) == (1, 5, 0)
    assert (row.first, row.second, row.other) == (0, 1, 0)
    assert row.share == 0.2


def test_substitution_fills_the_inconsistent_item_from_run_2() -> None:
    verdicts, came_from = pairs.substitute_inconsistent(outcome_table()[0], [1, 2])
    assert verdicts.tolist() == [MODEL_1, BOTH_BAD, BOTH_BAD, MODEL_2, TIE]
    assert came_from.tolist() == [1, 1, 2, 1, 1]


def test_substitution_goes_forward_only() -> None:
    outcomes = np.array([[MODEL_1, labels.INCONSISTENT, labels.ERROR], [labels.ERROR, TIE, MODEL_2]])
    verdicts, came_from = pairs.substitute_inconsistent(outcomes, [1, 2, 3], first_run=2)
    assert verdicts.tolist() == [labels.MISSING, TIE]
    assert came_from.tolist() == [0, 2]


def test_mitigated_is_the_bias_of_run_1_less_what_is_missing_after() -> None:
    outcomes, towards = outcome_table()
    rows = pairs.positional_bias(outcomes, towards, [1, 2], ["x"] * 5)
    (summary,) = pairs.summarise_bias(rows, outcomes, [1, 2], ["x"] * 5)
    assert summary.missing == 0
    assert summary.mitigated.value == 0.2
    assert summary.mean.value == pytest.approx(0.1)  # 1/5 in run 1, 0/1 in run 2
    assert (summary.pooled.agree, summary.pooled.total) == (1, 6)


def test_judge_and_people(verdicts: np.ndarray) -> None:
    cell = agreement.judge_human(VOTES, verdicts)
    assert (cell.agree, cell.total) == (8, 13)
    assert cell.macro == pytest.approx(float(Fraction(89, 150)), abs=1e-15)


def test_people_among_themselves() -> None:
    cell = agreement.human_human(VOTES)
    assert (cell.agree, cell.total) == (8, 15)
    assert cell.macro == pytest.approx(float(Fraction(29, 60)), abs=1e-15)


@pytest.mark.parametrize(
    ("rule", "agree", "total"), [("plurality", 10, 13), ("unique", 9, 13), ("tie", 10, 13), ("drop", 9, 11)]
)
def test_upper_bound(verdicts: np.ndarray, rule: agreement.BoundRule, agree: int, total: int) -> None:
    cell = agreement.upper_bound(VOTES, verdicts, rule)
    assert (cell.agree, cell.total) == (agree, total)


def test_fleiss() -> None:
    found = kappa.fleiss(VOTES)
    pe = Fraction(2101, 7200)
    exact = (Fraction(29, 60) - pe) / (1 - pe)
    assert exact == Fraction(1379, 5099)
    assert found.kappa == pytest.approx(float(exact), abs=1e-14)
    assert (found.items, found.votes_per_item) == (4, 3.0)
    assert found.se == pytest.approx(0.239290, abs=5e-7)
    assert found.z == pytest.approx(1.130197, abs=5e-7)
    assert found.p == pytest.approx(0.258393, abs=5e-7)
    in_l3 = kappa.fleiss(labels.merge_counts(VOTES, 3))
    assert in_l3.kappa == pytest.approx(0.114075, abs=5e-7)


def test_alpha_and_ac1() -> None:
    assert kappa.krippendorff_alpha(VOTES).value == pytest.approx(6 / 17, abs=1e-14)
    assert kappa.gwet_ac1(VOTES).value == pytest.approx(16187 / 51062, abs=1e-14)


def test_rates_and_preference() -> None:
    shares = rates.people_shares(VOTES)
    assert shares.counts == (5, 3, 3, 2)
    assert shares.shares == (5 / 13, 3 / 13, 3 / 13, 2 / 13)
    found = rates.people_preference(VOTES)
    assert (found.wins_1, found.decided, found.share_1) == (5, 8, 5 / 8)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.3057, abs=5e-5)
    assert found.interval.high == pytest.approx(0.8632, abs=5e-5)
    assert found.p == pytest.approx(0.7266, abs=5e-5)
    assert Fraction(found.p or 0) == Fraction(93, 128)


def test_fastchat_vote_pairs(verdicts: np.ndarray) -> None:
    (judge_1, people_1), (judge_2, people_2) = (
        agreement.vote_pairs(VOTES, verdicts, "S1"),
        agreement.vote_pairs(VOTES, verdicts, "S2"),
    )
    assert (judge_1.agree, judge_1.total) == (10, 13)
    assert (people_1.agree, people_1.total) == (8, 15)
    assert (judge_2.agree, judge_2.total) == (5, 6)
    assert (people_2.agree, people_2.total) == (6, 10)


def test_the_papers_preference_of_242_decided_votes() -> None:
    found = rates.preference(152, 90)
    assert found.share_1 == pytest.approx(0.628, abs=5e-4)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.566, abs=5e-4)
    assert found.interval.high == pytest.approx(0.687, abs=5e-4)


FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012"
    " 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)


def observers(*rows: str) -> np.ndarray:
    """A table of votes from one text per observer, a character per item ('.' = missing)."""
    found = sorted(set("".join(rows)) - {"."})
    return np.array([[column.count(label) for label in found] for column in zip(*rows, strict=True)])


def test_fleiss_1971() -> None:
    table = np.array([[int(c) for c in row] for row in FLEISS_1971.split()])
    assert table.shape == (30, 5) and set(table.sum(axis=1)) == {6}
    found = kappa.fleiss(table)
    assert found.kappa == pytest.approx(0.430, abs=5e-4)
    assert found.z == pytest.approx(17.65, abs=5e-3)
    # The same from exact fractions.
    n = [[Fraction(int(v), 6) for v in row] for row in table]
    p = [sum(column, Fraction(0)) / 30 for column in zip(*n, strict=True)]
    po = sum((Fraction(int((row * (row - 1)).sum()), 30) for row in table), Fraction(0)) / 30
    pe = sum((q * q for q in p), Fraction(0))
    assert found.kappa == pytest.approx(float((po - pe) / (1 - pe)), abs=1e-12)


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("0100000010", "1110010000"), 0.095),
    ],
)
def test_krippendorff_2011(rows: tuple[str, ...], alpha: float) -> None:
    assert kappa.krippendorff_alpha(observers(*rows)).value == pytest.approx(alpha, abs=5e-4)


def test_gwets_four_raters() -> None:
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert kappa.gwet_ac1(observers(*rows)).value == pytest.approx(0.77544, abs=5e-6)


def test_wilson_and_binomial_at_their_ends() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(0, 10), wilson(10, 10)
    assert low is not None and high is not None
    assert low.low == 0.0 and high.high == 1.0
    assert low.high == pytest.approx(1 - high.low, abs=1e-15)
    assert binomial_p(0, 0) == binomial_p(5, 10) == 1.0
    assert binomial_p(0, 10) == 2 / 1024
    with pytest.raises(ValueError, match="11 of 10"):
        wilson(11, 10)


def test_binomial_by_log_gamma_continues_the_exact_one() -> None:
    exact = 2 * sum(Fraction(math.comb(2500, k), 2**2500) for k in range(1201))
    assert binomial_p(1200, 2500) == pytest.approx(float(exact), rel=1e-9)
