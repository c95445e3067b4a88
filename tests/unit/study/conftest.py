"""A fresh study, and the real data where it lies beside the project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.study.study import Study

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study.create(tmp_path / "study", "Pilot", ("en", "de"))
    yield made
    made.close()


@pytest.fixture
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"the public data is not at {DATA}")
    return DATA
