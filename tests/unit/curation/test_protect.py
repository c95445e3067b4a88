"""Protection: what is cut out comes back byte by byte, and every damage on the way is noticed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtbx_gui.curation.protect import Protected, bare_length, protect, restore
from mtbx_gui.curation.segments import regions

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

CODE = """Here is a function for {name}, see https://example.org/a_(b).

```python
import os
def total(values):  # sum of all_values
    \"\"\"Adds the numbers up.\"\"\"
    if not values:
        return 0
    return sum(values)
```

Write "[[A]]" if `total` is right & "[[B]]" if 3 < 2."""

PIECES = st.sampled_from(
    [
        *("```", "```python", "\n", "\n\n", "def f(x):", "    return x", "# a comment", "{name}", "{{x}}"),
        *("[[A]]", "$x^2$", "<b>", "</b>", '<x id="1"/>', "&amp;", "&lt;", "<", ">", "&", "%s", "${y}"),
        *("`code`", "`", "``", "https://a.b/c?d=e", "a@b.org", "<|end|>", "<|The Start|>", "\r\n", "\x00"),
        *("🙂", "e\u0301", "\u00a0", " ", "word", "Sätze, die bleiben.", '"""', "'", "\\(a\\)", "}"),
        *("#include <x>", "int main() {", "<!-- c -->", "\u2028"),
    ]
)


def echo(protected: Protected) -> str:
    restored = restore(protected, protected.texts)
    assert restored.problems == ()
    return restored.text


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_an_echo_gives_back_the_text_byte_by_byte(text: str) -> None:
    assert echo(protect(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_characters_survive(text: str) -> None:
    assert echo(protect(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_what_is_sent_is_well_formed_xml(text: str) -> None:
    from xml.etree import ElementTree

    for xml in protect(text).texts:
        ElementTree.fromstring(f"<r>{xml}</r>")


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_regions_lie_in_order_and_apart(text: str) -> None:
    last = 0
    for region in regions(text):
        assert last <= region.start < region.end <= len(text)
        assert region.start <= region.body_start <= region.body_end <= region.end
        last = region.end


def test_code_and_placeholders_are_not_sent() -> None:
    protected = protect(CODE)
    sent = "\n".join(protected.texts)
    for kept in (
        "import os",
        "def total",
        "return sum",
        "{name}",
        "https://example.org/a_(b)",
        "[[A]]",
        "`total`",
    ):
        assert kept not in sent
    assert protected.texts[1:] == ('sum of <x id="4"/>', "Adds the numbers up.")
    assert "if 3 &lt; 2" in sent
    assert protected.characters == sum(bare_length(text) for text in protected.texts)


def test_comments_are_spliced_back_and_the_code_stays() -> None:
    protected = protect(CODE)
    answers = [text.replace("Here is a function", "Hier ist eine Funktion") for text in protected.texts]
    answers[1] = 'Summe aller <x id="4"/>'
    answers[2] = "Zählt die Zahlen\nzusammen."
    restored = restore(protected, answers)
    assert restored.problems == ()
    assert "# Summe aller all_values\n" in restored.text
    assert '    """Zählt die Zahlen zusammen."""\n    if not values:' in restored.text
    assert restored.text.startswith("Hier ist eine Funktion for {name},")


def test_a_text_of_code_alone_costs_nothing() -> None:
    protected = protect("```\nx = 1\ny = 2\n```")
    assert protected.texts == ()
    assert restore(protected, ()).text == "```\nx = 1\ny = 2\n```"


def test_a_fence_around_sentences_is_translated() -> None:
    text = "Rewrite this:\n```\nThe old man went down to the sea again.\nHe had caught no fish for days.\n```"
    protected = protect(text)
    assert "The old man went down" in protected.texts[0]
    assert echo(protected) == text


def test_kept_passages_are_cut() -> None:
    text = 'Explain the saying "Aller guten Dinge sind drei" to me.'
    start = text.index("Aller")
    protected = protect(text, keep=[(start, start + len("Aller guten Dinge sind drei"))])
    assert "Aller" not in protected.texts[0]
    assert echo(protected) == text


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda s: s.replace('<x id="1"/>', ""), 'tag 1 ("{name}") is missing'),
        (lambda s: s.replace('<x id="1"/>', '<x id="1"/><x id="1"/>'), 'tag 1 ("{name}") came back 2 times'),
        (lambda s: s + '<x id="77"/>', "tag 77 was never sent"),
        (lambda s: s.replace('<x id="3"/>', ""), "tag 3 (code) is missing"),
        (lambda s: s.replace('<x id="3"/>', '<x id="3"/>\n<x id="3"/>'), "tag 3 (code) came back twice"),
        (lambda s: s.replace('\n\n<x id="3"/>\n\n', ' <x id="3"/> '), "tag 3 (code) came back inside a line"),
        (lambda s: '<x id="1"/>' + s.replace('<x id="5"/>', "").replace('<x id="1"/>', '<x id="5"/>'),
         "the tags came back in another order around the code"),
    ],
)  # fmt: skip
def test_damaged_tags_are_noticed(damage: Callable[[str], str], told: str) -> None:
    protected = protect(CODE)
    restored = restore(protected, [damage(protected.texts[0]), *protected.texts[1:]])
    assert told in restored.problems
    assert "    if not values:\n        return 0\n" in restored.text, "code is never lost"
    assert '<x id="' not in restored.text


@pytest.mark.parametrize(
    "form", ['<x id="1"></x>', "<x id='1' />", '&lt;x id="1"/&gt;', '< x id = "1" />', "<x id=“1”/>"]
)
def test_harmless_tag_variants_are_read(form: str) -> None:
    protected = protect("Hello {name}!")
    assert restore(protected, [f"Hallo {form}!"]) == restore(protected, ['Hallo <x id="1"/>!'])
    assert restore(protected, [f"Hallo {form}!"]).text == "Hallo {name}!"


def test_a_comment_cannot_break_out_of_its_code() -> None:
    protected = protect("```c\nint a; /* the number of cats */\nint main() { return a; }\n```")
    restored = restore(protected, ["Zahl */ der Katzen"])
    assert restored.text == protected.source
    assert "would end the comment" in restored.problems[0]


def test_damaged_delimiters_and_identifiers_in_comments() -> None:
    protected = protect("```python\nx = f(y)  # call f() on my_value\nimport os\n```")
    restored = restore(protected, ["f auf mein_Wert aufrufen"])
    assert "# call f() on my_value" in restored.text
    assert restored.problems


def _texts(folder: Path) -> list[str]:
    found: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                collect(each)

    for file in sorted(folder.rglob("*.jsonl")):
        if "model_judgment" not in file.parts:
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    collect(json.loads(line))
                except ValueError:
                    continue
    return found


@pytest.mark.parametrize("folder", ["fastchat", "mt-bench-x", "lumiopen/answers"])
def test_real_texts_round_trip(folder: str) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"{DATA / folder} is not here")
    texts = list(dict.fromkeys(_texts(DATA / folder)))
    assert len(texts) > 200
    for text in texts:
        assert echo(protect(text)) == text
