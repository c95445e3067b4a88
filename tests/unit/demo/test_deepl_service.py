"""The demo translator answers the real deepl client, keeps structure and tags, and fails as DeepL fails."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import deepl
import pytest
from deepl import http_client

from mtbx_gui.demo.deepl_service import DEMO_DEEPL_KEY, DeeplService
from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.glossary import LANGUAGES, load_glossary
from mtbx_gui.demo.loopback import DemoServiceError
from mtbx_gui.demo.texts import translation_table
from mtbx_gui.demo.translator import DemoTranslator

SOURCE = "Write a short letter.\n\nUse {name} in it & keep <b>.\n\nThank you."
TARGET = "Schreiben Sie einen kurzen Brief.\n\nBenutzen Sie darin {name} & behalten Sie <b>.\n\nDanke."
TABLE = {("de", SOURCE): TARGET}
Start = Callable[..., tuple[DeeplService, deepl.DeepLClient]]


@pytest.fixture(autouse=True)
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "max_network_retries", 0)
    monkeypatch.setattr(http_client, "min_connection_timeout", 0.3)


@pytest.fixture
def start() -> Iterator[Start]:
    open_things: list[tuple[DeeplService, deepl.DeepLClient]] = []

    def start_one(key: str = DEMO_DEEPL_KEY, **options: object) -> tuple[DeeplService, deepl.DeepLClient]:
        service = DeeplService(DemoTranslator(TABLE), **options).start()  # type: ignore[arg-type]
        client = deepl.DeepLClient(key, server_url=service.url)
        open_things.append((service, client))
        return service, client

    yield start_one
    for service, client in open_things:
        client.close()
        service.stop()


def translate(
    client: deepl.DeepLClient, text: str, target: str = "DE", **options: object
) -> deepl.TextResult:
    result = client.translate_text(
        text, source_lang="EN", target_lang=target, tag_handling="xml", tag_handling_version="v2", **options
    )
    assert isinstance(result, deepl.TextResult)
    return result


def test_a_text_of_the_table_comes_back_as_the_table_has_it(start: Start) -> None:
    _, client = start()
    result = client.translate_text(SOURCE, target_lang="DE")
    assert result.text == TARGET
    assert result.model_type_used == "demo translator"
    assert result.billed_characters == len(SOURCE)
    assert result.detected_source_lang == "EN"


def test_texts_of_a_list_are_translated_one_by_one_and_in_order(start: Start) -> None:
    service, client = start()
    results = client.translate_text(
        ["Thank you.", SOURCE, "Write a short letter."],
        target_lang="DE",
        source_lang="EN",
        context="a letter",
        formality="prefer_more",
        split_sentences="nonewlines",
        preserve_formatting=True,
        custom_instructions=["Address one person"],
    )
    assert [each.text for each in results] == ["Danke.", TARGET, "Schreiben Sie einen kurzen Brief."]
    body = service.requests[-1].body
    assert (body["context"], body["formality"]) == ("a letter", "prefer_more")


def test_tags_that_stand_for_protected_text_find_their_place_in_the_table(start: Start) -> None:
    _, client = start()
    sent = 'Use <x id="1"/> in it &amp; keep &lt;b&gt;.\n\n<x id="2"/>\n\nThank you.'
    result = translate(client, sent)
    assert result.text == (
        'Benutzen Sie darin <x id="1"/> &amp; behalten Sie &lt;b&gt;.\n\n<x id="2"/>\n\nDanke.'
    )
    assert result.billed_characters == len("Use  in it & keep <b>.\n\n\n\nThank you.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_text_is_glossed_marked_and_keeps_its_structure(start: Start, language: str) -> None:
    _, client = start()
    source = '1. Please explain the story of Zorbax.\n\n- <x id="1"/> and the house\n- 42 &lt; 43\n'
    text = translate(client, source, language.upper()).text
    glossary = load_glossary(language)
    assert text != source
    assert text.count(glossary.mark) == 1
    assert [len(line) > 0 for line in text.split("\n")] == [len(line) > 0 for line in source.split("\n")]
    assert text.split("\n")[0].startswith("1. ")
    assert text.split("\n")[2].startswith('- <x id="1"/> ')
    assert text.split("\n")[3] == "- 42 &lt; 43"
    assert "Zorbax" in text
    assert glossary.words["story"] in text


def test_a_glossed_text_is_the_same_every_time_and_never_the_source(start: Start) -> None:
    _, client = start()
    first, second = (translate(client, "Qwrtz xkcd.").text for _ in range(2))
    assert first == second != "Qwrtz xkcd."


def test_entities_stay_what_they_stand_for(start: Start) -> None:
    _, client = start()
    text = translate(client, "The &quot;house&quot; &#38; the &#x3c;garden&#62;").text
    assert text.endswith('Die "Haus" &amp; die &lt;Garten&gt;')


def test_a_text_without_letters_comes_back_as_it_is(start: Start) -> None:
    _, client = start()
    assert translate(client, '<x id="1"/>\n\n12 + 30').text == '<x id="1"/>\n\n12 + 30'


def test_the_demo_study_is_translated_by_its_own_tables(start: Start) -> None:
    translator = DemoTranslator.of_the_demo()
    table = translation_table()
    assert len(table) > 100
    for (language, english), raw in table.items():
        assert translator.translate(english, language) == raw


def test_markup_that_is_not_well_formed_is_refused(start: Start) -> None:
    _, client = start()
    with pytest.raises(deepl.DeepLException, match="Tag handling parsing failed"):
        translate(client, "1 < 2 & <x>")


def test_a_wrong_key_is_refused(start: Start) -> None:
    service, client = start("somebody-elses-key")
    with pytest.raises(deepl.AuthorizationException):
        client.get_usage()
    assert len(service.requests) == 1


def test_usage_counts_and_the_quota_ends(start: Start) -> None:
    _, client = start(character_limit=20)
    client.translate_text("Thank you.", target_lang="DE")
    usage = client.get_usage()
    assert (usage.character.count, usage.character.limit) == (10, 20)
    with pytest.raises(deepl.QuotaExceededException):
        client.translate_text("Write a short letter.", target_lang="DE")
    assert client.get_usage().character.count == 10


def test_languages_are_those_of_the_demo(start: Start) -> None:
    _, client = start()
    assert [each.code for each in client.get_source_languages()] == ["EN"]
    targets = client.get_target_languages()
    assert [each.code for each in targets] == ["DE", "FR", "IT", "ES"]
    assert all(each.supports_formality for each in targets)


@pytest.mark.parametrize(
    ("texts", "options", "reason"),
    [
        (["a word"] * 51, {}, "413"),
        (["w" * 140_000], {}, "413"),
        (["a word"], {"target_lang": "NL"}, "target_lang"),
        (["a word"], {"source_lang": "PL"}, "source_lang"),
        (["a word"], {"formality": "rude"}, "formality"),
        (["a word"], {"tag_handling": "html"}, "tag_handling"),
        (["a word"], {"custom_instructions": ["x" * 301]}, "custom_instructions"),
        ([], {}, "text"),
    ],
)
def test_what_deepl_refuses_is_refused(
    start: Start, texts: list[str], options: dict[str, object], reason: str
) -> None:
    service, client = start()
    with pytest.raises(deepl.DeepLException, match=reason):
        client.translate_text(texts, **{"target_lang": "DE", **options})
    assert service.characters == 0


@pytest.mark.parametrize(
    ("kind", "error", "retry"),
    [
        ("400", deepl.DeepLException, False),
        ("403", deepl.AuthorizationException, False),
        ("413", deepl.DeepLException, False),
        ("429", deepl.TooManyRequestsException, True),
        ("456", deepl.QuotaExceededException, False),
        ("500", deepl.DeepLException, False),
        ("503", deepl.DeepLException, True),
        ("529", deepl.DeepLException, False),
        ("timeout", deepl.ConnectionException, True),
        ("drop", deepl.ConnectionException, True),
    ],
)
def test_each_scripted_fault_reaches_the_client_once(
    start: Start, kind: str, error: type[Exception], retry: bool
) -> None:
    service, client = start(faults=["ok", kind])
    assert translate(client, "Thank you.").text == "Danke."
    with pytest.raises(error) as caught:
        translate(client, "Thank you.")
    assert caught.value.should_retry is retry  # type: ignore[attr-defined]
    assert translate(client, "Thank you.").text == "Danke."
    assert service.faults.left == 0


@pytest.mark.parametrize(
    ("kind", "ids"),
    [("drop_tags", []), ("move_tags", ["1", "2"]), ("double_tags", ["1", "1", "2", "2"])],
)
def test_tags_can_be_dropped_moved_and_doubled(start: Start, kind: str, ids: list[str]) -> None:
    _, client = start(faults=[kind])
    sent = 'The house <x id="1"/> and the garden <x id="2"/>.'
    text = translate(client, sent).text
    assert re.findall(r'<x id="(\d)"/>', text) == ids
    assert text.startswith('<x id="1"/><x id="2"/>') is (kind == "move_tags")
    assert re.findall(r'<x id="(\d)"/>', translate(client, sent).text) == ["1", "2"]


def test_a_fault_can_wait_for_a_certain_text(start: Start) -> None:
    _, client = start(faults=[Fault("503", times=2, containing="Straße")])
    assert translate(client, "Thank you.").text == "Danke."
    for _ in range(2):
        with pytest.raises(deepl.DeepLException):
            translate(client, "Where is the Straße?")
    assert translate(client, "Where is the Straße?").text


def test_html_instead_of_json_is_no_translation(start: Start) -> None:
    _, client = start(faults=["html"])
    with pytest.raises(IndexError):
        translate(client, "Thank you.")


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(DemoServiceError, match="sunspots"):
        DeeplService(DemoTranslator(TABLE), faults=["sunspots"])


def test_a_taken_port_is_told_in_a_sentence(start: Start) -> None:
    service, _ = start()
    port = int(service.url.rpartition(":")[2])
    with pytest.raises(DemoServiceError, match=f"{port}.*Choose another port"):
        DeeplService(DemoTranslator(TABLE), port=port).start()


def test_the_control_endpoint_plans_faults_and_shows_requests(start: Start) -> None:
    service, client = start()
    assert _control(service, "POST", "faults", {"faults": ["429", {"kind": "503", "times": 2}]}) == {
        "left": 3
    }
    with pytest.raises(deepl.TooManyRequestsException):
        translate(client, "Thank you.")
    assert _control(service, "DELETE", "faults") == {"left": 0}
    assert translate(client, "Thank you.").text == "Danke."
    seen = _control(service, "GET", "requests")["requests"]
    assert [each["body"]["text"] for each in seen] == [["Thank you."], ["Thank you."]]


def test_the_control_endpoint_tells_what_it_cannot_read(start: Start) -> None:
    service, _ = start()
    with pytest.raises(urllib.error.HTTPError) as caught:
        _control(service, "POST", "faults", {"faults": [{"colour": "red"}]})
    with caught.value as refused:
        assert refused.code == 400
        assert "position 0" in json.load(refused)["message"]


def test_stopping_frees_a_client_that_hangs(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "min_connection_timeout", 60.0)
    service, client = start(faults=["timeout"])
    failures: list[Exception] = []

    def ask() -> None:
        try:
            translate(client, "Thank you.")
        except deepl.ConnectionException as error:
            failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not service.requests and asking.is_alive():
        asking.join(0.01)
    service.stop()
    asking.join(20)
    assert not asking.is_alive()
    assert len(failures) == 1


def _control(service: DeeplService, method: str, what: str, body: object = None) -> dict[str, object]:
    request = urllib.request.Request(
        f"{service.url}/demo/{what}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"DeepL-Auth-Key {service.key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)
