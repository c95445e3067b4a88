"""Renders the README's pictures from a demo study that was carried out: pictures.py OUT."""

import shutil
import sys
import tempfile
from pathlib import Path

from mtbx_gui.cli import main


def make(out: Path) -> int:
    """Walk the tour in a scratch folder and keep the light and dark pictures of the tabs."""
    with tempfile.TemporaryDirectory() as scratch:
        study = Path(scratch) / "demo-study"
        code = main(["demo", str(study), "--tour"])
        if code:
            return code
        out.mkdir(parents=True, exist_ok=True)
        for picture in sorted((study / "pictures").glob("*.png")):
            shutil.copy(picture, out / picture.name)
    return 0


if __name__ == "__main__":
    sys.exit(make(Path(sys.argv[1])))
