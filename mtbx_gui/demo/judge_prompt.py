"""Reads a filled judge prompt back into question, references and answers, in any of the five languages.

The wording of a prompt is translated, often carelessly ("[Fine della risposta dell'assistente B].", "<|Le
début …" without an end), so this leans on structure: marker lines in brackets, `###` headings, and a handful
of words for start, end, reference. It judges nothing.
"""

import re
from dataclasses import dataclass

_MARKER = re.compile(r"(?:\[[^\[\]]{3,90}\]|<\|?[^<>|]{5,90}(?:\|?>)?)\.?[ \t]*")
_HEADING = re.compile(r"###[ \t]+\S.{0,60}?[ \t\u00a0\u202f]*:[ \t]*")
_START = re.compile(r"\b(?:start|beginn?|beginning|anfang|début|inizio|inicio|comienzo|principio)\b", re.I)
_END = re.compile(r"\b(?:end|ende|fin|fine|final|finale)\b", re.I)
_REFERENCE = re.compile(r"r[eé]f[eé]ren|rifer|referencia", re.I)
_ANSWER = re.compile(r"a(?:s)?sist|answer|response|antwort|réponse|risposta|respuesta", re.I)
_INSTRUCTION = re.compile(r"instru|istruzion|anweisung|consigne", re.I)
_LETTER = re.compile(r"(?<![\w])([AB])(?!\w)")
_QUOTED_TAG = re.compile(r"[\"“„«'][^\"“”„«»]{0,30}\[\[[^\[\]]+\]\]")
_EXAMPLE = re.compile(r"([^\W\d_]+)[ \u00a0\u202f]?:[ \u00a0\u202f]?\[\[\d+(?:[.,]\d+)?\]\]")


@dataclass(frozen=True)
class JudgePrompt:
    """What a judge prompt holds. `answers_b` is empty for a single prompt; one entry per turn everywhere.

    `wording` is the prompt without the filled-in texts; `score_word` is what stands before the example's
    score ("Rating"), or ""; `offers_d` tells whether the fourth verdict [[D]] is allowed.
    """

    questions: tuple[str, ...]
    references: tuple[str, ...]
    answers_a: tuple[str, ...]
    answers_b: tuple[str, ...]
    wording: str
    score_word: str
    offers_d: bool

    @property
    def pair(self) -> bool:
        """Two assistants are compared."""
        return bool(self.answers_b)

    @property
    def turn(self) -> int:
        """The turn that is judged, 1 or 2."""
        return len(self.answers_a)


@dataclass(frozen=True)
class _Marker:
    start: int
    end: int
    text: str
    kind: str  # "start", "end" or "" for any other marker
    subject: str  # "reference", "A", "B"; "" for a single answer or no block


@dataclass(frozen=True)
class _Block:
    subject: str
    begin: int  # where its start marker stands
    text: str


def read_judge_prompt(system: str, user: str) -> JudgePrompt | None:
    """The parts of a filled prompt; None when this is no judge prompt of a known layout."""
    markers = _markers(user)
    blocks = _blocks(user, markers)
    answers = [block for block in blocks if block.subject != "reference"]
    if not answers:
        return None
    first = next((block for block in answers if block.subject != "B"), answers[0])
    second = next((block for block in answers if block.subject == "B" and block is not first), None)
    reference = next((block for block in blocks if block.subject == "reference"), None)
    preface = user[: min(block.begin for block in blocks)]
    conversation = _turns(first.text)
    if conversation is not None:
        questions, answers_a = conversation
        other = _turns(second.text) if second is not None else None
        answers_b = other[1] if other else (second.text,) if second is not None else ()
        kept = _turns(reference.text) if reference is not None else None
        references = kept[1] if kept else (reference.text,) if reference is not None else ()
        wording = preface
    else:
        question, wording = _question(preface, [each for each in markers if each.start < len(preface)])
        questions, answers_a = (question,), (first.text,)
        answers_b = (second.text,) if second is not None else ()
        references = (reference.text,) if reference is not None else ()
    instructions = f"{system}\n{wording}"
    example = _EXAMPLE.search(instructions)
    marker_words = "\n".join(each.text.strip("[]<>|. ") for each in markers if each.kind)
    return JudgePrompt(
        questions=questions,
        references=references,
        answers_a=answers_a,
        answers_b=answers_b,
        wording=f"{instructions}\n{marker_words}",
        score_word=example.group(1) if example else "",
        offers_d="[[D]]" in instructions,
    )


