from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.assets import resources
from mtbx_gui.judging.profiles import JudgeProfile, demo_profile, save_profile
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """The demo study's benchmark: 16 questions in five languages, two assistants' answers."""
    study = Study.create(tmp_path / "study", "Study", ("en", "de", "fr", "it", "es"))
    import_path(study, resources() / "demo" / "data")
    yield study
    study.close()


@pytest.fixture
def demo(study: Study) -> JudgeProfile:
    """The demo judge as a profile of the study, at an address where nobody listens."""
    profile = demo_profile("http://127.0.0.1:9/v1")
    save_profile(study, profile, "ada")
    return profile
