"""Which lines are program code when no fence says so, and which language a piece of code is in.

Line patterns only; a fence's info word is trusted by the callers before they ask here.
"""

import re

_STRONG = re.compile(
    r"""^\s*(?:
      def\s+\w+\s*\(.*\)\s*(?:->\s*[\w\[\], .|]+)?\s*:\s*(?:\#.*)?$
    | class\s+\w+\s*(?:\([\w., ]*\))?\s*:\s*$
    | (?:from\s+[\w.]+\s+import\s+[\w*(][\w, *()]*|import\s+[\w.]+(?:\s+as\s+\w+)?)\s*;?\s*$
    | if\s+__name__\s*==.*
    | \#\s*include\s*[<"].*
    | using\s+namespace\s+\w+\s*;
    | (?:public|private|protected)\s+(?:static\s+)?[\w<>\[\]]+\s+\w+.*[{;]\s*$
    | (?:int|void|bool|char|float|double|long|auto|string|String)\s+\w+\s*\([^)]*\)\s*\{?\s*$
    | (?:async\s+)?function\s*\w*\s*\(.*\)\s*\{?.*$
    | (?:const|let|var)\s+\w+\s*=\s*.+;?\s*$
    | (?:print|printf|console\.log|System\.out\.println|cout\s*<<)\s*\(?.*\)?;?\s*$
    | SELECT\s+.+\s+FROM\s+\w.*
    | (?:CREATE\s+TABLE|INSERT\s+INTO|ALTER\s+TABLE|DROP\s+TABLE)\s+\w.*
    | <!DOCTYPE\s+html.*
    | </?(?:html|head|body|script|style|div|table)\b[^>]*>\s*$
    | (?:fn|func|sub)\s+\w+\s*\(.*\)\s*.*\{\s*$
    | \#!/.*
    )""",
    re.VERBOSE,
)
_PRINT_PROSE = re.compile(r"^\s*(?:print|function|let|var|const)\s+[a-z]+\s+[a-z]+\s+[a-z]+", re.IGNORECASE)
_WEAK = re.compile(
    r"""^\s*(?:
      (?:for|while|if|elif|with|except|switch)\b.*[:{]\s*(?:\#.*|//.*)?$
    | (?:else|try|finally|do)\s*[:{]?\s*$
    | \}?\s*else\s*(?:if\s*\(.*\)\s*)?\{?\s*$
    | (?:return|yield|raise|break|continue|pass|throw|assert)\b[^.]*;?\s*$
    | [\w.\[\]'"()]+\s*(?:=|\+=|-=|\*=|/=|:=)\s*\S.*$
    | [\w.:]+\(.*\)\s*[;{]?\s*$
    | .*[;{]\s*$
    | [}\])]+[;,)]*\s*$
    | (?:\#|//|/\*|\*|--)\s*.*$
    | @\w+.*$
    | (?:FROM|WHERE|GROUP\s+BY|ORDER\s+BY|(?:LEFT|INNER)?\s*JOIN|VALUES|LIMIT)\b.*$
    | </?\w+[^<>]*>.*$
    )""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CODE_SIGNS = re.compile(r"[=<>{}\[\]|\\^_*/+]|\w\(|::|->|;\s*$")

_GUESSES = (
    ("html", re.compile(r"<!DOCTYPE|<html|</\w+>|<\w+(?:\s+\w+=[\"'][^\"']*[\"'])+\s*/?>", re.IGNORECASE)),
    ("cpp", re.compile(r"#\s*include|std::|\bcout\b|\bint\s+main\b|\b(?:int|void|bool)\s+\w+\s*\(.*\)\s*\{")),
    ("java", re.compile(r"\bpublic\s+(?:static|class|void)\b|System\.out")),
    ("javascript", re.compile(r"\bfunction\b\s*\w*\s*\(|=>|console\.log|\b(?:const|let|var)\s+\w+\s*=")),
    (
        "python",
        re.compile(
            r"^\s*(?:def\s+\w+\s*\(|import\s+\w|from\s+[\w.]+\s+import|class\s+\w+.*:\s*$|print\()"
            r"|^\s*(?:for|while|if|elif|else|try|with)\b.*:\s*$",
            re.MULTILINE,
        ),
    ),
    ("sql", re.compile(r"\bSELECT\b[\s\S]+\bFROM\b|\bCREATE\s+TABLE\b|\bINSERT\s+INTO\b")),
    ("json", re.compile(r"^\s*[\[{][\s\S]*\"\s*:")),
    ("bash", re.compile(r"^\s*(?:\$\s+\w|#!/bin|sudo\s|apt\s|pip\s+install|cd\s|echo\s)", re.MULTILINE)),
)
LONGEST_LINE = 2000
"""Longer lines are no code that anybody wrote, and patterns would take long over them."""

_PROSE_INFO = frozenset({"", "text", "txt", "plain", "plaintext", "markdown", "md", "email", "quote"})


def guess_language(body: str) -> str:
    """The Pygments name of the language of `body`, "text" when nothing tells."""
    return next((name for name, pattern in _GUESSES if pattern.search(body)), "text")


def code_runs(text: str) -> list[tuple[int, int]]:
    """Runs of at least two code lines (one of them unmistakable) outside fences, as spans of whole lines."""
    lines: list[tuple[int, int, str]] = []
    place = 0
    for line in text.split("\n"):
        lines.append((place, place + len(line), line))
        place += len(line) + 1
    marks = [_mark(line) for _, _, line in lines]
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(lines):
        page = _page_end(lines, first)
        if page > first:
            found.append((lines[first][0], lines[page - 1][1]))
            first = page
            continue
        if marks[first] not in ("strong", "weak"):
            first += 1
            continue
        stop = _run_end(lines, marks, first)
        run = marks[first:stop]
        if "strong" in run and sum(mark in ("strong", "weak") for mark in run) >= 2:
            found.append((lines[first][0], lines[stop - 1][1]))
        first = stop
    return found


def is_prose_block(body: str, info: str) -> bool:
    """Whether a fenced block holds plain sentences, which are translated like any other text."""
    if info.strip().lower() not in _PROSE_INFO or guess_language(body) != "text":
        return False
    lines = [line for line in body.split("\n") if line.strip()]
    plain = [line for line in lines if len(_WORDS.findall(line)) >= 3 and not _CODE_SIGNS.search(line)]
    return bool(lines) and len(plain) >= 0.8 * len(lines)


def looks_like_code(line: str) -> bool:
    """Whether one line (a comment's content, say) is a statement rather than a sentence."""
    return bool(_STRONG.match(line) and not _PRINT_PROSE.match(line)) or bool(
        re.match(
            r"^\s*[\w.\[\]]+\s*(?:=|\+=|-=)\s*\S+\s*$|^\s*[\w.]+\([^()]*\)\s*;?\s*$|^\s*(?:return|import)\s+[\w.]+\s*;?$",
            line,
        )
    )


def _mark(line: str) -> str:
    if not line.strip():
        return "blank"
    if len(line) > LONGEST_LINE:
        return "prose"
    if _STRONG.match(line) and not _PRINT_PROSE.match(line):
        return "strong"
    if _WEAK.match(line) and not _is_sentence(line):
        return "weak"
    return "indented" if line.startswith(("    ", "\t")) else "prose"


def _is_sentence(line: str) -> bool:
    words = line.split()
    plain = sum(bool(re.fullmatch(r"[\"'(]?[^\W\d_]+[\"').,:;!?]*", word)) for word in words)
    return len(words) >= 5 and plain >= 0.75 * len(words)


def _page_end(lines: list[tuple[int, int, str]], first: int) -> int:
    """One past the </html> line of an HTML page that starts at `first`; `first` when none does."""
    if not re.match(r"\s*(?:<!DOCTYPE\s+html|<html\b)", lines[first][2], re.IGNORECASE):
        return first
    ends = (n for n in range(first, len(lines)) if re.search(r"</html>\s*$", lines[n][2], re.IGNORECASE))
    return next(ends, first - 1) + 1


def _run_end(lines: list[tuple[int, int, str]], marks: list[str], first: int) -> int:
    """One past the last line of the run that starts at `first`; blank lines inside count, at its end not."""
    stop = first + 1
    for number in range(first + 1, len(lines)):
        if marks[number] in ("strong", "weak"):
            stop = number + 1
        elif marks[number] == "prose":
            break
    return stop
