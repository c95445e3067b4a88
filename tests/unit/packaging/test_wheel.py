"""The wheel carries everything the program needs, and works from where it was installed."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mtbx_gui import __version__

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network by the build backend itself."""
    script = (
        "import sys; from hatchling.builders.wheel import WheelBuilder;"
        "print(*WheelBuilder(sys.argv[1]).build(directory=sys.argv[2], versions=['standard']))"
    )
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.split()[-1])


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found if not path.name.startswith(".")}


def test_it_holds_the_program_its_migrations_and_all_resources(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {f"mtbx_gui/{name}" for name in files(ROOT / "mtbx_gui")} <= inside
    assert {f"mtbx_gui/_resources/{name}" for name in files(ROOT / "resources")} <= inside
    assert any(name.endswith("migrations/0001_texts.sql") for name in inside)
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert {name.split("/")[0] for name in inside} == {"mtbx_gui", f"mtbx_gui-{__version__}.dist-info"}


def test_the_demo_study_is_made_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    script = "import mtbx_gui, mtbx_gui.cli as cli; print(mtbx_gui.__file__); cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "demo", str(tmp_path / "demo"), "--json"],
        cwd=tmp_path,
        env=dict(os.environ) | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, _, told = done.stdout.partition("\n")
    assert where.startswith(str(tmp_path / "installed"))
    assert {row["items"] for row in json.loads(told)["totals"]["languages"]} == {16, 0}
