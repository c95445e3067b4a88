"""Imports model answers and judgments. A failed judge call gets a reason, never a score."""

from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.ids import content_key
from mtbx_gui.study.importing.batch import FileBatch
from mtbx_gui.study.importing.benchmark import choice_turns, language_of, question_id_of
from mtbx_gui.study.importing.lines import Line, LinesRead, Problem
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import Answer, Judgment

ERROR_TEXTS = ("$ERROR$", "ERROR", "**ERROR**")
"""What FastChat stores when a call failed."""

_LETTERS = {
    1: {"model_1": "A", "model_2": "B"},
    2: {"model_1": "B", "model_2": "A"},
}
_NO_SIDE = {"tie": "C", "both_bad": "D", "tie (bothbad)": "D", "bothbad": "D"}


def _warn(file: FileBatch, line: Line, field: str, message: str) -> None:
    file.batch.summary.warnings.append(Problem(file.path, line.number, field, message))


def import_answers(read: LinesRead, file: FileBatch) -> None:
    """model_answer/MODEL.jsonl: the first choice of every line."""
    seen: dict[str, int] = {}
    turns_of = {
        (str(row[0]), str(row[1])): int(row[2])
        for row in file.batch.db.execute(
            "SELECT question_id, language, COUNT(*) FROM field WHERE kind = 'turn'"
            " GROUP BY question_id, language"
        )
    }
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        model = line.data.get("model_id") or read.path.stem
        turns = choice_turns(line, read) if question_id is not None else None
        if question_id is None or turns is None:
            continue
        language = language_of(line, file)
        identity = f"{model}/{question_id}/{language}"
        if identity in seen:
            read.problem(
                line.number, "question_id", f"{model} answers {question_id} in line {seen[identity]}."
            )
            continue
        wanted = turns_of.get((question_id, language), 0)
        if len(turns) < wanted:
            read.problem(
                line.number,
                "choices[0].turns",
                f"turn {len(turns) + 1} is missing ({len(turns)} of {wanted}).",
            )
            continue
        seen[identity] = line.number
        record = file.record(line, identity, position)
        if record is None:
            continue
        if any(turn.strip() in ERROR_TEXTS for turn in turns):
            _warn(file, line, "choices[0].turns", "holds $ERROR$ instead of an answer.")
        answer_id = line.data.get("answer_id", "")
        answer = Answer(
            key=content_key("answer", model, question_id, language, turns, answer_id),
            model=str(model),
            question_id=question_id,
            language=language,
            turns=turns,
            detail={"answer_id": answer_id, "tstamp": line.data.get("tstamp")},
            origin=file.origin,
        )
        new = add_answers(file.batch.study, [answer], file.batch.author, record)
        file.batch.summary.new["answers"] += new


def _judge_of(line: Line) -> tuple[str, str]:
    judge = line.data.get("judge")
    if isinstance(judge, list) and judge:
        return str(judge[0]), str(judge[1]) if len(judge) > 1 else ""
    return str(judge or "unknown judge"), ""


def _repetition_of(line: Line) -> int:
    """Which repetition a line of our own export is; 1 in FastChat's files."""
    value = line.data.get("repetition")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else 1


def _reason_of(line: Line, key: str, otherwise: str) -> str:
    """Why there is no score or verdict: what our own export says, else what FastChat's marks mean."""
    value = line.data.get(key)
    return value if isinstance(value, str) and value else otherwise


