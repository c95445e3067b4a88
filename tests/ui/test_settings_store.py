import json
from pathlib import Path

import pytest

from mtbx_gui.ui.settings_store import Host, Settings, SettingsError


def test_settings_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    settings = Settings.load(path)
    assert settings.problem is None
    settings.data.scheme = "dark"
    settings.data.author = "ann-ö"
    settings.data.hosts = [Host("cluster", "me@cluster", "/work")]
    settings.save()
    again = Settings.load(path)
    assert again.data == settings.data
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_default_place_is_in_the_persons_home(isolated_home: Path) -> None:
    assert Settings.load().path == isolated_home / "mtbx" / "config" / "settings.json"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{ not json", "line 1"),
        ("[]", "object"),
        ('{"scheme": "pink"}', "scheme"),
        ('{"scheme": 3}', "scheme"),
        ('{"recent": "x"}', "recent"),
        ('{"recent": [3]}', "recent"),
        ('{"text_percent": true}', "text_percent"),
        ('{"hosts": [{"name": "a", "colour": "b"}]}', "entry 1"),
        ('{"hosts": [7]}', "entry 1"),
        ('{"hosts": {}}', "hosts"),
    ],
)
def test_file_that_cannot_be_read_is_named_and_kept(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    settings = Settings.load(path)
    assert settings.problem is not None
    assert str(path) in str(settings.problem) and word in str(settings.problem)
    settings.data.author = "new"
    with pytest.raises(SettingsError):
        settings.save()
    assert path.read_text() == text


def test_starting_afresh_sets_the_broken_file_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("broken")
    settings = Settings.load(path)
    kept = settings.start_afresh()
    assert kept.read_text() == "broken"
    assert json.loads(path.read_text())["scheme"] == "system"


def test_write_that_fails_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings.load(path)
    settings.save()
    before = path.read_text()
    blocked = Settings(tmp_path / "settings.json" / "below", settings.data)
    with pytest.raises(SettingsError, match="can't be written"):
        blocked.save()
    assert path.read_text() == before


def test_unknown_keys_of_a_newer_version_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"scheme": "light", "colour_of_the_moon": 3}')
    assert Settings.load(path).data.scheme == "light"


def test_recent_studies_newest_first_without_doubles(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    for name in ("a", "b", "a"):
        settings.remember_study(tmp_path / name)
    assert settings.data.recent == [str(tmp_path / "a"), str(tmp_path / "b")]
    settings.forget_study(str(tmp_path / "a"))
    assert settings.data.recent == [str(tmp_path / "b")]


def test_watchers_hear_of_every_save(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    heard: list[str] = []

    def watcher() -> None:
        heard.append(settings.data.scheme)

    settings.watch(watcher)
    settings.save()
    settings.unwatch(watcher)
    settings.save()
    assert heard == ["system"]
