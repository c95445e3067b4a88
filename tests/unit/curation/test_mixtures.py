"""Mixtures: each language's share, determinism, and what is refused."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtbx_gui.curation.mixtures import MixtureError, mix, split
from mtbx_gui.study.datasets import Conversation

FIVE = ("en", "de", "fr", "it", "es")


def parallel(count: int) -> list[Conversation]:
    return [
        Conversation(str(i), code, (("user", "q"), ("assistant", "a"))) for i in range(count) for code in FIVE
    ]


def test_the_papers_sizes() -> None:
    lima = parallel(1030)
    assert len(mix(lima, "mono", ["de"])) == 1030
    assert len(mix(lima, "ENDEFRITES", FIVE)) == 5150
    sampled = mix(lima, "sampled", FIVE, seed=7)
    assert Counter(one.language for one in sampled) == dict.fromkeys(FIVE, 206)


@given(st.integers(1, 40), st.integers(0, 5))
def test_sampled_takes_each_conversation_once_in_equal_shares(count: int, seed: int) -> None:
    sampled = mix(parallel(count), "sampled", FIVE, seed)
    assert sorted(one.conversation_id for one in sampled) == sorted(map(str, range(count)))
    shares = Counter(one.language for one in sampled)
    assert max(shares.values()) - min(shares.get(code, 0) for code in FIVE) <= 1
    assert sampled == mix(parallel(count), "sampled", FIVE, seed)


def test_another_seed_draws_otherwise() -> None:
    assert mix(parallel(40), "sampled", FIVE, 1) != mix(parallel(40), "sampled", FIVE, 2)


@pytest.mark.parametrize(
    ("kind", "languages", "words"),
    [
        ("mono", ["de", "fr"], "exactly one"),
        ("mono", ["nl"], "nothing in NL"),
        ("sampled", ["nl"], "no NL version"),
    ],
)
def test_what_a_mixture_lacks_is_a_sentence(kind: str, languages: list[str], words: str) -> None:
    with pytest.raises(MixtureError, match=words):
        mix(parallel(3), kind, languages)  # type: ignore[arg-type]


def test_a_split_keeps_all_languages_of_a_conversation_together() -> None:
    train, held = split(parallel(100), 0.05, seed=3)
    assert len(held) == 25
    assert not {one.conversation_id for one in train} & {one.conversation_id for one in held}


def test_the_published_split_of_bactrian() -> None:
    rows = [Conversation(str(i), "en", (("user", "q"), ("assistant", "a"))) for i in range(67017)]
    train, held = split(rows, 0.05)
    assert (len(train), len(held)) == (63667, 3350)