def _markers(text: str) -> list[_Marker]:
    found: list[_Marker] = []
    place = 0
    for line in text.split("\n"):
        if _MARKER.fullmatch(line):
            kind, subject = _classify(line)
            found.append(_Marker(place, place + len(line), line, kind, subject))
        place += len(line) + 1
    return found


def _classify(line: str) -> tuple[str, str]:
    reference = bool(_REFERENCE.search(line))
    if not reference and not _ANSWER.search(line):
        return "", ""
    kind = "end" if _END.search(line) else "start" if _START.search(line) else ""
    if not kind:
        return "", ""
    if reference:
        return kind, "reference"
    letter = _LETTER.search(line)
    return kind, letter.group(1) if letter else ""


def _blocks(text: str, markers: list[_Marker]) -> list[_Block]:
    """Each subject's text, from its first start marker to its last end marker before the next subject starts.

    An answer that repeats such a marker therefore ends neither itself nor its neighbour.
    """
    blocks: list[_Block] = []
    known: set[str] = set()
    starts: list[_Marker] = []
    for marker in markers:
        if marker.kind == "start" and marker.subject not in known:
            known.add(marker.subject)
            starts.append(marker)
    for place, start in enumerate(starts):
        limit = starts[place + 1].start if place + 1 < len(starts) else len(text)
        ends = [
            each
            for each in markers
            if each.kind == "end" and each.subject == start.subject and start.end < each.start < limit
        ]
        stop = ends[-1].start if ends else limit
        blocks.append(_Block(start.subject, start.start, _between(text, start.end, stop)))
    return blocks


def _between(text: str, start: int, stop: int) -> str:
    """The text after one line break at the start and before one at the end, exactly as it was filled in."""
    return text[start:stop].removeprefix("\n").removesuffix("\n")


def _question(preface: str, markers: list[_Marker]) -> tuple[str, str]:
    """The question and the rest of what stands before the first block (instructions and the marker)."""
    plain = [each for each in markers if not each.kind]
    for place, marker in enumerate(plain):
        following = plain[place + 1].start if place + 1 < len(plain) else None
        passage = preface[marker.end : following]
        instructs = _INSTRUCTION.search(marker.text) or _QUOTED_TAG.search(passage)
        if following is not None and instructs:
            continue
        question = preface[marker.end :].removeprefix("\n").removesuffix("\n").removesuffix("\n")
        return question, preface[: marker.end]
    return preface.strip("\n"), ""


def _turns(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Questions and answers of a conversation under `###` headings; None when it isn't one.

    The first heading is the user's; the assistant's is the next that names an answer, else the next different
    one. Headings inside a text are passed over, as they are neither of the two in turn.
    """
    lines = list(_lines(text))
    headings = [(start, end, line) for start, end, line in lines if _HEADING.fullmatch(line)]
    if len(headings) < 2 or text[: headings[0][0]].strip():
        return None
    user = headings[0][2].strip()
    others = [line.strip() for _, _, line in headings if line.strip() != user]
    named = (line for line in others if _ANSWER.search(line) or _REFERENCE.search(line))
    assistant = next(named, others[0] if others else None)
    if assistant is None:
        return None
    cuts: list[tuple[int, int]] = []
    for start, end, line in headings:
        wanted = assistant if len(cuts) % 2 else user
        if line.strip() == wanted and len(cuts) < 4:
            cuts.append((start, end))
    if len(cuts) < 2:
        return None
    stops = [start for start, _ in cuts[1:]] + [len(text) + 1]
    parts = [
        text[end : stop - 1].removeprefix("\n").removesuffix("\n")
        for (_, end), stop in zip(cuts, stops, strict=True)
    ]
    return tuple(parts[::2]), tuple(parts[1::2])


def _lines(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    place = 0
    for line in text.split("\n"):
        found.append((place, place + len(line), line))
        place += len(line) + 1
    return found
