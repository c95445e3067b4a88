import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtbx_gui.judging.fastchat import difference, fastchat_score, fastchat_winner
from mtbx_gui.judging.verdicts import ParsedVerdict, parse_verdict

ECHO_3 = 'Give "[[A]]" if assistant A is better, "[[B]]" if assistant B is better, and "[[C]]" for a tie.'
ECHO_4 = (
    '"[[A]]", wenn Assistent A besser ist, "[[B]]", wenn Assistent B besser ist, "[[C]]" bei Gleichstand '
    'und "[[D]]", wenn beide gleich schlecht sind.'
)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Rating: [[7]]", 7),
        ("weak at first, [[4]]\nFinal: [[9]]", 9),
        ("Note : [[ 6,5 ]]", 6.5),
        ("[[10.0]]", 10),
        ("[[1]]", 1),
        ("[[6½]]", 6.5),
        ("[[6 ½]]", 6.5),
        ("［［７］］", 7),
        ("[[8/10]]", 8),
        ("Rating: [[8]]/10", 8),
        ("[[Bewertung: 8]]", 8),
        ("[[8 Punkte]]", 8),
        (r"Rating: \[\[8\]\]", 8),
        ("**Rating: [[ **8** ]]**", 8),
        ("Rating: [[`8`]]", 8),
        ("Rating:\u00a0[[\u200b8\u00a0]]", 8),
        ("[[7\ufe0f\u20e3]]", 7),
        ("[[\n7\n]]", 7),
        ("<think>maybe [[2]]</think>\nRating: [[8]]", 8),
        ("maybe [[2]] </think>\nRating: [[8]]", 8),
        ("[[7]] that is [[7.0]]", 7),
        ("dp = [[1, 2], [3, 4]]\nRating: [[3]]", 3),
        ("    dp = [[0]*(n+1) for i in range(m+1)]\n\nRating: [[2]]", 2),
        ("Rating: [[4]]\nI used the format [[rating]].", 4),
        ('Rating: [[4]]\nas asked for: "[[rating]]", for example: "Rating: [[5]]".', 4),
        ("Rating: [[4]]\nif [[ -f file ]]; then", 4),
        ("Rating: [7]", 7),
        ("It is fair.\n\n[[7]\n", 7),
        ("Final score: [8]/10.", 8),
    ],
)
def test_single_scores(text: str, score: float) -> None:
    parsed = parse_verdict("single", text)
    assert (parsed.score, parsed.verdict, parsed.reason) == (score, None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[3]] or [[6]]", "conflict"),
        ("[[6, 5]]", "conflict"),
        ("[[6,5,4]]", "conflict"),
        ("Scores: [7] [8]", "conflict"),
        ("[[37]]", "out_of_range"),
        ("[[0]]", "out_of_range"),
        ("[[-3]]", "out_of_range"),
        ("[[−3]]", "out_of_range"),
        ("[[10,5]]", "out_of_range"),
        ("[[½]]", "out_of_range"),
        ("good [[7]]\nFinal: [[70]]", "out_of_range"),
        ("[[7-8]]", "ambiguous"),
        ("[[7 or 8]]", "ambiguous"),
        ("[[4/5]]", "ambiguous"),
        ("Rating: [[4]]/5", "ambiguous"),
        ("[[rating]]", "placeholder"),
        ("Bewertung: [[Bewertung]]", "placeholder"),
        ("[[your rating here]]", "placeholder"),
        ("[[calificación]]", "placeholder"),
        ("[[1-10]]", "placeholder"),
        ('"[[rating]]", for example: "Rating: [[5]]".', "echoed_instructions"),
        ('im Format "[[Bewertung]]", zum Beispiel: "Bewertung: [[5]]"', "echoed_instructions"),
        ("p. ex. « Note : [[5]] »", "echoed_instructions"),
        ("[[N/A]]", "unparseable"),
        ("[[six]]", "unparseable"),
        ("[[]]", "unparseable"),
        ("[[1⁰]]", "unparseable"),
        ("[[>=7]]", "unparseable"),
        ("[[A]]", "unparseable"),
        ("Rating: 7", "unbracketed"),
        ("7/10", "unbracketed"),
        ("Rating: [7]\nThat is all.", "unbracketed"),
        ("A fair answer with three mistakes.", "no_verdict"),
        ("As in reference [1].", "no_verdict"),
        ("see [5](https://example.org)", "no_verdict"),
        ("a[3]", "no_verdict"),
        ("$ERROR$", "api_error"),
        ("", "empty"),
        (" \u200b\n", "empty"),
        (None, "empty"),
        ("<think>I would say [[3]]</think>", "empty"),
        ("<think>I would say [[3]]", "empty"),
    ],
)
def test_single_reasons(text: str | None, reason: str) -> None:
    assert parse_verdict("single", text) == ParsedVerdict(reason=reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Final verdict: [[A]]", "A"),
        ("[[B]] is not right, on reflection\nFinal verdict: [[C]] for a tie.", "C"),
        ("**[[B]]**.", "B"),
        (r"\[\[A\]\]", "A"),
        ("[[Assistant B]]", "B"),
        ("[[ a ]]", "A"),
        ("Urteil: [B]", "B"),
        ("My verdict is [[A]], if only because B is short.", "A"),
        ("[[B]]\n\n" + ECHO_3, "B"),
        (ECHO_3 + "\nMy verdict: [[B]]", "B"),
        ('Use "[[A]]" if A is better, "[[B]]" if B is better.\nVerdict: [[C]]', "C"),
    ],
)
@pytest.mark.parametrize("mode", ["pair3", "pair4"])
def test_pair_letters(mode: str, text: str, letter: str) -> None:
    parsed = parse_verdict(mode, text)  # type: ignore[arg-type]
    assert (parsed.score, parsed.verdict, parsed.reason) == (None, letter, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[A]] and [[B]]", "conflict"),
        ("[[A, B]]", "conflict"),
        ("[[A/B]]", "ambiguous"),
        ("[[A or B]]", "ambiguous"),
        ("[[A/B/C]]", "placeholder"),
        ("[[verdict]]", "placeholder"),
        ("[[X]]", "placeholder"),
        (ECHO_3, "echoed_instructions"),
        (ECHO_4, "echoed_instructions"),
        ("- A better: [[A]]\n- B better: [[B]]\n- a tie: [[C]]", "echoed_instructions"),
        ('"[[A]]" if assistant A is better, "[[B]]" if B is,\nand "[[C]]" for a tie', "echoed_instructions"),
        ("[[tie]]", "unparseable"),
        ("[[7]]", "unparseable"),
        ("Final verdict: B", "unbracketed"),
        ("Assistant A", "unbracketed"),
        ("Both are fine.", "no_verdict"),
    ],
)
@pytest.mark.parametrize("mode", ["pair3", "pair4"])
def test_pair_reasons(mode: str, text: str, reason: str) -> None:
    assert parse_verdict(mode, text) == ParsedVerdict(reason=reason)  # type: ignore[arg-type]


