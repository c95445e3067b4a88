"""Where resources/ lies, in a checkout and in an installed wheel."""

from pathlib import Path


def resources() -> Path:
    """The folder with rules, prompts, icons, prices and the demo study.

    Raises FileNotFoundError when the installation is incomplete.
    """
    here = Path(__file__).resolve().parent
    for candidate in (here / "_resources", here.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"The resources of mtbx-gui are missing beside {here}. Install the package again from its wheel."
    )
