"""The demo study's texts hold together: parallel, corrected where it says so, in the languages they claim."""

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from mtbx_gui.demo import texts
from mtbx_gui.demo.glossary import load_glossary
from mtbx_gui.demo.translator import DemoTranslator

CATEGORIES = ("writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities")
WITH_REFERENCE = {"reasoning", "math", "coding", "extraction"}
ENGLISH_ON_PURPOSE = {
    ("assistant-south", "213_DE", 1),
    ("assistant-south", "213_FR", 1),
    ("assistant-south", "213_ES", 1),
    ("assistant-north", "201_IT", 1),
    ("assistant-north", "216_DE", 2),
}
KEPT_FOREIGN = re.compile(r"to be under the weather|under the weather|Sine sole sileo")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def rows(path: Path) -> list[dict[str, Any]]:
    content = path.read_text(encoding="utf-8")
    assert "\\u" not in content
    return [json.loads(line) for line in content.splitlines()]


def questions(language: str, name: str = "question") -> list[dict[str, Any]]:
    return rows(texts.benchmark_folder(language) / f"{name}.jsonl")


def judge_references(language: str) -> list[dict[str, Any]]:
    return rows(texts.benchmark_folder(language) / "reference_answer" / "demo-reference.jsonl")


def answers(language: str, assistant: str) -> list[dict[str, Any]]:
    return rows(texts.benchmark_folder(language) / "model_answer" / f"{assistant}.jsonl")


def field(record: dict[str, Any], name: str) -> str:
    kind, _, place = name.rpartition(" ")
    values = {"turn": record.get("turns"), "reference": record.get("reference")}.get(kind)
    if kind == "judge reference":
        values = record["choices"][0]["turns"]
    assert values is not None
    return str(values[int(place) - 1])


def by_id(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["question_id"]: record for record in records}


def all_question_files() -> list[tuple[str, str]]:
    raw = [(language, "question_original") for language in texts.TARGET_LANGUAGES]
    return [(language, "question") for language in texts.LANGUAGES] + raw


@pytest.mark.parametrize(("language", "name"), all_question_files())
def test_sixteen_two_turn_questions_two_per_category(language: str, name: str) -> None:
    records = questions(language, name)
    assert [r["question_id"] for r in records] == [f"{n}_{language.upper()}" for n in range(201, 217)]
    assert Counter(r["category"] for r in records) == dict.fromkeys(CATEGORIES, 2)
    assert all(len(r["turns"]) == 2 and all(turn.strip() for turn in r["turns"]) for r in records)
    for record in records:
        expected = 2 if record["category"] in WITH_REFERENCE else 0
        assert len(record.get("reference", [])) == expected, record["question_id"]
        assert list(record) == ["question_id", "category", "turns", "reference"][: len(record)]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_each_judge_reference_belongs_to_a_question_with_reference(language: str) -> None:
    expected = [r["question_id"] for r in questions(language) if r["category"] in WITH_REFERENCE]
    found = judge_references(language)
    assert [r["question_id"] for r in found] == expected
    assert {r["model_id"] for r in found} == {texts.REFERENCE_SET}
    assert all(len(r["choices"]) == 1 and len(r["choices"][0]["turns"]) == 2 for r in found)


@pytest.mark.parametrize("language", texts.TARGET_LANGUAGES)
def test_corrections_name_exactly_the_edited_items(language: str) -> None:
    pairs = zip(questions(language, "question_original"), questions(language), strict=True)
    edited = [{k: new[k] for k in ("question_id", "category")} for raw, new in pairs if raw != new]
    assert questions(language, "corrections") == edited
    assert {"de": 9, "fr": 8, "it": 14, "es": 9}[language] == len(edited)


@pytest.mark.parametrize("defect", texts.defects(), ids=lambda d: f"{d.question_id}-{d.field}-{d.rule_id}")
def test_defect_stands_in_the_raw_text_and_not_in_the_curated_one(defect: texts.Defect) -> None:
    assert re.fullmatch(r"(src|tgt)\.[a-z_]+", defect.rule_id)
    if defect.is_open:
        text = field(by_id(judge_references(defect.language))[defect.question_id], defect.field)
        assert defect.raw in text and defect.fixed not in text
        return
    raw = field(by_id(questions(defect.language, "question_original"))[defect.question_id], defect.field)
    curated = field(by_id(questions(defect.language))[defect.question_id], defect.field)
    assert defect.raw in raw and defect.fixed not in raw
    assert defect.raw not in curated and defect.fixed in curated


@pytest.mark.parametrize("language", texts.TARGET_LANGUAGES)
def test_repairing_the_listed_defects_turns_raw_into_curated(language: str) -> None:
    curated = by_id(questions(language))
    listed = [d for d in texts.defects() if d.language == language and not d.is_open]
    for record in questions(language, "question_original"):
        for kind in ("turn", "reference"):
            for place, text in enumerate(record["turns" if kind == "turn" else "reference"], 1):
                for defect in listed:
                    if (defect.question_id, defect.field) == (record["question_id"], f"{kind} {place}"):
                        text = text.replace(defect.raw, defect.fixed)
                assert text == field(curated[record["question_id"]], f"{kind} {place}")


