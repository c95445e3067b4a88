"""The demo judge answers the real openai client and fails in every way a judge's server is known to fail."""

import asyncio
import json
from collections.abc import Callable, Iterator

import openai
import pytest

from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.openai_service import DEMO_JUDGE, DEMO_OPENAI_KEY, FINGERPRINT, OpenAIService
from mtbx_gui.demo.rate_limit import RateLimiter, RateLimits, duration

SYSTEM = "You are a helpful assistant."
USER = (
    "[Instruction]\nPlease rate the answer of the assistant to the question, for example: "
    '"Rating: [[5]]".\n\n[Question]\nWhy is the sky blue?\n\n'
    "[The Start of Assistant's Answer]\nBecause the air scatters blue light more than red light.\n"
    "[The End of Assistant's Answer]"
)
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
Start = Callable[..., tuple[OpenAIService, openai.OpenAI]]


@pytest.fixture
def start() -> Iterator[Start]:
    open_things: list[tuple[OpenAIService, openai.OpenAI]] = []

    def start_one(
        key: str = DEMO_OPENAI_KEY, timeout: float = 30.0, **options: object
    ) -> tuple[OpenAIService, openai.OpenAI]:
        service = OpenAIService(**options).start()  # type: ignore[arg-type]
        client = openai.OpenAI(api_key=key, base_url=service.url, max_retries=0, timeout=timeout)
        open_things.append((service, client))
        return service, client

    yield start_one
    for service, client in open_things:
        client.close()
        service.stop()


def ask(client: openai.OpenAI, **options: object) -> openai.types.chat.ChatCompletion:
    return client.chat.completions.create(**{"model": DEMO_JUDGE, "messages": MESSAGES, **options})  # type: ignore[call-overload, no-any-return]


def test_a_judge_prompt_gets_an_explanation_and_a_score(start: Start) -> None:
    service, client = start()
    reply = ask(client, temperature=0, seed=1, max_completion_tokens=2048)
    choice = reply.choices[0]
    assert choice.finish_reason == "stop"
    assert choice.message.content is not None
    assert choice.message.content.startswith("This is the demo judge")
    assert choice.message.content.split("\n")[-1].startswith("Rating: [[")
    assert choice.message.refusal is None
    assert (reply.model, reply.system_fingerprint) == (DEMO_JUDGE, FINGERPRINT)
    assert reply.usage is not None
    assert reply.usage.prompt_tokens > len(USER) // 5
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    body = service.requests[-1].body
    assert (body["temperature"], body["seed"], body["max_completion_tokens"]) == (0, 1, 2048)


def test_every_reply_tells_limits_and_a_request_id_of_its_own(start: Start) -> None:
    _, client = start(limits=RateLimits(requests_per_minute=600, tokens_per_minute=60_000))
    replies = [
        client.chat.completions.with_raw_response.create(model=DEMO_JUDGE, messages=MESSAGES)
        for _ in range(2)
    ]
    for name in ("requests", "tokens"):
        limits = [int(each.headers[f"x-ratelimit-limit-{name}"]) for each in replies]
        assert limits == [600 if name == "requests" else 60_000] * 2
        assert 0 < int(replies[0].headers[f"x-ratelimit-remaining-{name}"]) < limits[0]
        assert replies[0].headers[f"x-ratelimit-reset-{name}"].endswith("s")
    assert len({each.headers["x-request-id"] for each in replies}) == 2


def test_a_local_server_without_rate_headers_can_be_imitated(start: Start) -> None:
    _, client = start(rate_headers=False)
    reply = client.chat.completions.with_raw_response.create(model=DEMO_JUDGE, messages=MESSAGES)
    assert not [name for name in reply.headers if name.startswith("x-ratelimit")]


def test_models_are_listed_with_their_shutdown_date(start: Start) -> None:
    _, client = start(models={DEMO_JUDGE: None, "demo-judge-old": "2020-01-31"})
    assert {each.id: each.shutdown_date for each in client.models.list()} == {
        DEMO_JUDGE: None,
        "demo-judge-old": "2020-01-31",
    }
    assert client.models.retrieve("demo-judge-old").owned_by == "mtbx-gui-demo"


@pytest.mark.parametrize("model", ["gpt-4", "demo-judge-old"])
def test_an_unknown_model_and_one_that_is_shut_down_are_not_found(start: Start, model: str) -> None:
    _, client = start(models={DEMO_JUDGE: None, "demo-judge-old": "2020-01-31"})
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client, model=model)
    assert caught.value.code == "model_not_found"


def test_a_wrong_key_is_refused(start: Start) -> None:
    _, client = start("somebody-elses-key")
    with pytest.raises(openai.AuthenticationError) as caught:
        client.models.list()
    assert caught.value.code == "invalid_api_key"
    assert caught.value.request_id


@pytest.mark.parametrize(
    ("refused", "options", "param", "code"),
    [
        (["temperature"], {"temperature": 0}, "temperature", "unsupported_value"),
        (["max_tokens"], {"max_tokens": 9}, "max_tokens", "unsupported_parameter"),
        (
            ["max_completion_tokens"],
            {"max_completion_tokens": 9},
            "max_completion_tokens",
            "unsupported_parameter",
        ),
        ([], {"temperature": 3}, "temperature", None),
        ([], {"max_tokens": 0}, "max_tokens", None),
        ([], {"messages": []}, "messages", None),
        ([], {"n": 2}, "n", "unsupported_value"),
        ([], {"stream": True}, "stream", "unsupported_value"),
    ],
)
def test_parameters_a_model_cannot_take_are_named(
    start: Start, refused: list[str], options: dict[str, object], param: str, code: str | None
) -> None:
    _, client = start(refused_parameters=refused)
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, **options)
    assert (caught.value.param, caught.value.code) == (param, code)