def test_both_bad_exists_with_four_verdicts_only() -> None:
    assert parse_verdict("pair4", "[[D]]").verdict == "D"
    assert parse_verdict("pair3", "[[D]]").reason == "label_not_allowed"
    assert parse_verdict("pair3", "[[A]]\nor rather [[D]]").reason == "label_not_allowed"


@pytest.mark.parametrize(
    ("finish_reason", "refusal", "reason"),
    [
        ("length", None, "truncated"),
        ("max_tokens", None, "truncated"),
        ("content_filter", None, "content_filter"),
        ("stop", "I can't judge this.", "refusal"),
        ("content_filter", "I can't judge this.", "refusal"),
        ("length", "", "truncated"),
    ],
)
@pytest.mark.parametrize("text", ["Rating: [[7]]", None, ""])
def test_how_a_reply_ended_comes_before_any_pattern(
    finish_reason: str, refusal: str | None, reason: str, text: str | None
) -> None:
    assert parse_verdict("single", text, finish_reason, refusal).reason == reason


def test_the_line_of_the_verdict_is_that_of_the_original_text() -> None:
    text = "<think>a\r\nb [[1]]\n</think>\n\nweak [[3]]\r\nRating: **[[8]]**\nThank you."
    parsed = parse_verdict("single", text)
    assert parsed.score == 8
    assert parsed.line is not None
    assert text.splitlines()[parsed.line] == "Rating: **[[8]]**"