def import_singles(read: LinesRead, file: FileBatch) -> None:
    """*_single.jsonl: one score a line; -1 and $ERROR$ rows have no score but a reason."""
    seen: dict[str, int] = {}
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        model, turn = line.data.get("model"), line.data.get("turn")
        if question_id is None:
            continue
        if not isinstance(model, str) or turn not in (1, 2):
            read.problem(line.number, "turn" if isinstance(model, str) else "model", "is missing.")
            continue
        judge, prompt = _judge_of(line)
        text = str(line.data.get("judgment") or "")
        score, reason = _score(line.data.get("score"), text)
        language = language_of(line, file)
        repetition = _repetition_of(line)
        if reason is not None:
            reason = _reason_of(line, "reason", reason)
        identity = "/".join((judge, prompt, model, question_id, language, str(turn), str(repetition)))
        record = file.record(line, identity, position)
        if identity in seen:
            first = seen[identity]
            _warn(file, line, "question_id", f"judges the same answer as line {first}; the later one counts.")
        seen.setdefault(identity, line.number)
        if record is None:
            continue
        judgment = Judgment(
            key=content_key("single", identity, score, reason, text, line.data.get("tstamp")),
            mode="single",
            judge=judge,
            prompt_name=prompt,
            question_id=question_id,
            language=language,
            turn=turn,
            repetition=repetition,
            model_1=model,
            model_2=None,
            game=0,
            score=score,
            verdict=None,
            reason=reason,
            user_prompt=str(line.data.get("user_prompt") or ""),
            text=text,
            detail={"tstamp": line.data.get("tstamp")},
            origin=file.origin,
        )
        new = add_judgments(file.batch.study, [judgment], file.batch.author, record)
        file.batch.summary.new["judgments"] += new


def import_pairs(read: LinesRead, file: FileBatch) -> None:
    """*_pair.jsonl: two games a line, the second with the sides swapped."""
    seen: dict[str, int] = {}
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        data, turn = line.data, line.data.get("turn")
        if question_id is None:
            continue
        bad = next((key for key in ("model_1", "model_2") if not isinstance(data.get(key), str)), None)
        bad = bad or (None if turn in (1, 2) else "turn")
        if bad or not isinstance(turn, int):
            read.problem(line.number, bad or "turn", "is missing.")
            continue
        judge, prompt = _judge_of(line)
        language = language_of(line, file)
        pair = (str(data["model_1"]), str(data["model_2"]))
        repetition = _repetition_of(line)
        identity = "/".join((judge, prompt, *pair, question_id, language, str(turn), str(repetition)))
        record = file.record(line, identity, position)
        if identity in seen:
            _warn(file, line, "question_id", f"judges the same pair as line {seen[identity]}.")
        seen.setdefault(identity, line.number)
        if record is None:
            continue
        games = [
            _game(line, game, judge, prompt, question_id, language, turn, repetition, pair, file)
            for game in (1, 2)
            if game == 1 or data.get("g2_winner") is not None or "g2_judgment" in data
        ]
        new = add_judgments(file.batch.study, games, file.batch.author, record)
        file.batch.summary.new["judgments"] += new


def _game(
    line: Line,
    game: int,
    judge: str,
    prompt: str,
    question_id: str,
    language: str,
    turn: int,
    repetition: int,
    pair: tuple[str, str],
    file: FileBatch,
) -> Judgment:
    text = str(line.data.get(f"g{game}_judgment") or "")
    winner = line.data.get(f"g{game}_winner")
    letter = (_LETTERS[game] | _NO_SIDE).get(str(winner))
    reason: str | None = None if letter else ("api_error" if text.strip() in ERROR_TEXTS else "no_verdict")
    if reason is not None:
        reason = _reason_of(line, f"g{game}_reason", reason)
    tstamp = line.data.get("tstamp")
    return Judgment(
        key=content_key(
            *("pair", judge, prompt, *pair, question_id, language, turn, game, winner, text, tstamp),
            *((repetition,) if repetition > 1 else ()),
        ),
        mode="pair",
        judge=judge,
        prompt_name=prompt,
        question_id=question_id,
        language=language,
        turn=turn,
        repetition=repetition,
        model_1=pair[0],
        model_2=pair[1],
        game=game,
        score=None,
        verdict=letter,
        reason=reason,
        user_prompt=str(line.data.get(f"g{game}_user_prompt") or ""),
        text=text,
        detail={"tstamp": tstamp, "winner": winner},
        origin=file.origin,
    )


def _score(value: object, text: str) -> tuple[float | None, str | None]:
    """A score of 1–10, or the reason there is none. Nothing is clamped."""
    if text.strip() in ERROR_TEXTS:
        return None, "api_error"
    if isinstance(value, bool) or not isinstance(value, int | float) or value == -1:
        return None, "no_verdict"
    if not 1 <= value <= 10:
        return None, "out_of_range"
    return float(value), None
