"""An annotator's votes in one session: appended, taken back, given once more; the study is written first.

When writing fails nothing here changes, so the log never claims a vote that is not on disk.
"""

import heapq
import statistics
import uuid
from collections.abc import Mapping
from dataclasses import replace

from mtbx_gui.annotation.ballot import VoteKey
from mtbx_gui.annotation.card import Given, Place, Progress
from mtbx_gui.study.records import Vote
from mtbx_gui.study.study import Study, now
from mtbx_gui.study.votes import add_vote, vote_history, withdraw_vote

PACE_FROM = 3
"""So many votes are needed before a pace is shown."""


class VoteLog:
    """The events that are not withdrawn, oldest first, over all cards and per card."""

    def __init__(self, study: Study, annotator: str, places: Mapping[VoteKey, Place]) -> None:
        """Read the events of the cards in `places`."""
        self._study = study
        self._annotator = annotator
        self._places = places
        self._log: list[tuple[Place, Vote]] = []
        self._undone: list[tuple[Place, Vote]] = []
        self._events: dict[Place, list[Vote]] = {}
        self.reload()

    def reload(self) -> None:
        """Read the study again; what could be given once more is forgotten."""
        self._log.clear()
        self._undone.clear()
        self._events = {place: [] for place in self._places.values()}
        for vote in vote_history(self._study, self._annotator):
            key = (vote.question_id, vote.language, vote.model_1, vote.model_2, vote.turn)
            place = self._places.get(key)
            if place is not None:
                self._append(place, vote)

    def effective(self, place: Place) -> Vote | None:
        """The event in effect on a card (a vote or a skip), or None."""
        events = self._events[place]
        return events[-1] if events else None

    def add(self, place: Place, vote: Vote) -> Vote:
        """Store an event that supersedes the one in effect; on disk when this returns. Raises StudyError."""
        stored = self._store(place, vote)
        self._undone.clear()
        return stored

    def undo(self) -> tuple[Place, Vote] | None:
        """Withdraw the newest event, without limit. Raises StudyError."""
        if not self._log:
            return None
        place, vote = self._log[-1]
        withdraw_vote(self._study, vote.vote_id, self._annotator)
        self._undone.append(self._log.pop())
        self._events[place].pop()
        return place, vote

    def redo(self) -> tuple[Place, Vote] | None:
        """Store what was withdrawn last once more, as a new fact. Raises StudyError."""
        if not self._undone:
            return None
        place, vote = self._undone[-1]
        stored = self._store(place, vote)
        self._undone.pop()
        return place, stored

    @property
    def can_undo(self) -> bool:
        """Whether there is an event to take back."""
        return bool(self._log)

    @property
    def can_redo(self) -> bool:
        """Whether an event was taken back and nothing was voted since."""
        return bool(self._undone)

    def progress(self) -> Progress:
        """Turns in all, voted, skipped, and the pace."""
        effective = [events[-1] for events in self._events.values() if events]
        voted = [vote for vote in effective if vote.displayed != "skip"]
        enough = len(voted) >= PACE_FROM
        pace = statistics.median(vote.active_ms / 1000 for vote in voted) if enough else None
        return Progress(len(self._events), len(voted), len(effective) - len(voted), pace)

    def given(self, most: int | None = None) -> list[Given]:
        """The effective votes and skips, newest first, at most `most`."""
        effective = [(place, events[-1]) for place, events in self._events.items() if events]
        count = len(effective) if most is None else most
        newest = heapq.nlargest(count, effective, key=lambda entry: entry[1].vote_id)
        return [self._given(place, vote) for place, vote in newest]

    def _given(self, place: Place, vote: Vote) -> Given:
        later = self._events.get(Place(place.number, place.turn + 1), [])
        return Given(
            place=place,
            question_id=vote.question_id,
            displayed=vote.displayed,
            comment=vote.comment,
            at=vote.decided_at,
            active_seconds=vote.active_ms / 1000,
            revised=len(self._events[place]) > 1,
            after_turn_2=bool(later) and later[0].vote_id < vote.vote_id,
        )

    def _store(self, place: Place, vote: Vote) -> Vote:
        before = self.effective(place)
        new = replace(
            vote,
            uuid=str(uuid.uuid4()),
            supersedes=before.uuid if before else None,
            decided_at=now(),
            vote_id=0,
        )
        stored = replace(new, vote_id=add_vote(self._study, new, self._annotator))
        self._append(place, stored)
        return stored

    def _append(self, place: Place, vote: Vote) -> None:
        self._events[place].append(vote)
        self._log.append((place, vote))
