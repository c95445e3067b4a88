"""Whatever the translator does: no text is lost, none is paid twice, and what came back damaged is listed."""

import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.curation.translate_failures import TranslateStopped, seconds
from mtbx_gui.curation.translate_ledger import LEAST_CUT_BYTES, batches, cut
from mtbx_gui.curation.translate_run import work
from mtbx_gui.curation.translators import MAX_BYTES, MAX_TEXTS, sent_bytes
from mtbx_gui.demo.deepl_service import DEMO_DEEPL_KEY, DeeplService
from mtbx_gui.demo.faults import Fault
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.study.collect import collect
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_text, ensure_field, fields
from tests.unit.curation.translating import (
    attempt_of,
    make_study,
    new_run,
    plan_for,
    requests_kept,
    service_of,
    texts_sent,
    translations,
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = make_study(tmp_path / "study")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTBX_API_KEY", DEMO_DEEPL_KEY)


def assert_whole(run: RunDir, service: DeeplService) -> None:
    """Every field once, every billed character known and told to one field."""
    expected = Counter(row["key"] for row in run.read_input("fields"))
    assert Counter(row["key"] for row in translations(run)) == expected
    kept = sum(row["billed_characters"] for row in requests_kept(run))
    assert kept == service.characters == sum(row["billed_characters"] for row in translations(run))
    paid = [key for row in requests_kept(run) for key in row["texts"]]
    assert len(paid) == len(set(paid))


def test_a_clean_run_costs_what_was_estimated_and_reaches_the_study(study: Study) -> None:
    with service_of() as service:
        plan = plan_for(study, service.url, ["de", "it"])
        run = new_run(study, plan.run)
        result = work(attempt_of(run))
        assert_whole(run, service)
    assert service.characters == plan.estimate.billed_characters == result["billed_characters"]
    assert len(service.requests) == 6, "one request an item and language"
    assert all(row["damaged"] == [] for row in translations(run))
    assert collect(study, run.path) == 24
    assert collect(study, run.path) == 0
    texts = fields(study, ["de", "it"], ["turn", "reference", "judge_reference"])
    assert {text.machine_by for text in texts} == {"demo translator"}
    assert all(text.machine and text.machine != text.source for text in texts)


def test_code_comes_back_byte_for_byte_with_its_comment_translated(study: Study) -> None:
    with service_of() as service:
        run = new_run(study, plan_for(study, service.url, question_ids=("81",)).run)
        work(attempt_of(run))
        sent = " ".join(text for _, text in texts_sent(service))
    text = translations(run)[0]["text"]
    assert "```python\ndef double(x):\n    # " in text
    assert "\n    return 2 * x  # " in text
    assert text.count("```") == 2
    assert "twice the number" not in text
    for kept in ("{name}", "[[A]]", "`double`", "{kept}"):
        assert kept in text
        assert kept not in sent
    assert "return 2" not in sent


def test_requests_say_how_to_translate(study: Study) -> None:
    with service_of() as service:
        work(attempt_of(new_run(study, plan_for(study, service.url, ["it"], question_ids=("82",)).run)))
        body = service.requests[0].body
    assert (body["source_lang"], body["target_lang"], body["formality"]) == ("EN", "IT", "prefer_less")
    assert "Address one person as tu" in body["custom_instructions"][0]
    assert (body["tag_handling"], body["tag_handling_version"]) == ("xml", "v2")
    assert (body["split_sentences"], body["preserve_formatting"]) == ("nonewlines", True)
    assert body["outline_detection"] is False
    assert "The sea of question 82 is blue." in body["context"]


@pytest.mark.parametrize("fault", ["429", "500", "503", "529", "timeout", "drop"])
def test_what_passes_is_waited_out(study: Study, fault: str) -> None:
    with service_of("ok", Fault(fault, times=2)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        work(attempt_of(run))
        assert_whole(run, service)
        assert len(service.requests) == 5


def test_retry_after_is_waited_for_and_a_long_one_ends_the_run(study: Study) -> None:
    with service_of(Fault("429", retry_after_s=0.3), Fault("429", retry_after_s=3600)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        attempt = attempt_of(run)
        waits: list[float] = []
        attempt.wait = lambda pause: bool(waits.append(pause))  # type: ignore[method-assign]
        with pytest.raises(TranslateStopped, match="asks to come back in 60 minutes"):
            work(attempt)
        assert waits == [0.3]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("403", "does not accept the key (403)"),
        ("456", "quota of this key at demo translator"),
        ("400", "refused the request (400)"),
        ("html", "can't be read"),
        ("503", "gave no translation in 2 tries (status 503: Service unavailable)"),
        ("drop", "the connection broke"),
        ("timeout", "no answer in time"),
    ],
)
def test_a_stopped_run_keeps_what_was_paid_and_goes_on_from_there(
    study: Study, fault: str, told: str
) -> None:
    with service_of("ok", Fault(fault, times=2)) as service:
        run = new_run(study, plan_for(study, service.url).run, tries=2)
        with pytest.raises(TranslateStopped) as caught:
            work(attempt_of(run))
        assert told in str(caught.value)
        assert "demo translator" in str(caught.value)
        assert caught.value.next_step
        assert DEMO_DEEPL_KEY not in str(caught.value)
        assert len(translations(run)) == 4
        service.faults.clear()
        work(attempt_of(run))
        assert_whole(run, service)


@pytest.mark.parametrize("fault", ["drop_tags", "double_tags"])
def test_damage_is_asked_for_once_more_then_listed_and_no_code_is_lost(study: Study, fault: str) -> None:
    with service_of(Fault(fault, times=1000)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        result = work(attempt_of(run))
        assert_whole(run, service)
    damaged = [row for row in translations(run) if row["damaged"]]
    assert [entry["field"] for entry in result["damaged"]] == [
        f"DE {row['question_id']} {row['kind'].replace('_', ' ')} {row['position'] + 1}" for row in damaged
    ]
    first = translations(run)[0]
    assert first in damaged
    assert "placeholders or code are damaged" in result["sentence"].lower()
    assert "def double(x):\n    # " in first["text"]
    assert "    return 2 * x  # " in first["text"]
    assert any("{name}" in problem for problem in first["damaged"])
    turn_2 = {row["key"] for row in translations(run) if row["kind"] == "turn" and row["position"] == 1}
    assert turn_2 <= {row["key"] for row in damaged}


def test_code_that_always_moves_away_stays_where_it_was(study: Study) -> None:
    with service_of(Fault("move_tags", times=1000)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        assert work(attempt_of(run))["damaged"] == []
        assert_whole(run, service)
    before, code, after = translations(run)[0]["text"].partition("```python\ndef double(x):\n")
    assert "{name}" in before
    assert code
    assert "[[A]]" in after


@pytest.mark.parametrize("fault", ["drop_tags", "move_tags", "double_tags"])
def test_damage_that_passes_is_mended_paragraph_by_paragraph(study: Study, fault: str) -> None:
    with service_of(fault) as service:
        run = new_run(study, plan_for(study, service.url).run)
        result = work(attempt_of(run))
        assert_whole(run, service)
        retried = [request.body["text"] for request in service.requests[1:2]]
    assert result["damaged"] == []
    assert all("\n\n" not in text for text in retried[0])


def test_what_is_too_large_together_goes_in_smaller_requests(study: Study) -> None:
    with service_of(Fault("413", times=2)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        work(attempt_of(run))
        assert_whole(run, service)
        assert all(row["damaged"] == [] for row in translations(run))


def test_a_long_field_goes_in_pieces_and_comes_back_whole(study: Study) -> None:
    line = "The old house by the sea has a story that nobody knows. " * 20
    text = "\n\n".join(f"{number}. {line}".strip() for number in range(100))
    with study.write() as db:
        add_text(db, ensure_field(db, "en", "turn", "82", "", 2), "source", text, "test", "test")
    with service_of() as service:
        run = new_run(study, plan_for(study, service.url, question_ids=("82",)).run)
        work(attempt_of(run))
        assert_whole(run, service)
        assert all(len(request.raw) < 100_000 for request in service.requests)
    row = next(row for row in translations(run) if row["position"] == 2)
    assert row["text"].count("\n\n") == 99
    assert row["text"].split("\n\n")[99].startswith("99. ")


def test_what_is_never_taken_is_named_and_the_others_are_translated(study: Study) -> None:
    with service_of(Fault("413", times=1000, containing="house 82")) as service:
        run = new_run(study, plan_for(study, service.url).run)
        with pytest.raises(TranslateStopped, match=r"did not take 4 of 12 fields; the first is DE 82 turn 1"):
            work(attempt_of(run))
        assert len(translations(run)) == 8
        service.faults.clear()
        work(attempt_of(run))
        assert_whole(run, service)


def test_a_kept_answer_is_never_asked_for_again(study: Study) -> None:
    with service_of() as service:
        run = new_run(study, plan_for(study, service.url).run)
        work(attempt_of(run))
        first = translations(run)
        run.out("translations").unlink()
        work(attempt_of(run))
        assert translations(run) == first
        assert len(service.requests) == 3


def test_the_same_text_within_an_item_is_paid_once(study: Study) -> None:
    with study.write() as db:
        field = ensure_field(db, "en", "judge_reference", "82", "other", 0)
        add_text(db, field, "source", "The house 82 is old.", "test", "test")
    with service_of() as service:
        run = new_run(study, plan_for(study, service.url).run)
        work(attempt_of(run))
        assert_whole(run, service)
        assert max(Counter(texts_sent(service)).values()) == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "needs a key and none was given"),
        ("a key\nin two lines", "characters that no key has"),
        ("somebody-elses", "does not accept the key"),
    ],
)
def test_a_wrong_key_is_told_and_never_repeated(
    study: Study, monkeypatch: pytest.MonkeyPatch, value: str | None, told: str
) -> None:
    monkeypatch.setenv("MTBX_API_KEY", value or "")
    with service_of() as service:
        run = new_run(study, plan_for(study, service.url).run)
        with pytest.raises(TranslateStopped, match=told) as caught:
            work(attempt_of(run))
        assert value is None or value not in str(caught.value)
        assert service.characters == 0


def test_a_refused_port_names_the_address(study: Study) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        run = new_run(study, plan_for(study, url).run)
        with pytest.raises(TranslateStopped, match=r"can't be reached \(connection refused\)") as caught:
            work(attempt_of(run))
    assert url in str(caught.value)


def test_cancelling_ends_the_waiting_and_loses_nothing(study: Study) -> None:
    with service_of("ok", Fault("429", times=1000)) as service:
        run = new_run(study, plan_for(study, service.url).run)
        attempt = attempt_of(run)
        usual = attempt.wait

        def wait(pause: float) -> bool:
            run.request_cancel("test")
            return usual(pause)

        attempt.wait = wait  # type: ignore[method-assign]
        assert work(attempt) == {}
        assert len(translations(run)) == 4
        run.cancel_requested.unlink()
        service.faults.clear()
        work(attempt_of(run))
        assert_whole(run, service)


@pytest.mark.parametrize("limit", [LEAST_CUT_BYTES, 2000, 10**6])
def test_cut_texts_join_again(limit: int) -> None:
    xml = 'Dear <x id="1"/>, hello.\n\nHow are <x id="22"/> you?\n \nWell &amp; good.\n' * 40
    pieces = cut(xml, limit)
    assert "".join(pieces) == xml
    assert all(sent_bytes(piece) <= limit for piece in pieces)


def test_batches_keep_order_and_limits() -> None:
    texts = [str(number) * 900 for number in range(10)] * 12
    made = list(batches(texts))
    assert [text for batch in made for text in batch] == texts
    assert all(len(batch) <= MAX_TEXTS and sum(map(sent_bytes, batch)) <= MAX_BYTES for batch in made)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", None), ("2.5", 2.5), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after_is_read(header: str, expected: Any) -> None:
    assert seconds(header) == expected
