"""The set-up scripts on other systems than this one, played by small programs put before the real ones."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
REAL = ("sh", "grep", "cat", "rm", "mkdir", "chmod")


class Machine:
    """A machine of which only what the test puts there exists."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.log = folder / "log"
        self.log.touch()
        for name in REAL:
            (self.bin / name).symlink_to(str(shutil.which(name)))
        self.program("dpkg-query", "echo 'install ok installed'")
        self.program("apt-get", f'echo "apt-get $*" >>{self.log}')
        self.user(1000)

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        self.program("id", f"echo {number}")

    def python(self, name: str, *, right: bool, venv: bool = True) -> None:
        """A Python that knows its version, and whether it has venv and pip."""
        script = f"""case "$2" in
*ensurepip*) exit {0 if venv else 1} ;;
*print*) echo {name}-venv ;;
*) exit {0 if right else 1} ;;
esac"""
        self.program(name, script)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", *arguments],
            cwd=ROOT,
            env={"PATH": str(self.bin), "LANG": os.environ.get("LANG", "C")},
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> str:
        return self.log.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "packaging").glob("*.sh")))
def test_every_script_is_one_for_a_plain_shell(script: str) -> None:
    done = subprocess.run(["sh", "-n", str(ROOT / "packaging" / script)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_where_nothing_is_missing_nothing_is_said_or_done(machine: Machine) -> None:
    machine.python("python3.11", right=True)
    done = machine.run("packaging/system.sh", "run", "")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.installed() == ""


def test_a_person_is_told_the_exact_command_and_it_stops(machine: Machine) -> None:
    machine.python("python3", right=True, venv=False)
    machine.program("dpkg-query", 'case "$*" in *libegl1*) exit 1 ;; *) echo install ok installed ;; esac')
    done = machine.run("packaging/system.sh", "run", "")
    assert done.returncode == 1
    assert "    sudo apt-get update && sudo apt-get install -y libegl1 python3-venv\n" in done.stdout
    assert machine.installed() == ""


def test_root_gets_it_installed(machine: Machine) -> None:
    machine.user(0)
    machine.python("python3", right=False)
    machine.python("python3.11", right=True, venv=False)
    machine.program("dpkg-query", "exit 1")
    done = machine.run("packaging/system.sh", "test", "")
    assert (done.returncode, done.stderr) == (0, "")
    update, install = machine.installed().splitlines()
    assert update.startswith("apt-get update")
    assert install.endswith(" xvfb xauth python3.11-venv")


def test_an_old_python_is_not_enough(machine: Machine) -> None:
    machine.python("python3", right=False)
    done = machine.run("packaging/system.sh", "run", "")
    assert done.returncode == 1
    assert "sudo apt-get install -y python3" in done.stdout
    named = machine.run("packaging/system.sh", "run", "python3")
    assert named.returncode == 1
    assert "python3 is not Python 3.11, 3.12 or 3.13" in named.stdout
    assert machine.run("packaging/python.sh").returncode == 1


def test_the_newest_python_that_fits_is_taken(machine: Machine) -> None:
    for name, right in (("python3.13", False), ("python3.12", True), ("python3.11", True)):
        machine.python(name, right=right)
    assert machine.run("packaging/python.sh").stdout == f"{machine.bin}/python3.12\n"
    assert machine.run("packaging/python.sh", "python3.11").stdout == f"{machine.bin}/python3.11\n"


def test_a_half_made_environment_is_made_again_and_a_whole_one_is_kept(
    machine: Machine, tmp_path: Path
) -> None:
    pip = 'case "$*" in *"pip --version"*) exit {code} ;; *) echo "venv-python $*" >>{log} ;; esac'
    half, whole = tmp_path / "half", tmp_path / "whole"
    for folder in (half, whole):
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").write_text(
            "#!/bin/sh\n" + pip.format(code=int(folder == half), log=machine.log)
        )
        (folder / "bin" / "python").chmod(0o755)
    machine.program("python3.11", f'case "$*" in *venv*) echo "made $*" >>{machine.log} ;; esac')
    assert machine.run("packaging/venv.sh", "", str(half), "train").returncode == 0
    assert f"made -m venv --clear {half}" in machine.installed()
    machine.log.write_text("")
    assert machine.run("packaging/venv.sh", "", str(whole), "train").returncode == 0
    assert "made" not in machine.installed()
    assert "-e .[train]" in machine.installed()


def test_a_second_make_installs_nothing(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not here")
    for name in ("pyproject.toml", "constraints.txt", "Makefile"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    (tmp_path / ".venv").mkdir()

    def planned() -> str:
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        done = subprocess.run(
            ["make", "-n", "run"], cwd=tmp_path, capture_output=True, text=True, check=True, env=bare
        )
        return done.stdout

    assert "venv.sh" in planned()
    (tmp_path / ".venv" / ".setup-run").touch()
    assert planned().strip() == 'sh packaging/run.sh ".venv/bin" "demo-study"'
    shutil.rmtree(tmp_path / ".venv")
    assert "venv.sh" in planned()
