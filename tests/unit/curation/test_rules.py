"""Every rule file can be read, agrees with its schema, and every rule can be used."""

import json
import re
from pathlib import Path

import pytest

from mtbx_gui.curation.detect import DETECTORS
from mtbx_gui.curation.detect.case import Case
from mtbx_gui.curation.flags import flags
from mtbx_gui.curation.rules import (
    RuleError,
    RuleFile,
    RuleSet,
    address_policies,
    default_rules,
    load_rules,
    rules_folder,
)

PROMISED = {
    *("src.code", "src.placeholder", "src.wordplay", "tgt.empty", "tgt.untranslated", "tgt.wrong_language"),
    *("tgt.placeholder", "tgt.code_token_changed", "tgt.code_layout", "tgt.fence_mismatch", "tgt.number"),
    *("tgt.currency", "tgt.length", "tgt.register_plural", "tgt.register_infinitive"),
}


@pytest.mark.parametrize("path", sorted(rules_folder().glob("rules_*.json")), ids=lambda p: p.name)
def test_every_rule_file_is_valid(path: Path) -> None:
    for rule in load_rules(path).rules:
        assert rule.type in DETECTORS
        assert rule.id.startswith("src." if rule.side == "source" else "tgt.")
        assert rule.message.format(found="a", missing="b", detail="c")


@pytest.mark.parametrize("path", sorted(rules_folder().glob("*.json")), ids=lambda p: p.name)
def test_every_file_is_utf8_json_with_a_purpose(path: Path) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    assert value.get("about") or value.get("$defs")


def test_the_schema_is_the_one_the_program_uses() -> None:
    written = json.loads((rules_folder() / "schema.json").read_text(encoding="utf-8"))
    assert written == RuleFile.model_json_schema()


def test_lexicon_patterns_compile() -> None:
    register = json.loads((rules_folder() / "lexicon_register_it.json").read_text(encoding="utf-8"))
    for name in ("future", "conditional", "subjunctive", "presumptive", "clitic", "infinitive_vi", "ending"):
        re.compile(register[name])
    for rule in default_rules().rules:
        for pattern in rule.params.get("patterns", {}).values():
            re.compile(pattern)


def test_the_promised_rules_are_there_with_errors_first() -> None:
    rules = default_rules()
    assert {rule.id for rule in rules.rules} >= PROMISED
    order = [("error", "warning", "info").index(rule.severity) for rule in rules.rules]
    assert order == sorted(order)


def test_a_rule_switched_off_is_silent_and_changes_the_hash() -> None:
    rules = default_rules()
    case = Case("it", "turn", "Write a poem about rivers in the spring.", "")
    assert [flag.rule_id for flag in flags(case, rules)] == ["tgt.empty"]
    fewer = rules.without(["tgt.empty"])
    assert flags(case, fewer) == []
    assert fewer.sha256 != rules.sha256 == RuleSet(rules.rules).sha256


def test_policies_cover_the_languages_and_fit_deepl() -> None:
    policies = address_policies().languages
    assert {code: policy.form for code, policy in policies.items()} == {
        "it": "tu",
        "de": "Sie",
        "fr": "vous",
        "es": "tú",
    }
    assert all(len(policy.instruction) <= 300 for policy in policies.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "can't be read"),
        ('{"version": 1, "about": "", "rules": [{"id": "x"}]}', "rules.0.id"),
        ('{"version": 1, "about": "", "rules": [], "more": 1}', "more"),
    ],
)
def test_a_broken_rule_file_is_named_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rules_own.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_rules(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)
