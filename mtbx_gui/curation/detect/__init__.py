"""The detectors: one function per rule type, from a case and a rule to findings."""

from collections.abc import Callable, Iterable

from mtbx_gui.curation.detect import code, infinitive, italian, lexicon, numbers, placeholders, texts
from mtbx_gui.curation.detect.case import Case, Finding
from mtbx_gui.curation.rules import Rule, RuleType

Detector = Callable[[Case, Rule], Iterable[Finding]]

DETECTORS: dict[RuleType, Detector] = {
    "code_layout": code.code_layout,
    "code_tokens": code.code_tokens,
    "currency": numbers.currency,
    "empty": texts.empty,
    "fences": code.fence_mismatch,
    "holds_code": code.holds_code,
    "holds_placeholders": placeholders.holds_placeholders,
    "foreign_text": texts.foreign_translated,
    "infinitive": infinitive.infinitive,
    "language": texts.wrong_language,
    "length": texts.length,
    "lexicon": lexicon.lexicon_hits,
    "numbers": numbers.numbers,
    "placeholders": placeholders.placeholders,
    "plural_address": italian.plural_address,
    "untranslated": texts.untranslated,
}
"""What each rule type does."""
