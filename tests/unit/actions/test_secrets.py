import keyring
import pytest
from keyring.backend import KeyringBackend

from mtbx_gui.actions import secrets
from mtbx_gui.actions.secrets import SecretError


class Drawer(KeyringBackend):
    """A keyring backend of its own, in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("no such password")
        del self.kept[service, username]


class Locked(KeyringBackend):
    """A keyring that refuses everything."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("the collection is locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("the collection is locked")


@pytest.fixture(autouse=True)
def own_keyring():
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)
    secrets._this_start.clear()


def test_key_goes_to_the_keyring_and_comes_back() -> None:
    drawer = Drawer()
    keyring.set_keyring(drawer)
    assert secrets.find(secrets.DEEPL) is None
    secrets.store(secrets.DEEPL, "abc:fx")
    found = secrets.find(secrets.DEEPL)
    assert found is not None and (found.value, found.place) == ("abc:fx", "keyring")
    assert drawer.kept == {("mtbx-gui", "deepl"): "abc:fx"}
    secrets.forget(secrets.DEEPL)
    assert secrets.find(secrets.DEEPL) is None
    secrets.forget(secrets.DEEPL)


def test_environment_stands_in_and_the_keyring_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(Drawer())
    judge = secrets.judge("gpt-6 luna")
    assert judge.variables == ("MTBX_JUDGE_KEY_GPT_6_LUNA", "OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "general")
    assert secrets.find(judge).place == "OPENAI_API_KEY"
    monkeypatch.setenv("MTBX_JUDGE_KEY_GPT_6_LUNA", "own")
    assert secrets.find(judge).value == "own"
    secrets.store(judge, "kept")
    assert secrets.find(judge).value == "kept"


def test_failing_keyring_is_a_sentence_and_the_key_serves_for_this_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(SecretError) as caught:
        secrets.store(secrets.DEEPL, "abc")
    said = str(caught.value)
    assert "the collection is locked" in said and "DEEPL_API_KEY" in said
    assert "abc" not in said
    assert secrets.find(secrets.DEEPL).place == "this start"
    monkeypatch.setenv("OPENAI_API_KEY", "general")
    assert secrets.find(secrets.judge("x")).value == "general"


def test_missing_keyring_is_a_sentence() -> None:
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    with pytest.raises(SecretError, match="environment variable"):
        secrets.store(secrets.DEEPL, "abc")


def test_a_key_is_never_printed() -> None:
    keyring.set_keyring(Drawer())
    secrets.store(secrets.DEEPL, "very secret")
    assert "very secret" not in repr(secrets.find(secrets.DEEPL))
