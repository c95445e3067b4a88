"""What each rule finds and what it leaves alone, on texts written for this test."""

# ruff: noqa: E501

import pytest

from mtbx_gui.curation.flags import Case, Flag, flags

PYTHON = """Find the bug.

```python
import re
def count(values):
    # count the even numbers
    total = 0
    for value in values:
        if value % 2 == 0 and not value is None:
            total += 1
    return total
```"""


def found(
    language: str, source: str, target: str | None, kind: str = "turn", **more: object
) -> dict[str, Flag]:
    case = Case(language, kind, source, target, **more)  # type: ignore[arg-type]
    return {flag.rule_id: flag for flag in flags(case)}


def target_rules(language: str, source: str, target: str, kind: str = "turn") -> set[str]:
    return {rule for rule in found(language, source, target, kind) if rule.startswith("tgt.")}


def marked(flag: Flag, text: str) -> list[str]:
    return [text[start:end] for start, end in flag.spans]


CLEAN = [
    ("de", "Write a short poem about the sea.", "Schreiben Sie ein kurzes Gedicht über das Meer."),
    ("it", "Write a short poem about the sea.", "Scrivi una breve poesia sul mare."),
    ("fr", "Write a short poem about the sea.", "Écrivez un court poème sur la mer."),
    ("es", "Write a short poem about the sea.", "Escribe un poema corto sobre el mar."),
    ("de", "What is 1,250.50 + 3?", "Was ist 1.250,50 + 3?"),
    ("fr", "It costs 1,250.50 dollars in the 19th century.", "Il coûte 1 250,50 dollars au XIXe siècle."),
    ("it", "We meet at 3 PM with twelve people.", "Ci vediamo alle 15 con 12 persone."),
    ("es", "She was born in the 1960s.", "Nació en los años 60."),
    ("de", 'Explain "{name}" and [[A]].', 'Erklären Sie „{name}“ und [[A]].'),
    ("it", "Answer in JSON: `{\"a\": 1}`", "Rispondi in JSON: `{\"a\": 1}`"),
    ("de", "See https://a.org/x, then write.", "Siehe https://a.org/x, dann schreiben Sie."),
    ("fr", PYTHON, PYTHON.replace("Find the bug.", "Trouvez l'erreur.").replace("count the even numbers", "compte les nombres pairs")),
    ("es", PYTHON, PYTHON.replace("Find the bug.", "Encuentra el error.").replace("count the even numbers", "cuenta los pares")),
    ("it", 'Translate "The cat sits on the old mat" into Italian.', 'Traduci "The cat sits on the old mat" in italiano.'),
    ("de", "Who wrote The Lord of the Rings and when did it appear?", "Wer schrieb The Lord of the Rings und wann erschien es?"),
    ("de", "OK", "OK"),
    ("it", "Alice, Bert, Cheryl, David, Enid", "Alice, Bert, Cheryl, David, Enid"),
    ("de", "The formula is $x^2 + y^2 = z^2$.", "Die Formel lautet $x^2 + y^2 = z^2$."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "target"), CLEAN)
def test_good_translations_raise_nothing(language: str, source: str, target: str) -> None:
    assert target_rules(language, source, target) == set()


def test_an_empty_translation_is_an_error() -> None:
    flag = found("de", "Write a poem.", "  \n")["tgt.empty"]
    assert (flag.severity, flag.spans) == ("error", ())


def test_nothing_is_said_about_a_missing_translation() -> None:
    assert all(rule.startswith("src.") for rule in found("de", PYTHON, None))


@pytest.mark.parametrize(
    ("language", "source", "target", "part"),
    [
        ("de", "Please rearrange the equations and sort them by size.",
         "Please rearrange the equations and sort them by size.", "Please rearrange"),
        ("es", "what about this one?\n\n```\nx = 1\n```", "what about this one?\n\n```\nx = 1\n```", "what about"),
        ("it", "Read the text below. Then answer all of my questions briefly.",
         "Leggi il testo qui sotto. Then answer all of my questions briefly.", "Then answer all"),
    ],
)  # fmt: skip
def test_source_text_that_was_left(language: str, source: str, target: str, part: str) -> None:
    flag = found(language, source, target)["tgt.untranslated"]
    assert flag.severity == "error"
    assert marked(flag, target)[0].startswith(part)


