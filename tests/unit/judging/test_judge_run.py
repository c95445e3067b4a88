import hashlib

import pytest

from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.loopback import Reply, Request
from mtbx_gui.demo.openai_service import OpenAIService, api_error
from mtbx_gui.demo.rate_limit import RateLimits
from mtbx_gui.judging.failures import JudgeStopped
from mtbx_gui.judging.judge_run import KEY_VARIABLE
from mtbx_gui.judging.profiles import demo_profile, plain_profile, save_profile
from mtbx_gui.judging.rows import sent_row
from mtbx_gui.rundir.jsonl import append_line
from mtbx_gui.study.collect import collect
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.study import Study
from tests.unit.judging.judge_runs import attempt_rows, judge, judgment_rows, make_run, requests_of, served


def test_every_planned_call_becomes_one_judgment_with_its_origin(study: Study) -> None:
    with served(study) as service:
        run = make_run(study, mode="pair", models=[], prompt_set="mtbx-4")
        result = judge(run)
        assert requests_of(service) == 8
    rows = judgment_rows(run)
    assert {row["key"] for row in rows} == {row["key"] for row in run.read_input("calls")}
    assert (result["judgments"], result["no_verdict"], result["spent"]) == (8, 0, 0)
    for row in rows:
        assert row["judge"] == "demo judge"
        assert row["verdict"] in ("A", "B", "C", "D")
        assert (row["score"], row["reason"], row["attempts"]) == (None, None, 1)
        assert row["request_id"].startswith("req_demo_")
        assert row["fingerprint"]
        assert row["returned_model"] == row["requested_model"] == "demo-judge"
        assert row["usage"]["prompt_tokens"] > 100
        assert row["parameters"]["temperature"] == 0
        assert "[[D]]" not in row["user_prompt"]
        assert row["finish_reason"] == "stop"
    assert collect(study, run.path) == 8
    kept = judgments(study, mode="pair")
    assert {judgment.key for judgment in kept} == {row["key"] for row in rows}
    assert {judgment.detail["prompt_set"] for judgment in kept} == {"mtbx-4"}


def test_the_prompt_that_is_sent_is_the_one_that_was_planned(study: Study) -> None:
    with served(study) as service:
        run = make_run(study)
        judge(run)
        sent = [request.body for request in service.requests]
    hashes = {
        hashlib.sha256(
            f"{body['messages'][0]['content']}\0{body['messages'][1]['content']}".encode()
        ).hexdigest()
        for body in sent
    }
    assert hashes == {row["prompt_sha256"] for row in run.read_input("calls")}
    assert all(body["max_completion_tokens"] == 512 and body["temperature"] == 0 for body in sent)


@pytest.mark.parametrize("kind", ["429", "500", "503", "drop", "html", "error_body", "broken_json"])
def test_what_goes_wrong_for_a_moment_is_asked_again_and_noted(study: Study, kind: str) -> None:
    with served(study, faults=[Fault(kind, times=2, retry_after_s=0.01)]) as service:
        run = make_run(study)
        judge(run)
        assert requests_of(service) == 6
    assert [row["reason"] for row in judgment_rows(run)] == [None] * 4
    attempts = attempt_rows(run)
    assert len(attempts) == len({row["key"] for row in attempts}) == 6
    assert sum(row["outcome"] == "reply" for row in attempts) == 4
    assert sum(row["attempts"] for row in judgment_rows(run)) == 6


def test_a_server_that_hangs_is_given_up_and_asked_again(study: Study) -> None:
    with served(study, profile={"timeout_s": 0.4}, faults=["timeout"]):
        run = make_run(study)
        judge(run)
    assert len(judgment_rows(run)) == 4
    hung = [row for row in attempt_rows(run) if row["outcome"] == "transient"]
    assert [row["why"] for row in hung] == ["no reply within 0.4 s"]


REASONS = {
    "null_content": "empty",
    "empty_content": "empty",
    "content_filter": "content_filter",
    "length": "truncated",
    "refusal": "refusal",
    "no_verdict": "no_verdict",
}


