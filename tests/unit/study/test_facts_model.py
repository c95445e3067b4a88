"""Any sequence of edits, votes, withdrawals and reopenings equals a simple model; no fact is ever lost."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from mtbx_gui.study.records import Vote
from mtbx_gui.study.study import Study
from mtbx_gui.study.summary import summarise
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, field, history, withdraw
from mtbx_gui.study.votes import add_vote, vote_history, votes, withdraw_vote

TEXTS = st.sampled_from(["", "a", "b", "\u2028", "😀\0", "Roh 0", "Roh 1"])
CHOICES: Any = st.sampled_from(["model_1", "model_2", "tie", "both_bad", "skip"])
Key = tuple[str, str, int]


class Facts(RuleBasedStateMachine):
    edits, cast = Bundle("edits"), Bundle("cast")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.study = Study.create(self.folder / "s", languages=("en", "de"))
        self.texts: list[list[tuple[int, str]]] = [[], []]
        self.said: dict[Key, list[tuple[int, str]]] = {}
        self.facts = 0
        self.number = 0

    @initialize()
    def begin(self) -> None:
        with self.study.write() as db:
            self.fields = [ensure_field(db, "de", "turn", "81", "", index) for index in (0, 1)]
            for index, field_id in enumerate(self.fields):
                add_text(db, field_id, "machine", f"Roh {index}", "run:a", "demo translator")
        self.facts = 2

    def _in_effect(self, index: int) -> str:
        return self.texts[index][-1][1] if self.texts[index] else f"Roh {index}"

    @rule(target=edits, index=st.sampled_from([0, 1]), text=TEXTS)
    def edit(self, index: int, text: str) -> tuple[int, int | None]:
        fact = add_edit(self.study, self.fields[index], text, "me")
        assert (fact is None) == (text == self._in_effect(index))
        if fact is not None:
            self.texts[index].append((fact, text))
            self.facts += 1
        return index, fact

    @rule(made=consumes(edits))
    def take_an_edit_back(self, made: tuple[int, int | None]) -> None:
        index, fact = made
        if fact is not None:
            withdraw(self.study, fact, "me")
            self.texts[index] = [one for one in self.texts[index] if one[0] != fact]

    @rule(target=cast, who=st.sampled_from(["x", "y"]), turn=st.sampled_from([1, 2]), choice=CHOICES)
    def vote(
        self, who: str, turn: int, choice: Literal["model_1", "model_2", "tie", "both_bad", "skip"]
    ) -> tuple[Key, int]:
        self.number += 1
        shown: Any = {"model_1": "A", "model_2": "B"}.get(choice, choice)
        cast = Vote(
            str(self.number), who, "81", "de", turn, "a", "b", "a", shown, choice, "2026-01-01T00:00:00Z"
        )
        vote_id = add_vote(self.study, cast, who)
        assert add_vote(self.study, cast, who) == vote_id
        key = (who, "81", turn)
        self.said.setdefault(key, []).append((vote_id, choice))
        return key, vote_id

    @rule(made=consumes(cast))
    def take_a_vote_back(self, made: tuple[Key, int]) -> None:
        key, vote_id = made
        withdraw_vote(self.study, vote_id, "me")
        self.said[key] = [one for one in self.said[key] if one[0] != vote_id]

    @rule()
    def reopen(self) -> None:
        self.study.close()
        moved = self.folder / f"moved-{self.number}-{self.facts}"
        if not moved.exists():
            self.study.folder.rename(moved)
            self.study = Study.open(moved)
        else:
            self.study = Study.open(self.study.folder)

    @invariant()
    def texts_are_those_of_the_model(self) -> None:
        for index in (0, 1) if self.facts else ():
            assert field(self.study, self.fields[index]).effective == self._in_effect(index)
        stored = self.study.connection.execute("SELECT COUNT(*) FROM text").fetchone()[0]
        assert stored == self.facts
        if self.facts:
            kept = [fact for id_ in self.fields for fact in history(self.study, id_) if not fact.withdrawn]
            assert len(kept) == 2 + sum(map(len, self.texts))

    @invariant()
    def votes_are_those_of_the_model(self) -> None:
        expected = {key: said[-1][1] for key, said in self.said.items() if said and said[-1][1] != "skip"}
        found = votes(self.study)
        assert {(v.annotator, v.question_id, v.turn): v.choice for v in found} == expected
        assert len(found) == len(expected)
        for who in ("x", "y"):
            assert votes(self.study, [who]) == [v for v in found if v.annotator == who]
            told = [v.vote_id for v in vote_history(self.study, who)]
            assert told == sorted(i for key, said in self.said.items() if key[0] == who for i, _ in said)
        summary = summarise(self.study)
        assert sum(one.votes for one in summary.languages) == len(found)
        assert summary.annotators == len({v.annotator for v in found})
        assert self.study.connection.execute("SELECT COUNT(*) FROM vote").fetchone()[0] == self.number

    def teardown(self) -> None:
        self.study.close()
        shutil.rmtree(self.folder)


TestFacts = Facts.TestCase
TestFacts.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