@pytest.mark.parametrize(
    ("language", "target", "part"),
    [
        ("it", "Escribe un poema corto sobre el mar y el viento de la noche.", "Escribe"),
        (
            "de",
            "Schreiben Sie ein Gedicht. Ensuite, donnez-lui un titre qui plaise à tous vos lecteurs.",
            "Ensuite",
        ),
        ("fr", "Écrivez un poème. Make sure that it does not have more than ten lines.", "Make sure"),
    ],
)
def test_a_passage_in_another_language(language: str, target: str, part: str) -> None:
    flag = found(language, "Write a poem about the sea and the wind at night.", target)["tgt.wrong_language"]
    assert flag.severity == "error"
    assert marked(flag, target)[0].startswith(part)


def test_a_list_in_another_language_is_judged_as_a_whole() -> None:
    target = "Ecco:\n- buy fresh bread\n- call my sister\n- water the plants\n- read the paper"
    flag = found("it", "Schreibe eine Liste von Aufgaben.", target, source_language="de")[
        "tgt.wrong_language"
    ]
    assert marked(flag, target)[0].endswith("buy fresh bread")


@pytest.mark.parametrize(
    ("source", "target", "message", "spans"),
    [
        ("Dear {name}, {when}", "Caro {nome}, {when}", "missing {name}; new {nome}", ["{nome}"]),
        ('Write "[[rating]]".', 'Schreiben Sie "[[Bewertung]]".', "missing [[rating]]", ["[[Bewertung]]"]),
        ("<|The Start|>\n{q}", "<Der Anfang>\n{q}", "missing <|, |>", []),
        ("Mail me at a@b.org", "Schreib an a@c.org", "missing a@b.org", ["a@c.org"]),
        ("Use <b>bold</b> text", "Fette Schrift <b>nutzen", "missing <b>", []),
        ("%d of %d done", "%d erledigt", "missing %d", []),
        (r"Compute $\frac{1}{2}$.", r"Berechne $\bruch{1}{2}$.", r"missing \frac", [r"$\bruch{1}{2}$"]),
    ],
)
def test_placeholders_must_be_the_same(source: str, target: str, message: str, spans: list[str]) -> None:
    flag = found("de", source, target)["tgt.placeholder"]
    assert flag.severity == "error"
    assert message in flag.message
    assert marked(flag, target) == spans


@pytest.mark.parametrize(
    ("change", "marks"),
    [
        (("for value in values", "für value in values"), ["für"]),
        (("return total", "Rückgabe total"), ["Rückgabe"]),
        (("is None", "is Keine"), ["Keine"]),
        (("and not", "und nicht"), ["und nicht"]),
        (("import re", "importieren re"), ["importieren"]),
        (("== 0", "= 0"), []),
        (("total += 1", "summe += 1"), ["summe"]),
        (("def count(values):", "def count(values)"), []),
    ],
)
def test_changed_words_of_code(change: tuple[str, str], marks: list[str]) -> None:
    target = PYTHON.replace(*change)
    flag = found("de", PYTHON, target)["tgt.code_token_changed"]
    assert flag.severity == "error"
    assert marked(flag, target) == marks


def test_code_behind_damaged_fences_is_still_compared() -> None:
    target = PYTHON.replace("```python", "``python").replace("return", "retour")
    flags_found = found("fr", PYTHON, target)
    assert marked(flags_found["tgt.fence_mismatch"], target) == ["``python"]
    assert marked(flags_found["tgt.code_token_changed"], target) == ["retour"]


def test_code_without_any_fence_is_compared_by_lines() -> None:
    target = PYTHON.replace("```python\n", "").replace("\n```", "").replace("return", "restituisce")
    flags_found = found("it", PYTHON, target)
    assert {"tgt.fence_mismatch", "tgt.code_token_changed"} <= set(flags_found)
    assert "restituisce" in marked(flags_found["tgt.code_token_changed"], target)


def test_a_consistent_renaming_is_only_a_warning() -> None:
    target = PYTHON.replace("total", "summe").replace("Find the bug.", "Finden Sie den Fehler.")
    flags_found = found("de", PYTHON, target)
    assert "tgt.code_token_changed" not in flags_found
    assert flags_found["tgt.code_identifier_renamed"].severity == "warning"
    assert marked(flags_found["tgt.code_identifier_renamed"], target) == ["summe"] * 3


def test_inline_code_is_code() -> None:
    target = "Gib `Keine` zurück."
    flag = found("de", "Return `None`.", target)["tgt.code_token_changed"]
    assert marked(flag, target) == ["`Keine`"]


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        (("        if value", "    if value"), "    "),
        (("for value in values:", "for value in values :"), " :"),
        (("    return total", "    return\u00a0total"), "\u00a0"),
    ],
)
def test_broken_layout_of_code(change: tuple[str, str], mark: str) -> None:
    target = PYTHON.replace(*change)
    flag = found("fr", PYTHON, target)["tgt.code_layout"]
    assert flag.severity == "error"
    assert mark in marked(flag, target)


