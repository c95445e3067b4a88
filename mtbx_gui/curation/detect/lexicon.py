"""Rules that are nothing but patterns: words that hint at something a person should look at."""

import re
from collections.abc import Iterator
from functools import lru_cache

from mtbx_gui.curation.detect.case import Case, Finding, listing
from mtbx_gui.curation.detect.texts import quoted_spans
from mtbx_gui.curation.rules import Rule, RuleError
from mtbx_gui.curation.segments import prose


def lexicon_hits(case: Case, rule: Rule) -> Iterator[Finding]:
    """Matches of `params.patterns[language]` (or "*") in the prose of the rule's side.

    `params`: `ignore_quotes` leaves quoted speech out, `case_sensitive` keeps capitals apart, and a match of
    `unless_source` in the source makes the finding legitimate.
    """
    params = rule.params
    text, language = (
        (case.source, case.source_language) if rule.side == "source" else (case.text, case.language)
    )
    patterns = params["patterns"]
    pattern = _compiled(
        rule.id, str(patterns.get(language) or patterns.get("*") or ""), bool(params.get("case_sensitive"))
    )
    unless = params.get("unless_source")
    if pattern is None or (unless and re.search(str(unless), case.source, re.IGNORECASE)):
        return
    plain = prose(text)
    quotes = quoted_spans(plain) if params.get("ignore_quotes") else []
    spans = [
        match.span()
        for match in pattern.finditer(plain)
        if match[0] and not any(a <= match.start() and match.end() <= b for a, b in quotes)
    ]
    if spans:
        yield Finding(
            tuple(spans), found=listing([text[a:b] for a, b in spans]), confidence=rule.precision or 0.7
        )


@lru_cache(maxsize=256)
def _compiled(rule_id: str, pattern: str, case_sensitive: bool) -> re.Pattern[str] | None:
    if not pattern:
        return None
    try:
        return re.compile(pattern, 0 if case_sensitive else re.IGNORECASE)
    except re.error as error:
        raise RuleError(
            f"The rule {rule_id} has a pattern that can't be read: {error}.",
            "Mend the pattern in its rule file.",
        ) from error
