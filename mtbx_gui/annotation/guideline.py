"""The instruction an annotator reads, as Markdown, in the language of the answers they rate."""

from mtbx_gui.assets import resources

FALLBACK = "en"


def rating_guideline(language: str) -> str:
    """The instruction in a language (two letters), in English where there is none in it."""
    folder = resources() / "guidelines" / "rating"
    path = folder / f"{language}.md"
    if not language.isalpha() or not path.is_file():
        path = folder / f"{FALLBACK}.md"
    return path.read_text(encoding="utf-8")