def test_a_small_output_limit_cuts_the_judgment(start: Start) -> None:
    _, client = start()
    reply = ask(client, max_tokens=5)
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 5
    assert "[[" not in (reply.choices[0].message.content or "")


def test_greedy_judging_repeats_itself_and_a_temperature_lets_the_seed_matter(start: Start) -> None:
    _, client = start()
    greedy = {ask(client, temperature=0, seed=seed).choices[0].message.content for seed in range(8)}
    warm = {ask(client, temperature=1, seed=seed).choices[0].message.content for seed in range(8)}
    again = {ask(client, temperature=1, seed=seed).choices[0].message.content for seed in range(8)}
    assert len(greedy) == 1
    assert len(warm) > 1
    assert warm == again


def test_a_message_that_is_no_judge_prompt_gets_no_verdict(start: Start) -> None:
    _, client = start()
    content = ask(client, messages=[{"role": "user", "content": "ping"}]).choices[0].message.content
    assert content is not None
    assert "demo judge" in content
    assert "[[" not in content


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("400", openai.BadRequestError, None),
        ("401", openai.AuthenticationError, "invalid_api_key"),
        ("403", openai.PermissionDeniedError, "unsupported_region"),
        ("404", openai.NotFoundError, "model_not_found"),
        ("429", openai.RateLimitError, "rate_limit_exceeded"),
        ("insufficient_quota", openai.RateLimitError, "insufficient_quota"),
        ("500", openai.InternalServerError, None),
        ("503", openai.InternalServerError, None),
        ("timeout", openai.APITimeoutError, None),
        ("drop", openai.APIConnectionError, None),
        ("broken_json", json.JSONDecodeError, None),
    ],
)
def test_each_scripted_error_reaches_the_client_once(
    start: Start, kind: str, error: type[Exception], code: str | None
) -> None:
    service, client = start(faults=["ok", kind], timeout=0.5 if kind == "timeout" else 30.0)
    assert ask(client).choices[0].message.content
    with pytest.raises(error) as caught:
        ask(client)
    if isinstance(caught.value, openai.APIStatusError):
        assert caught.value.code == code
    assert ask(client).choices[0].message.content
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("null_content", None, "stop"),
        ("empty_content", "", "stop"),
        ("content_filter", "", "content_filter"),
        ("refusal", None, "stop"),
    ],
)
def test_replies_without_content_say_so_in_their_own_way(
    start: Start, kind: str, content: str | None, reason: str
) -> None:
    _, client = start(faults=[kind])
    choice = ask(client).choices[0]
    assert (choice.message.content, choice.finish_reason) == (content, reason)
    assert bool(choice.message.refusal) is (kind == "refusal")


@pytest.mark.parametrize(("kind", "reason"), [("length", "length"), ("no_verdict", "stop")])
def test_replies_can_lack_their_verdict(start: Start, kind: str, reason: str) -> None:
    _, client = start(faults=[kind])
    choice = ask(client).choices[0]
    assert choice.message.content
    assert "[[" not in choice.message.content
    assert choice.finish_reason == reason


def test_html_and_an_error_body_come_with_status_200(start: Start) -> None:
    _, client = start(faults=["html", "error_body"])
    html: object = ask(client)
    assert isinstance(html, str)
    assert "Bad gateway" in html
    assert ask(client).choices is None


def test_a_fault_tells_when_to_come_again(start: Start) -> None:
    _, client = start(faults=[Fault("429", retry_after_s=2.5)])
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client)
    headers = caught.value.response.headers
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("3", "2500")


def test_enforced_limits_refuse_what_is_too_much(start: Start) -> None:
    limits = RateLimits(requests_per_minute=2, tokens_per_minute=100_000, enforced=True)
    service, client = start(limits=limits, faults=["ok", "ok", "500"])
    ask(client)
    ask(client)
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client)
    assert caught.value.code == "rate_limit_exceeded"
    assert 0 < int(caught.value.response.headers["retry-after"]) <= 30
    assert caught.value.response.headers["x-ratelimit-remaining-requests"] == "0"
    assert service.faults.left == 1


def test_the_buckets_fill_with_time() -> None:
    now = [0.0]
    limiter = RateLimiter(RateLimits(60, 6000, enforced=True, burst=1 / 60), clock=lambda: now[0])
    assert limiter.admit(50).allowed
    refused = limiter.admit(10)
    assert not refused.allowed
    assert refused.retry_after_s == pytest.approx(1.0)
    now[0] = 1.0
    assert limiter.admit(50).allowed
    now[0] = 2.0
    too_many_tokens = limiter.admit(80)
    assert too_many_tokens.allowed
    assert too_many_tokens.headers["x-ratelimit-remaining-tokens"] == "20"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0ms"), (0.12, "120ms"), (7.66, "7.66s"), (30, "30s"), (360, "6m0s")]
)
def test_waiting_times_are_written_as_in_the_headers(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_many_calls_at_once_all_get_their_own_reply(start: Start) -> None:
    service, _ = start()

    async def ask_all() -> list[str]:
        async with openai.AsyncOpenAI(api_key=DEMO_OPENAI_KEY, base_url=service.url, max_retries=0) as client:
            replies = await asyncio.gather(
                *(
                    client.chat.completions.create(
                        model=DEMO_JUDGE,
                        messages=[{"role": "user", "content": USER.replace("blue?", f"blue {number}?")}],
                    )
                    for number in range(40)
                )
            )
            return [each.id for each in replies]

    assert len(set(asyncio.run(ask_all()))) == 40
    assert len(service.requests) == 40
