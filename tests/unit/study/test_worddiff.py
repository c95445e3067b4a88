from hypothesis import given, settings
from hypothesis import strategies as st

from mtbx_gui.study.worddiff import Piece, changed_spans, word_diff

WORDS = st.lists(
    st.sampled_from(["der", "Hund", "läuft", "😀", ",", ".", " ", " ", "\n", "def f(x):"]), max_size=40
)
TEXTS = WORDS.map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_pieces_put_together_are_the_two_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    for piece in pieces:
        side = new if piece.kind == "added" else old
        assert side[piece.start : piece.start + len(piece.text)] == piece.text
        assert piece.text


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_equal_texts_have_no_changes(text: str) -> None:
    assert changed_spans(text, text) == ([], [])


def test_changed_words_read_as_one_change() -> None:
    assert word_diff("Schreiben Sie einen Brief.", "Schreib einen Brief.") == [
        Piece("removed", "Schreiben Sie", 0, 0),
        Piece("added", "Schreib", 0, 0),
        Piece("same", " einen Brief.", 13, 7),
    ]


def test_spans_count_code_points() -> None:
    assert changed_spans("😀 wenn x", "😀 if x") == ([(2, 6)], [(2, 4)])


def test_a_long_changed_passage_is_replaced_as_a_whole() -> None:
    old, new = "alt " * 2000, "neu " * 2000
    assert [piece.kind for piece in word_diff(old, new)] == ["removed", "added"]
