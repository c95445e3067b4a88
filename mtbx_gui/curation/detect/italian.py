"""The Italian plural address (voi) to one reader: pronouns, closed forms, clitics, endings in context.

Every form gets a confidence; sure ones lend some to doubtful ones of the same item. Code is masked, quoted
speech and sources that address several people make a plural legitimate.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mtbx_gui.curation.detect.case import Case, Finding, listing
from mtbx_gui.curation.detect.texts import quoted_spans
from mtbx_gui.curation.rules import Rule, Severity, lexicon
from mtbx_gui.curation.segments import prose

SURE, ERROR_AT, WARN_AT, QUOTED, MATERIAL = 0.9, 0.8, 0.5, 0.3, 0.5
LONG_LINE, LONG_ITEM = 40, 25
"""From so many words on, a later line or list item is taken for a passage, not an instruction."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’](?=\s|$))?|[^\w\s]|\d+|\n")
_WORD = re.compile(r"[^\W\d_]+['’]?")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that may be a plural address, its place and how sure that is (0..1)."""

    text: str
    start: int
    end: int
    confidence: float


def plural_address(case: Case, rule: Rule) -> Iterator[Finding]:
    """Plural forms where the policy addresses one reader in the singular."""
    found = raised(case.text, case.siblings)
    allowed = bool(re.search(_words()["several_readers"], case.source, re.IGNORECASE))
    for severity, low, high in (
        ("error", float(rule.params.get("error_at", ERROR_AT)), 2.0),
        (
            "warning",
            float(rule.params.get("warning_at", WARN_AT)),
            float(rule.params.get("error_at", ERROR_AT)),
        ),
    ):
        forms = [form for form in found if low <= form.confidence < high]
        if not forms:
            continue
        shown: Severity = "info" if allowed else ("error" if severity == "error" else "warning")
        yield Finding(
            tuple((form.start, form.end) for form in forms),
            found=listing([form.text for form in forms]),
            confidence=max(form.confidence for form in forms),
            severity=shown,
        )


def raised(text: str, siblings: Sequence[str]) -> list[Form]:
    """The forms of a text; doubtful ones gain when the text or the rest of its item has a sure one."""
    found = plural_forms(text)
    sure = any(form.confidence >= SURE for form in found) or any(
        form.confidence >= SURE for other in siblings for form in plural_forms(other)
    )
    if not sure:
        return list(found)
    return [
        Form(f.text, f.start, f.end, min(0.89, f.confidence + 0.25))
        if MATERIAL < f.confidence < ERROR_AT
        else f
        for f in found
    ]


@lru_cache(maxsize=2048)
def plural_forms(text: str) -> tuple[Form, ...]:
    """Every form of `text` that may be a plural address, in order."""
    plain = prose(text)
    matches = list(_TOKEN.finditer(plain))
    quotes = quoted_spans(plain)
    found: list[Form] = []
    for place, match in enumerate(matches):
        word = match[0]
        if not _WORD.fullmatch(word) or len(word) < 2:
            continue
        score = _score(matches, place, found, plain)
        if score <= 0:
            continue
        if any(a < match.start() and match.end() < b for a, b in quotes):
            score = min(score, QUOTED)
        elif _is_material(plain, match.start()):
            score = min(score, MATERIAL)
        found.append(Form(word, match.start(), match.end(), score))
    return tuple(found)


def _score(matches: list[re.Match[str]], place: int, earlier: list[Form], plain: str) -> float:
    words, patterns = _words(), _patterns()
    word = matches[place][0].lower().rstrip("'’")
    before, after = _at(matches, place - 1), _at(matches, place + 1)
    if word in words["pronouns"]:
        listed = before in (",", ";", ":") and after in (",", ";") and _at(matches, place + 2).isdigit()
        return 0.0 if listed else 0.97
    if word in ("vi", "ve"):
        return _clitic_vi(matches, place)
    if word in words["forms"]:
        return _closed_form(word, before)
    if patterns["clitic"].match(word) and word not in words["not_clitic"]:
        return 0.95 if len(word) > 5 else 0.6
    if patterns["infinitive_vi"].match(word) and word not in words["not_infinitive_vi"]:
        return 0.92
    if patterns["gerund_vi"].match(word):
        return 0.85
    if patterns["future"].match(word) and word not in words["not_future"]:
        return 0.93 if _verb(word) or word.endswith(("erete", "irete", "vrete", "trete", "drete")) else 0.5
    if patterns["conditional"].match(word) and word not in words["not_conditional"]:
        return 0.93
    if patterns["subjunctive"].match(word) and before in words["subjunctive_after"] and _verb(word):
        return 0.85
    if (
        patterns["presumptive"].match(word)
        and word not in words["not_presumptive"]
        and _verb(word)
        and (before in ("che", "affinché", "purché", "non") or _starts(matches, place))
    ):
        return 0.85
    if patterns["ending"].match(word):
        return _ending(matches, place, earlier, plain)
    return 0.0


def _clitic_vi(matches: list[re.Match[str]], place: int) -> float:
    """The pronoun "vi": not the locative ("vi sono"), not a Roman numeral, not the editor."""
    word = matches[place][0]
    before, after = _at(matches, place - 1), _at(matches, place + 1)
    if word.isupper() or not after.isalpha() or after in _words()["locative_after_vi"]:
        return 0.0
    if before in ("editor", "comando", "programma", "con", "in", "di", "usare"):
        return 0.2
    if word.lower() == "ve":
        return 0.9 if after in ("lo", "la", "li", "le", "ne") and _at(matches, place + 2) not in (
            "sono", "è", "era", "erano",
        ) else 0.0  # fmt: skip
    if after in ("ha", "hanno") or _at(matches, place + 2) in ("stato", "stati", "stata"):
        return 0.6
    return 0.92


def _closed_form(word: str, before: str) -> float:
    """Forms that are nearly always the second person plural."""
    articles = _words()["articles_before"]
    if word in ("fate", "state", "finite", "capite", "preferite") and before in articles:
        return 0.0
    if word == "facciate" and before in articles:
        return 0.0
    if word in ("finite", "capite", "preferite", "riuscite"):
        return 0.6 if word != "riuscite" else 0.85
    return 0.95


def _ending(matches: list[re.Match[str]], place: int, earlier: list[Form], plain: str) -> float:
    """-ate, -ete, -ite: verb or participle, noun, adjective? The neighbours decide."""
    words = _words()
    word = matches[place][0].lower()
    before, after = _at(matches, place - 1), _at(matches, place + 1)
    starts = _starts(matches, place)
    if word in ("date", "state", "fate") and not starts and before not in words["before_verb"]:
        return 0.0
    if word in words["not_verbs"] and not (starts and after in words["objects_after"]):
        return 0.0
    verb = _verb(word)
    if not verb and word not in ("date", "andate", "state"):
        return 0.3 if starts and after in words["objects_after"] else 0.0
    if after in words["agents_after"]:
        return 0.55 if starts else 0.1
    if starts:
        return _at_start(matches, place, plain)
    if before in words["before_verb"]:
        score = float(words["before_verb"][before])
        participle = (
            before in ("come", "quanto", "ma", "poi", "anche") and after not in words["objects_after"]
        )
        return 0.5 if participle else score
    if word.endswith("ete") and verb.endswith("ere"):
        return 0.92 if before not in words["articles_before"] else 0.2
    if before == "non":
        return 0.4 if _plural_noun(_at(matches, place - 2)) else 0.95
    if before in words["articles_before"]:
        return 0.0
    return _coordinated(matches, place, earlier)


def _at_start(matches: list[re.Match[str]], place: int, plain: str) -> float:
    """What opens a sentence is an imperative, unless it is a participle ("Date le liste …, trova …")."""
    words = _words()
    word, after = matches[place][0].lower(), _at(matches, place + 1)
    if word in ("date", "viste") and after in ("le", "queste", "due", "tre", "alcune", "delle"):
        return 0.2
    if word == "basate" or after in ("in", "nel", "nella", "nell"):
        return 0.55
    if after in words["objects_after"]:
        return 0.95
    if word.endswith("ete") and _verb(word).endswith("ere"):
        return 0.93
    if after in (",", ".", "!", ":", ";", "?", ""):
        return 0.5
    return 0.85


def _coordinated(matches: list[re.Match[str]], place: int, earlier: list[Form]) -> float:
    """After a comma or "e": an imperative when it has an object or an imperative stands before it."""
    words = _words()
    before, after = _at(matches, place - 1), _at(matches, place + 1)
    beyond = _at(matches, place + 2)
    has_object = (
        after in words["objects_after"]
        or after in ("'", '"', "“", "«")
        or (after.endswith("mente") and beyond in words["objects_after"])
    )
    sentence = _sentence_start(matches, place)
    company = any(form.confidence >= ERROR_AT and form.start >= sentence for form in earlier)
    adjective = before in ("e", ",", "o") and _plural_noun(_at(matches, place - 2))
    if before in ("e", "ed", "o", "oppure"):
        if adjective and not has_object:
            return 0.3 if company else 0.1
        return 0.9 if company else (0.6 if adjective else 0.8 if has_object else 0.5)
    if before in (",", "(", "–", "-", '"', "”"):
        if has_object:
            return 0.9 if company or not adjective else 0.6
        return 0.6 if company else 0.35
    if before.endswith("mente") and has_object:
        return 0.7
    if _plural_noun(before):
        return 0.0
    return 0.55 if has_object else 0.2


def _is_material(plain: str, place: int) -> bool:
    """Whether the form stands in a passage the task is about (a review, a story) rather than in the task."""
    start = plain.rfind("\n", 0, place) + 1
    if not plain[:start].strip():
        return False
    end = plain.find("\n", place)
    line = plain[start : end if end >= 0 else len(plain)]
    words = len(line.split())
    return words >= (LONG_ITEM if re.match(r"\s*(?:[-*•–]|\w{1,2}[.)])\s", line) else LONG_LINE)


def _starts(matches: list[re.Match[str]], place: int) -> bool:
    """Whether the token opens a sentence, a line, a quotation or a list item."""
    before = _at(matches, place - 1)
    if before in ("", ".", "!", "?", ":", "\n", "…", "•", "*", '"', "“", "«", "¿", "]"):
        return True
    if before in ("-", "–", ")", ";") and matches[place][0][0].isupper():
        return True
    return before in (")", "-", "–", "*") and _at(matches, place - 2) in ("", "\n")


def _sentence_start(matches: list[re.Match[str]], place: int) -> int:
    for number in range(place - 1, -1, -1):
        if matches[number][0] in (".", "!", "?", "\n"):
            return matches[number].end()
    return 0


def _plural_noun(word: str) -> bool:
    """Looks like a plural noun or adjective, to which a participle would belong."""
    if len(word) < 4 or word[-1:] not in ("e", "i") or word.endswith("mente") or _verb(word):
        return False
    return _lemma(word) != word


def _at(matches: list[re.Match[str]], place: int) -> str:
    return matches[place][0].lower().rstrip("'’") or "'" if 0 <= place < len(matches) else ""


@lru_cache(maxsize=8192)
def _lemma(word: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, lang="it"))


def _verb(word: str) -> str:
    """The infinitive a form belongs to, "" when its lemma is no verb."""
    lemma = _lemma(word)
    return lemma if lemma.endswith(("are", "ere", "ire", "rre")) and lemma != word else ""


def _words() -> dict[str, Any]:
    return lexicon("register_it")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    names = (
        "future",
        "conditional",
        "subjunctive",
        "presumptive",
        "clitic",
        "infinitive_vi",
        "gerund_vi",
        "ending",
    )
    return {name: re.compile(_words()[name]) for name in names}