@pytest.mark.parametrize(("kind", "reason"), REASONS.items())
def test_a_reply_without_a_verdict_is_asked_for_once_more_then_its_reason_stands(
    study: Study, kind: str, reason: str
) -> None:
    with served(study, faults=[Fault(kind)]) as service:
        once = make_run(study, workers=1)
        judge(once)
        assert requests_of(service) == 5
        assert [row["reason"] for row in judgment_rows(once)] == [None] * 4
        service.faults.add([Fault(kind, times=2)])
        twice = make_run(study, workers=1)
        judge(twice)
        assert requests_of(service) == 10
    rows = judgment_rows(twice)
    assert [row["reason"] for row in rows] == [reason, None, None, None]
    assert (rows[0]["score"], rows[0]["verdict"], rows[0]["attempts"]) == (None, None, 2)
    assert collect(study, twice.path) == 4


@pytest.mark.parametrize("kind", ["html", "error_body", "broken_json"])
def test_a_reply_that_is_none_three_times_is_an_api_error(study: Study, kind: str) -> None:
    with served(study, faults=[Fault(kind, times=3)]):
        run = make_run(study, workers=1)
        judge(run)
    assert [row["reason"] for row in judgment_rows(run)] == ["api_error", None, None, None]
    collect(study, run.path)
    with served(study):
        again = make_run(study)
        assert len(again.read_input("calls")) == 1, "an error is no result: it is planned again"
        judge(again)
    collect(study, again.path)
    assert {judgment.reason for judgment in judgments(study)} == {None}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("400", "refused the request \\(400\\)"),
        ("401", "does not accept the key \\(401\\).*resume"),
        ("403", "does not allow this key to use demo-judge"),
        ("404", "has no model demo-judge"),
        ("insufficient_quota", "quota of this key is used up.*Add credit"),
    ],
)
def test_what_asking_again_does_not_mend_stops_the_run(study: Study, kind: str, told: str) -> None:
    with served(study, faults=["ok", "ok", Fault(kind)]) as service:
        run = make_run(study, workers=1, languages=["en", "de"])
        with pytest.raises(JudgeStopped, match=told) as stopped:
            judge(run)
        assert service.url in str(stopped.value)
        assert requests_of(service) == 3
        assert len(judgment_rows(run)) == 2
        judge(run)
        assert requests_of(service) == 9
    assert len({row["key"] for row in judgment_rows(run)}) == len(judgment_rows(run)) == 8


def test_a_wrong_key_is_told(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "wrong")
    with served(study) as service:
        with pytest.raises(JudgeStopped, match=r'"demo judge" at http.* does not accept the key'):
            judge(make_run(study))
        assert 1 <= requests_of(service) <= 4


