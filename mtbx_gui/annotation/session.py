"""A rating session: which card is up, votes, undo, revisions. Votes are on disk before the next card is up.

It must not import Qt, and nothing it hands out (see `card`) may hold a model's name.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mtbx_gui.annotation.active_time import ActiveTime
from mtbx_gui.annotation.ballot import Ballot, load_ballots
from mtbx_gui.annotation.card import Card, Given, Place, Progress, canonical
from mtbx_gui.annotation.drafts import Drafts
from mtbx_gui.annotation.pairing import ModelPair
from mtbx_gui.annotation.vote_log import VoteLog
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.records import Displayed, Vote
from mtbx_gui.study.study import Study, now

LONGEST_PSEUDONYM = 60


class RatingError(MtbxError):
    """A session can't begin, or there is no card to vote on."""


class RatingSession:
    """One annotator's work on the pairs of one language. Use it from one thread at a time.

    Turn 2 of a pair follows its turn 1. Everything is in the study, so a session can be left at any moment
    and opened again.
    """

    def __init__(
        self,
        study: Study,
        annotator: str,
        language: str,
        pairs: Sequence[ModelPair] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], str] = now,
    ) -> None:
        """Read the pairs, the annotator's order and the votes so far, and put the first open card up.

        `pairs` limits the model pairs (names sorted), all by default. `clock` gives monotonic seconds, `wall`
        the time of a fact. Raises RatingError for a pseudonym that can't be used.
        """
        self.annotator = checked_pseudonym(annotator)
        self.language = language
        self._wall = wall
        self._ballots = load_ballots(study, self.annotator, language, pairs)
        keys = {
            ballot.vote_key(turn): Place(number, turn)
            for number, ballot in enumerate(self._ballots, start=1)
            for turn in range(1, ballot.pair.turns + 1)
        }
        self._places = list(keys.values())
        self._index = {place: index for index, place in enumerate(self._places)}
        self._votes = VoteLog(study, self.annotator, keys)
        self._drafts = Drafts(study, self.annotator, language, keys)
        self._active = ActiveTime(clock)
        self._spent: dict[Place, float] = {}
        self._shown_at = ""
        self._at: Place | None = None
        self._came_from: Place | None = None
        self._revising = False
        self._skipped_again = False
        self._show(self._next_open(None))

    # what is shown

    @property
    def card(self) -> Card | None:
        """The card that is up; None when every turn has a vote or was skipped."""
        return None if self._at is None else self._card(self._at)

    def upcoming(self) -> Card | None:
        """The card that comes up once the present one has its vote, for preparing it ahead."""
        following = None if self._at is None else self._following(self._at)
        return None if following is None else self._card(following)

    @property
    def revising(self) -> bool:
        """Whether the card that is up has a vote already and was called back."""
        return self._revising

    @property
    def places(self) -> Sequence[Place]:
        """Every card's place, in this annotator's order."""
        return self._places

    @property
    def progress(self) -> Progress:
        """Turns in all, voted, skipped, and the pace."""
        return self._votes.progress()

    def given(self, most: int | None = None) -> list[Given]:
        """The annotator's effective votes and skips, newest first, at most `most`."""
        return self._votes.given(most)

    @property
    def can_undo(self) -> bool:
        """Whether there is a vote to take back."""
        return self._votes.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a vote was taken back and nothing was voted since."""
        return self._votes.can_redo

    # what the annotator does

    def vote(self, displayed: Displayed) -> Vote:
        """Store a vote (or a skip) on the card that is up; it is on disk when the next card comes up.

        On an error (full disk, busy file) nothing has changed and the card stays. Raises StudyError, and
        RatingError when there is no card.
        """
        place = self._require()
        stored = self._votes.add(place, self._event(place, displayed))
        self._drafts.drop(place)
        self._show(self._following(place))
        self._spent.pop(place, None)
        return stored

    def undo(self) -> Place | None:
        """Take the newest vote back and go to its card; the one before it on that card counts again.

        Without limit, also across sessions. Returns the card's place, None when there is nothing to undo.
        """
        undone = self._votes.undo()
        if undone is None:
            return None
        place, vote = undone
        before = self._votes.effective(place)
        if vote.comment and before is None:
            self._drafts.put(place, self._drafts.text(place, vote.comment), "")
        self._came_from = None
        self._show(place, revising=before is not None and before.displayed != "skip")
        return place

    def redo(self) -> Place | None:
        """Give the vote that was taken back last once more, as a new fact, and go on after its card."""
        redone = self._votes.redo()
        if redone is None:
            return None
        place, vote = redone
        if self._drafts.text(place, vote.comment) == vote.comment:
            self._drafts.drop(place)
        self._came_from = None
        self._show(self._following(place))
        return place

    def revise(self, place: Place) -> None:
        """Call a card back to change its vote (or go to one that has none yet).

        Raises RatingError when there is no such card.
        """
        if place not in self._index:
            raise RatingError("There is no such pair in this session.", "Choose one from the overview.")
        self._amend()
        voted = self._votes.effective(place) is not None
        if voted and not self._revising:
            self._came_from = self._at
        self._show(place, revising=voted)

    def go_back(self) -> None:
        """Leave a called-back card with the vote it has and go on where the annotator was."""
        if self._at is not None and self._revising:
            self._amend()
            self._show(self._following(self._at))

    def revisit_skipped(self) -> None:
        """Go through the skipped cards once more, in order."""
        first = self._next_skipped(None)
        if first is not None:
            self._skipped_again = True
            self._show(first)

    def set_comment(self, text: str) -> None:
        """What stands in the comment field; it goes with the next vote on this card, kept until then."""
        place = self._require()
        self._drafts.put(place, text, self._stored_comment(place))

    def touch(self) -> None:
        """A sign of life."""
        self._active.touch()

    def away(self) -> None:
        """The window is no longer in front: time stops."""
        self._active.away()

    def here(self) -> None:
        """The window is in front again."""
        self._active.here()

    @property
    def active_seconds(self) -> float:
        """Active seconds on the card that is up."""
        return self._active.seconds

    def flush(self) -> None:
        """Write down what is not a fact yet: changed comments on votes, and comments without a vote."""
        self._amend()
        self._drafts.save()

    def refresh(self) -> None:
        """Read the votes again after somebody else wrote into the study; the card stays up."""
        self._votes.reload()
        if self._at is None:
            self._show(self._next_open(None))

    # inside

    def _event(self, place: Place, displayed: Displayed) -> Vote:
        pair = self._ballots[place.number - 1].pair
        first_left = self._first_left(place)
        return Vote(
            uuid="",
            annotator=self.annotator,
            question_id=pair.question_id,
            language=pair.language,
            turn=place.turn,
            model_1=pair.model_1,
            model_2=pair.model_2,
            left_model=pair.model_1 if first_left else pair.model_2,
            displayed=displayed,
            choice=canonical(displayed, first_left),
            shown_at=self._shown_at,
            active_ms=round(self._active.seconds * 1000),
            comment=self._drafts.text(place, self._stored_comment(place)),
        )

    def _amend(self) -> None:
        """A changed comment on a vote becomes a new fact with the same choice."""
        for place in self._drafts.places():
            vote = self._votes.effective(place)
            if vote is not None:
                self._votes.add(place, replace(vote, comment=self._drafts.text(place, vote.comment)))
                self._drafts.drop(place)

    def _card(self, place: Place) -> Card:
        vote = self._votes.effective(place)
        return self._ballot(place).card(
            place,
            pairs=len(self._ballots),
            first_left=self._first_left(place),
            given=vote.displayed if vote else None,
            comment=self._drafts.text(place, self._stored_comment(place)),
        )

    def _ballot(self, place: Place) -> Ballot:
        return self._ballots[place.number - 1]

    def _first_left(self, place: Place) -> bool:
        """The side of the vote in effect, so that a revisit shows what was seen; else the drawn one."""
        vote = self._votes.effective(place)
        ballot = self._ballot(place)
        return ballot.first_left[place.turn - 1] if vote is None else vote.left_model == ballot.pair.model_1

    def _stored_comment(self, place: Place) -> str:
        vote = self._votes.effective(place)
        return vote.comment if vote else ""

    def _require(self) -> Place:
        if self._at is None:
            raise RatingError(
                "Every pair has a vote or was skipped.", "Choose a vote from the overview to change it."
            )
        return self._at

    def _show(self, place: Place | None, revising: bool = False) -> None:
        if self._at is not None:
            self._spent[self._at] = self._active.seconds
        self._at = place
        self._revising = revising
        self._shown_at = self._wall()
        self._active.restart(0.0 if place is None else self._spent.pop(place, 0.0))

    def _following(self, place: Place) -> Place | None:
        """Where to go from `place`: back to where a revision began, else the next open or skipped card."""
        if self._revising and self._came_from is not None and self._came_from != place:
            return self._came_from
        following = self._next_open(place)
        if following is None and self._skipped_again:
            following = self._next_skipped(place)
        return following

    def _next_open(self, after: Place | None) -> Place | None:
        """The next card without vote or skip, from the beginning again when there is none further on."""
        start = 0 if after is None else self._index[after] + 1
        for place in (*self._places[start:], *self._places[: max(start - 1, 0)]):
            if self._votes.effective(place) is None:
                return place
        return None

    def _next_skipped(self, after: Place | None) -> Place | None:
        for place in self._places[0 if after is None else self._index[after] + 1 :]:
            vote = self._votes.effective(place)
            if vote is not None and vote.displayed == "skip":
                return place
        return None


def checked_pseudonym(text: str) -> str:
    """The pseudonym without outer blanks. Raises RatingError when it is empty, too long or unprintable."""
    name = " ".join(text.split())
    if not name:
        raise RatingError("A pseudonym is missing.", "Enter any name you'll use again; not your real one.")
    if len(name) > LONGEST_PSEUDONYM or not name.isprintable():
        raise RatingError(
            f"The pseudonym is longer than {LONGEST_PSEUDONYM} characters or holds unprintable ones.",
            "Choose a shorter one of plain characters.",
        )
    return name
