"""Every glossary is whole, and a gloss keeps what is not a word."""

import json

import pytest

from mtbx_gui.assets import resources
from mtbx_gui.demo.glossary import LANGUAGES, load_glossary


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_glossary_file_is_whole(language: str) -> None:
    path = resources() / "demo" / f"glossary_{language}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert set(data) == {"language", "note", "mark", "words"}
    assert data["language"] == language
    assert data["mark"].startswith("[")
    assert data["mark"].endswith("]")
    assert data["words"].keys() == load_glossary("de").words.keys()
    assert all(key == key.lower() and len(key.split(" ")) <= 2 for key in data["words"])
    assert all(value.strip() == value != "" for value in data["words"].values())
    untouched = [key for key, value in data["words"].items() if key == value]
    assert len(untouched) < 0.1 * len(data["words"])


def test_a_language_the_demo_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        load_glossary("nl")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("The house, the HOUSE.", "Die Haus, die HAUS."),
        ("The child's books", "Die Kind Bücher"),
        ("Don't read it!", "Nicht lesen Sie es!"),
        ("A) 3 + 4\nB) a tree", "A) 3 + 4\nB) ein Baum"),
        ("Zorbax: `x_1` {name}", "Zorbax: `x_1` {nennen Sie}"),
        ("", ""),
        ("  12,5 %\n", "  12,5 %\n"),
    ],
)
def test_words_are_replaced_and_all_else_is_kept(english: str, german: str) -> None:
    assert load_glossary("de").gloss(english) == german