def test_openai_without_a_key_is_not_even_asked(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(JudgeStopped, match="needs a key and none was given"):
        judge(make_run(study, profile="gpt-6-luna"))


def test_a_port_where_nobody_listens_is_told(study: Study) -> None:
    with served(study) as service:
        url = service.url
    save_profile(study, demo_profile(url), "ada")
    run = make_run(study)
    with pytest.raises(JudgeStopped, match=r"can't be reached at http.*connection refused.*Check the URL"):
        judge(run)
    assert judgment_rows(run) == []


def test_an_address_that_is_none_is_told(study: Study) -> None:
    save_profile(study, plain_profile("odd", "notaprotocol://nowhere/v1", "m"), "ada")
    with pytest.raises(JudgeStopped, match='"odd" can\'t be reached at notaprotocol'):
        judge(make_run(study, profile="odd"))


def test_a_parameter_the_model_does_not_take_is_named(study: Study) -> None:
    with (
        served(study, refused_parameters=["temperature"]),
        pytest.raises(JudgeStopped, match='does not take the parameter "temperature"'),
    ):
        judge(make_run(study))


def test_calls_that_never_get_a_reply_stay_missing_and_can_be_resumed(study: Study) -> None:
    with served(study, faults=[Fault("500", times=6)]) as service:
        run = make_run(study, workers=1)
        with pytest.raises(JudgeStopped, match=r"1 of 4 calls .* got no reply \(status 500.*Resume"):
            judge(run)
        assert len(judgment_rows(run)) == 3
        judge(run)
        assert requests_of(service) == 10
    assert len(judgment_rows(run)) == 4


def test_a_server_that_fails_call_after_call_stops_the_run(study: Study) -> None:
    with served(study, faults=[Fault("500", times=1000)]) as service:
        run = make_run(study, retry_base_s=0.001, languages=[])
        with pytest.raises(JudgeStopped, match="fails call after call"):
            judge(run)
        assert requests_of(service) < 150
    assert judgment_rows(run) == []


def test_a_wait_of_hours_stops_the_run_instead_of_sitting_it_out(study: Study) -> None:
    with (
        served(study, faults=[Fault("429", retry_after_s=7200)]),
        pytest.raises(JudgeStopped, match=r"asks to come back in 1[23]. minutes"),
    ):
        judge(make_run(study))


@pytest.mark.parametrize("rate_headers", [True, False])
def test_under_a_rate_limit_nothing_is_lost(study: Study, rate_headers: bool) -> None:
    limits = RateLimits(requests_per_minute=1800, enforced=True, burst=0.02)
    with served(study, limits=limits, rate_headers=rate_headers) as service:
        run = make_run(study, workers=32, languages=[], categories=[], models=[], turns=[1])
        assert len(run.read_input("calls")) == 160
        judge(run)
        refused = requests_of(service) - 160
    assert len({row["key"] for row in judgment_rows(run)}) == 160
    assert refused == sum(row["outcome"] == "limited" for row in attempt_rows(run))
    assert refused < (35 if rate_headers else 120)


def test_the_cap_is_never_exceeded_whatever_is_in_flight(study: Study) -> None:
    """The price is that of a real model; 64 at once; the cap is enough for a part of the calls."""
    cap = 0.05
    with served(study, profile={"price": "gpt-4.1"}, latency_s=0.02) as service:
        run = make_run(study, workers=64, languages=[], categories=[], models=[], cap=cap)
        with pytest.raises(JudgeStopped, match=r"cap of 0\.05 USD is reached with \d+ of 320"):
            judge(run)
        asked = requests_of(service)
        cost = sum(row["cost"] for row in attempt_rows(run))
        assert 0 < len(judgment_rows(run)) == asked < 320
        assert cap * 0.8 < cost <= cap
        with pytest.raises(JudgeStopped, match="cap"):
            judge(run)
        assert sum(row["cost"] for row in attempt_rows(run)) <= cap, "what was spent before counts"


def test_what_was_in_flight_when_a_run_was_killed_counts_as_spent(study: Study) -> None:
    with served(study, profile={"price": "gpt-4.1"}) as service:
        run = make_run(study, cap=0.02, workers=1)
        calls = run.read_input("calls")
        append_line(run.out("attempts"), sent_row(calls[0]["key"], 1, 0.0199))
        with pytest.raises(JudgeStopped, match="cap"):
            judge(run)
        assert requests_of(service) == 0


def test_a_reply_that_was_written_down_is_not_paid_for_again(study: Study) -> None:
    with served(study) as service:
        run = make_run(study)
        judge(run)
        before = judgment_rows(run)
        run.out("judgments").unlink()
        judge(run)
        assert requests_of(service) == 4
    after = judgment_rows(run)
    by_key = {row["key"]: row for row in before}
    assert len(after) == 4
    assert all(by_key[row["key"]] == row for row in after)


def test_a_prompt_that_does_not_fit_is_an_api_error_at_once(study: Study) -> None:
    class Short(OpenAIService):
        def answer(self, request: Request) -> Reply:
            if b"<|" in request.raw:
                told = "This model's maximum context length is 800."
                return api_error(400, told, code="context_length_exceeded")
            return super().answer(request)

    with Short() as service:
        save_profile(study, demo_profile(service.url), "ada")
        run = make_run(study)
        judge(run)
        assert requests_of(service) == 4
    reasons = [row["reason"] for row in judgment_rows(run)]
    assert sorted(reasons, key=str) == [None, None, "api_error", "api_error"], "turn 2 is longer"
    told = next(row for row in judgment_rows(run) if row["reason"])
    assert "maximum context length" in told["judgment"]
