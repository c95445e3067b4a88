"""Which answer stands on the left: drawn anew for every turn, the same on a revisit, balanced per annotator.

A side is drawn from (study, annotator, question, language, turn, model pair) by keyed hash, so that nothing
about the models decides it. It must not look at answers, votes or the clock.

Balance: the questions of one model pair and turn, in the order the annotator meets them, are cut into blocks
of four or six (the size itself is drawn). Within a block the half with the lower hash shows the first model
on the left, the other half on the right. So at any moment, for every model pair and turn, the sides shown
differ by at most three, and over whole blocks not at all, while each single side stays a fair draw. The two
turns of a pair are drawn independently of each other.
"""

from collections.abc import Iterator, Sequence

from mtbx_gui.annotation.keyed import draw
from mtbx_gui.annotation.pairing import ModelPair

BLOCK_SIZES = (4, 6)


def first_on_left(
    questions: Sequence[str], study_id: str, annotator: str, language: str, pair: ModelPair, turn: int
) -> dict[str, bool]:
    """For every question id: whether the pair's first model (by name) is shown on the left in this turn.

    `questions` are all questions of the language in this annotator's order for the pair.
    """
    key = (annotator, language, *pair, turn)
    sides: dict[str, bool] = {}
    for block in _blocks(questions, study_id, key):
        hashes = {question: draw(study_id, "side", *key, question) for question in block}
        ranked = sorted(block, key=lambda question: hashes[question])
        half, odd = divmod(len(ranked), 2)
        for rank, question in enumerate(ranked):
            fair = odd and rank == half
            sides[question] = bool(draw(study_id, "coin", *key, question) & 1) if fair else rank < half
    return sides


def _blocks(questions: Sequence[str], study_id: str, key: tuple[str | int, ...]) -> Iterator[Sequence[str]]:
    start = number = 0
    while start < len(questions):
        size = BLOCK_SIZES[draw(study_id, "block", *key, number) % len(BLOCK_SIZES)]
        yield questions[start : start + size]
        start, number = start + size, number + 1
