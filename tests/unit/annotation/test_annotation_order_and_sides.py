"""The order and the sides: the same on every machine, balanced, fair, and blind to who the models are."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtbx_gui.annotation.pairing import draw_order, model_pairs
from mtbx_gui.annotation.sides import first_on_left
from mtbx_gui.study.records import Item

TEXT = st.text(min_size=1, max_size=12)
MODELS = st.sets(TEXT, min_size=2, max_size=4)


def items(per_category: dict[str, int]) -> list[Item]:
    made = []
    for category, count in per_category.items():
        for number in range(count):
            made.append(Item(f"{category}{number}", "de", category, ("eins", "zwei"), ()))
    return made


@given(MODELS, st.dictionaries(TEXT, st.integers(1, 6), min_size=1, max_size=4), TEXT, TEXT)
def test_every_pair_comes_once_and_in_the_same_order_whatever_the_input_order(
    models: set[str], per_category: dict[str, int], study_id: str, annotator: str
) -> None:
    asked = items(per_category)
    order = draw_order(asked, model_pairs(models), study_id, annotator)
    again = draw_order(asked[::-1], model_pairs(models)[::-1], study_id, annotator)
    assert order == again
    expected = len(asked) * len(model_pairs(models))
    assert len({(pair.models, pair.question_id) for pair in order}) == len(order) == expected


@given(MODELS, st.integers(1, 8), st.integers(1, 6), TEXT)
def test_categories_and_model_pairs_take_turns(
    models: set[str], categories: int, each: int, annotator: str
) -> None:
    pairs = model_pairs(models)
    order = draw_order(items({f"c{n}": each for n in range(categories)}), pairs, "study", annotator)
    size = categories * len(pairs)
    for start in range(0, len(order), size):
        stretch = Counter((pair.models, pair.category) for pair in order[start : start + size])
        assert set(stretch.values()) == {1}
        assert len(stretch) == size


@given(st.dictionaries(TEXT, st.integers(1, 30), min_size=2, max_size=4), TEXT)
def test_categories_of_unequal_size_keep_their_shares(sizes: dict[str, int], annotator: str) -> None:
    order = draw_order(items(sizes), [("a", "b")], "study", annotator)
    seen: Counter[str] = Counter()
    for count, pair in enumerate(order, start=1):
        seen[pair.category] += 1
        for category, size in sizes.items():
            assert abs(seen[category] - size * count / len(order)) <= len(sizes)


def test_annotators_meet_the_pairs_in_different_orders() -> None:
    orders = {
        tuple(pair.question_id for pair in draw_order(items({"a": 5, "b": 5}), [("x", "y")], "s", name))
        for name in ("eins", "zwei", "drei", "vier")
    }
    assert len(orders) == 4


def test_models_that_come_later_leave_the_order_of_the_others_as_it_is() -> None:
    asked = items({"a": 6, "b": 6})
    before = draw_order(asked, model_pairs(["m1", "m2"]), "study", "anna")
    after = draw_order(asked, model_pairs(["m1", "m2", "m3"]), "study", "anna")
    assert [pair for pair in after if pair.models == ("m1", "m2")] == before


@given(st.integers(0, 200), MODELS, TEXT, TEXT, st.sampled_from([1, 2]))
def test_sides_stay_balanced_at_every_moment(
    count: int, models: set[str], study_id: str, annotator: str, turn: int
) -> None:
    asked = [str(81 + number) for number in range(count)]
    pair = model_pairs(models)[0]
    sides = first_on_left(asked, study_id, annotator, "de", pair, turn)
    assert sides == first_on_left(asked, study_id, annotator, "de", pair, turn)
    difference = 0
    for question in asked:
        difference += 1 if sides[question] else -1
        assert abs(difference) <= 3


@given(st.integers(1, 60), st.integers(1, 60), TEXT)
def test_questions_that_come_later_leave_the_blocks_before_them_as_they_are(
    before: int, more: int, annotator: str
) -> None:
    asked = [str(number) for number in range(before + more)]
    early = first_on_left(asked[:before], "study", annotator, "de", ("a", "b"), 1)
    late = first_on_left(asked, "study", annotator, "de", ("a", "b"), 1)
    kept = [question for question in asked[: max(0, before - 5)] if early[question] == late[question]]
    assert kept == asked[: max(0, before - 5)]


@pytest.fixture(scope="module")
def drawn() -> list[tuple[bool, bool, bool]]:
    """20,160 draws: (turn 1, turn 2, turn 1 for another pair) over annotators, studies, languages."""
    asked = [str(81 + number) for number in range(80)]
    found = []
    for study in range(6):
        for annotator in range(14):
            for language in ("de", "fr", "it"):
                key = (f"study-{study}", f"a{annotator}", language)
                one, two = (first_on_left(asked, *key, ("m1", "m2"), turn) for turn in (1, 2))
                other = first_on_left(asked, *key, ("m1", "m3"), 1)
                found += [(one[q], two[q], other[q]) for q in asked]
    return found


def chi_square(counts: Counter[object], cells: int) -> float:
    expected = counts.total() / cells
    return sum((count - expected) ** 2 / expected for count in counts.values())


def test_sides_are_fair_coins_that_know_nothing_of_turn_or_pair(drawn: list[tuple[bool, bool, bool]]) -> None:
    assert len(drawn) >= 10_000
    assert chi_square(Counter(one for one, _, _ in drawn), 2) < 10.83  # p = 0.001 at 1 degree of freedom
    assert chi_square(Counter((one, two) for one, two, _ in drawn), 4) < 16.27  # 3 degrees
    assert chi_square(Counter((one, other) for one, _, other in drawn), 4) < 16.27


def test_a_question_s_side_is_a_fair_coin_over_annotators() -> None:
    asked = [str(number) for number in range(12)]
    left: Counter[str] = Counter()
    for annotator in range(1000):
        sides = first_on_left(asked, "study", f"a{annotator}", "de", ("m1", "m2"), 1)
        left.update(question for question, first in sides.items() if first)
    # twelve binomial tests at p = 0.0005 each: 500 ± 3.5 standard deviations
    assert all(abs(left[question] - 500) < 56 for question in asked)


@settings(max_examples=50)
@given(st.permutations(["aaa", "bbb", "ccc"]))
def test_a_side_does_not_follow_a_model_s_name(names: list[str]) -> None:
    """Over many questions each model is on the left about half of the time, wherever its name sorts."""
    asked = [str(number) for number in range(240)]
    for pair in model_pairs(names):
        sides = first_on_left(asked, "study", "anna", "de", pair, 1)
        assert abs(sum(sides.values()) - 120) <= 1