def test_spans_count_code_points() -> None:
    target = "🙂🇮🇹 Ecco: " + PYTHON.replace("return total", "restituire total")
    flag = found("it", "🙂🇮🇹 Here: " + PYTHON, target)["tgt.code_token_changed"]
    assert marked(flag, target) == ["restituire"]


@pytest.mark.parametrize(
    ("language", "source", "target", "marks"),
    [
        ("de", "In 1998 she had 3 cats.", "Im Jahr 1989 hatte sie 3 Katzen.", ["1989"]),
        ("es", "The tank holds 1,250 litres.", "El depósito tiene 1,250 litros.", ["1,250"]),
        ("it", "It takes 2.5 hours.", "Ci vogliono 2.5 ore.", ["2.5"]),
        ("fr", "Write 200 words.", "Écrivez quelques mots.", []),
    ],
)
def test_numbers_that_differ(language: str, source: str, target: str, marks: list[str]) -> None:
    flag = found(language, source, target)["tgt.number"]
    assert flag.severity == "warning"
    assert marked(flag, target) == marks


@pytest.mark.parametrize(
    ("language", "source", "target"),
    [
        ("de", "It costs $8.", "Es kostet 8 Euro."),
        ("it", "You have 30 dollars.", "Hai 30 €."),
        ("fr", "It costs £5.", "Il coûte 5 dollars."),
    ],
)
def test_an_exchanged_currency(language: str, source: str, target: str) -> None:
    assert found(language, source, target)["tgt.currency"].severity == "warning"


def test_an_implausible_length() -> None:
    source = (
        "Describe the causes of the French Revolution and its effects on neighbouring countries in detail."
    )
    assert "tgt.length" in found("de", source, "Beschreiben Sie die Ursachen.")
    assert "tgt.length" not in found("de", source, "Beschreiben Sie ausführlich, was zur Revolution führte und was "
                                                   "sie in den Nachbarländern bewirkte.")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "source", "target", "word"),
    [
        ("it", "Write a poem.", "Scrivere una poesia.", "Scrivere"),
        ("it", "Explain it to me. List 3 reasons.", "Spiegamelo. Elencare 3 motivi.", "Elencare"),
        ("fr", "Translate this text.", "Traduire ce texte.", "Traduire"),
        ("es", "Summarise the text below.", "Resumir el texto siguiente.", "Resumir"),
        ("de", "Translate the following text.", "Den folgenden Text übersetzen.", "übersetzen"),
    ],
)
def test_infinitives_as_instructions(language: str, source: str, target: str, word: str) -> None:
    flag = found(language, source, target)["tgt.register_infinitive"]
    assert flag.severity == "warning"
    assert marked(flag, target) == [word]


@pytest.mark.parametrize(
    ("language", "source", "target"),
    [
        ("it", "Writing a poem is fun.", "Scrivere una poesia è divertente."),
        ("fr", "What is it like to live in space?", "Vivre dans l'espace, c'est comment ?"),
        ("de", "Write down what people say.", "Schreiben Sie auf, was die Leute sagen."),
        ("de", "The students learn to write.", "Die Studenten lernen zu schreiben."),
        ("es", "The place is lovely.", "Lugar encantador es este."),
    ],
)
def test_infinitives_that_are_none_or_no_instruction(language: str, source: str, target: str) -> None:
    assert "tgt.register_infinitive" not in found(language, source, target)


def test_source_flags_are_information_for_the_reader() -> None:
    source = 'Write a pun about {animal}, e.g. "```" or `code`.'
    flags_found = found("de", source, None)
    assert flags_found["src.wordplay"].severity == "warning"
    assert flags_found["src.placeholder"].severity == "info"
    assert marked(flags_found["src.wordplay"], source) == ["pun"]
    assert flags_found["src.wordplay"].side == "source"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('What does the German saying "Aller guten Dinge sind drei" mean?', "Che cosa significa il detto tedesco "
         '"Non c\'è due senza tre"?'),
        ('The stone bears the Latin words "Sine sole sileo".', 'La pietra reca le parole latine "Senza sole taccio".'),
    ],
)  # fmt: skip
def test_foreign_passages_are_kept(source: str, target: str) -> None:
    assert found("it", source, target)["tgt.foreign_text_translated"].severity == "error"