@pytest.mark.parametrize("language", texts.TARGET_LANGUAGES)
def test_every_language_has_defects_in_code_and_foreign_passages(language: str) -> None:
    found = {d.rule_id for d in texts.defects() if d.language == language}
    changed = {"tgt.code_token_changed", "tgt.error_corrected", "tgt.foreign_text_translated"}
    assert changed | {"src.wordplay", "tgt.placeholder"} <= found


def test_italian_raw_text_is_full_of_voi_and_infinitives() -> None:
    count = Counter(d.rule_id for d in texts.defects() if d.language == "it")
    assert count["tgt.register_plural"] >= 20
    assert count["tgt.register_infinitive"] >= 5


def code_blocks(text: str) -> list[tuple[str, str]]:
    assert text.count("```") % 2 == 0
    return FENCE.findall(text)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_code_of_curated_texts_compiles_and_says_the_same_in_every_language(language: str) -> None:
    english = by_id(questions("en"))
    blocks = 0
    for record in questions(language):
        original = english[record["question_id"].replace(f"_{language.upper()}", "_EN")]
        for name in ("turns", "reference"):
            for text, source in zip(record.get(name, []), original.get(name, []), strict=True):
                ours, theirs = code_blocks(text), code_blocks(source)
                blocks += len(ours)
                assert [without_words(c) for c in ours] == [without_words(c) for c in theirs]
    assert blocks == 6


def without_words(block: tuple[str, str]) -> str:
    """What a program does: its syntax tree without comments and with blank strings; JSON as its value."""
    lexer, code = block
    if lexer == "json":
        return json.dumps(json.loads(code))
    assert lexer == "python"
    return re.sub(r"Constant\(value='[^']*'\)", "Constant(value='')", ast.dump(ast.parse(code)))


def test_code_of_the_english_judge_references_compiles() -> None:
    turns = [turn for record in judge_references("en") for turn in record["choices"][0]["turns"]]
    found = [block for turn in turns for block in code_blocks(turn)]
    assert len(found) == 5
    for block in found:
        without_words(block)


def test_math_and_coding_references_are_right() -> None:
    by_number = {r["question_id"][:3]: r for r in questions("en")}
    scope: dict[str, Any] = {}
    exec(code_blocks(by_number["209"]["turns"][0])[0][1], scope)  # our own text
    assert by_number["209"]["reference"][0].startswith(str(scope["pick"]([3, 8, 5, 12])))
    exec(code_blocks(by_number["209"]["reference"][1])[0][1], scope)
    assert scope["pick"]([3, 8, 5, 12]) == [8, 12]
    for place in (0, 1):
        exec(code_blocks(by_number["210"]["reference"][place])[0][1], scope)
        assert scope["first_long"](["sea", "harbour", "lighthouse"], 5) == "harbour"
        assert scope["first_long"](["sea"], 5) is None
    with pytest.raises(ValueError, match="empty"):
        scope["first_long"]([])
    assert f"{1250 / 2.5:.0f} seconds" in by_number["208"]["reference"][0]


def prose(text: str) -> str:
    """The text without code, JSON, kept foreign passages and placeholders."""
    bare = re.sub(r"```.*?(```|$)|`[^`\n]*`|\{\w+\}", " ", text, flags=re.DOTALL)
    return KEPT_FOREIGN.sub(" ", bare)


@cache
def identifier() -> LanguageIdentifier:
    loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    loaded.set_languages(list(texts.LANGUAGES))
    return loaded


def language_of(text: str) -> str:
    return str(identifier().classify(text)[0])


def long_enough(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]+", text)) >= 8


@pytest.mark.parametrize(("language", "name"), all_question_files())
def test_questions_are_in_the_language_they_claim(language: str, name: str) -> None:
    for record in questions(language, name):
        for text in map(prose, record["turns"] + record.get("reference", [])):
            if long_enough(text):
                assert language_of(text) == language, text


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_judge_references_are_in_the_language_they_claim(language: str) -> None:
    for record in judge_references(language):
        for text in map(prose, record["choices"][0]["turns"]):
            if long_enough(text):
                assert language_of(text) == language, text


@pytest.mark.parametrize("assistant", texts.ASSISTANTS)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_assistants_answer_each_turn_in_its_language_but_where_planned(language: str, assistant: str) -> None:
    records = answers(language, assistant)
    assert [r["question_id"] for r in records] == [r["question_id"] for r in questions(language)]
    short = assistant.removeprefix("assistant-")
    empty = []
    for record in records:
        question = record["question_id"]
        assert record["model_id"] == assistant
        assert record["answer_id"] == f"{short}-{question[:3]}-{language}"
        assert len(record["choices"]) == 1 and len(record["choices"][0]["turns"]) == 2
        for place, answer in enumerate(record["choices"][0]["turns"], 1):
            if not answer:
                empty.append((question[:3], place))
            on_purpose = (assistant, question, place) in ENGLISH_ON_PURPOSE
            if on_purpose or long_enough(prose(answer)):
                assert language_of(prose(answer)) == ("en" if on_purpose else language), answer
    assert empty == ([("210", 2)] if assistant == "assistant-south" else [])


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_placeholders_survive_in_the_answers_that_keep_them(language: str) -> None:
    north, south = (
        by_id(answers(language, assistant))[f"202_{language.upper()}"]["choices"][0]["turns"]
        for assistant in texts.ASSISTANTS
    )
    for text in (*north, south[0]):
        assert "{name}" in text and "{pickup_date}" in text
    assert "{" not in south[1]