PIECES = st.sampled_from(
    [
        *[
            "[[",
            "]]",
            "[",
            "]",
            "A",
            "B",
            "D",
            "7",
            "10",
            "11",
            "0",
            "6,5",
            ",",
            "/10",
            "/5",
            "\\",
            "**",
            "½",
            "²",
            "rating",
            "Bewertung",
            "if",
            "-",
            "or",
            "$ERROR$",
            "<think>",
            "</think>",
        ],
        "\n",
        "for example: ",
        "\u200b",
        "\u2028",
        " ",
    ]
)


@given(
    mode=st.sampled_from(["single", "pair3", "pair4"]),
    text=st.one_of(st.none(), st.text(), st.lists(PIECES, max_size=20).map("".join)),
    finish_reason=st.one_of(
        st.none(), st.sampled_from(["stop", "length", "content_filter"]), st.text(max_size=5)
    ),
    refusal=st.one_of(st.none(), st.text(max_size=5)),
)
def test_any_reply_gives_exactly_one_of_score_letter_and_reason(
    mode: str, text: str | None, finish_reason: str | None, refusal: str | None
) -> None:
    parsed = parse_verdict(mode, text, finish_reason, refusal)  # type: ignore[arg-type]
    assert [parsed.score, parsed.verdict, parsed.reason].count(None) == 2
    assert parsed.score is None or (mode == "single" and 1 <= parsed.score <= 10)
    assert parsed.verdict is None or parsed.verdict in ("ABCD" if mode == "pair4" else "ABC")
    assert (parsed.line is None) == (parsed.reason is not None)
    if parsed.line is not None:
        assert text is not None
        assert 0 <= parsed.line < len(text.splitlines())


@given(st.decimals(min_value=-1000, max_value=1000, places=2))
def test_a_number_is_taken_as_it_stands_or_not_at_all(number: object) -> None:
    parsed = parse_verdict("single", f"Rating: [[{number}]]")
    value = float(str(number))
    if 1 <= value <= 10:
        assert parsed.score == value
    else:
        assert parsed.reason == "out_of_range"


@given(st.text(alphabet="[]AB7, \n", max_size=400))
def test_brackets_alone_never_make_it_slow_or_raise(text: str) -> None:
    for mode in ("single", "pair3", "pair4"):
        parse_verdict(mode, text * 5)  # type: ignore[arg-type]


def test_fastchat_reads_the_first_score_and_asks_for_a_first() -> None:
    assert fastchat_score("[[4]] then [[9]]") == 4
    assert fastchat_score("[[37]]") == 37
    assert fastchat_score("Rating: [7]") == 7
    assert fastchat_score("[[ 6,5 ]]") == -1
    assert fastchat_winner("[[B]] then [[A]]") == "A"
    assert fastchat_winner("[[D]]") == "error"


@pytest.mark.parametrize(
    ("mode", "text", "told"),
    [
        ("single", "[[4]]\n[[9]]", "FastChat reads 4"),
        ("single", "[[ 6,5 ]]", "FastChat reads no score (-1)"),
        ("single", "[[7]]", ""),
        ("single", "nothing", ""),
        ("pair3", "[[A]]\n[[B]]", "FastChat reads A"),
        ("pair4", "[[D]]", "FastChat reads no winner (error)"),
        ("pair3", "[[C]]", ""),
        ("pair3", "nothing", ""),
    ],
)
def test_the_difference_to_fastchat_is_told(mode: str, text: str, told: str) -> None:
    assert difference(mode, text, parse_verdict(mode, text)) == told  # type: ignore[arg-type]