def test_every_conversation_exists_in_five_languages_with_the_same_turns() -> None:
    conversations = texts.instructions()
    groups: dict[str, list[texts.Conversation]] = {}
    for conversation in conversations:
        groups.setdefault(conversation.id, []).append(conversation)
    assert len(groups) >= 60
    for group in groups.values():
        assert sorted(c.language for c in group) == sorted(texts.LANGUAGES)
        assert len({tuple(m.role for m in c.messages) for c in group}) == 1
    for conversation in conversations:
        roles = [message.role for message in conversation.messages]
        assert roles == ["user", "assistant"] * conversation.turns
        assert all(message.content.strip() for message in conversation.messages)
    assert sum(group[0].turns == 2 for group in groups.values()) == 8
    asked = Counter((c.language, c.messages[0].content) for c in conversations)
    assert max(asked.values()) == 1


def test_instructions_are_in_the_language_they_claim() -> None:
    for conversation in texts.instructions():
        whole = " ".join(message.content for message in conversation.messages)
        if long_enough(whole):
            assert language_of(whole) == conversation.language, whole


def test_instructions_of_chosen_languages_only() -> None:
    chosen = texts.instructions(["fr", "de"])
    assert {c.language for c in chosen} == {"fr", "de"}
    assert len(chosen) * 5 == len(texts.instructions()) * 2


def test_french_punctuation_keeps_its_no_break_space() -> None:
    french = [t for r in questions("fr") for t in r["turns"] + r["reference"]]
    french += [m.content for c in texts.instructions(["fr"]) for m in c.messages]
    for text in french:
        assert not re.search(r" [?!:;»]|« ", prose(text)), text


def test_translation_table_gives_the_raw_translation_of_every_english_text() -> None:
    table = texts.translation_table()
    english = questions("en")
    for language in texts.TARGET_LANGUAGES:
        for source, raw in zip(english, questions(language, "question_original"), strict=True):
            ours = source["turns"] + source.get("reference", [])
            for text, translation in zip(ours, raw["turns"] + raw["reference"], strict=True):
                assert table[language, text] == translation
        for source, translated in zip(judge_references("en"), judge_references(language), strict=True):
            pairs = zip(source["choices"][0]["turns"], translated["choices"][0]["turns"], strict=True)
            assert all(table[language, text] == translation for text, translation in pairs)


def test_translation_table_knows_paragraphs_and_code_comments() -> None:
    table = texts.translation_table()
    question = "What does this function return for the list [3, 8, 5, 12]?"
    assert table["de", question] == "Was gibt diese Funktion für die Liste [3, 8, 5, 12] zurück?"
    assert table["es", "keep the even numbers"] == "conservar los números pares"


def test_protected_table_repairs_code_and_placeholders_only() -> None:
    table = texts.protected_table()
    english = {r["question_id"][:3]: r for r in questions("en")}
    reminder = table["it", english["202"]["turns"][0]]
    assert "{name} e {pickup_date}" in reminder
    assert reminder.startswith("Scrivere un'e-mail")
    assert "`first_long(words, limit)`" in table["fr", english["210"]["turns"][0]]
    assert ("de", english["204"]["turns"][0]) not in table


@pytest.mark.parametrize("language", texts.TARGET_LANGUAGES)
def test_demo_translator_knows_each_text_with_code_and_placeholders_cut_out(language: str) -> None:
    translator = DemoTranslator.of_the_demo()
    mark = load_glossary(language).mark
    for record in questions("en"):
        for text in record["turns"] + record.get("reference", []):
            cut = re.sub(r"```.*?```|`[^`\n]*`|\{\w+\}", '<x id="1"/>', text, flags=re.DOTALL)
            answer = translator.translate(cut, language, xml=True)
            assert mark not in answer
            assert answer.count("<x") == cut.count("<x")


def test_a_broken_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "resources", lambda: tmp_path)
    with pytest.raises(texts.BrokenDemo, match="Install the package again"):
        texts.demo_folder()
    (tmp_path / "demo").mkdir()
    with pytest.raises(texts.BrokenDemo, match=r"instructions\.jsonl"):
        texts.instructions()
    line = '{"id": "c001", "language": "en", "messages": [{"role": "user"}]}\n'
    (tmp_path / "demo" / "instructions.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(texts.BrokenDemo, match="line 1: the field content"):
        texts.instructions()
