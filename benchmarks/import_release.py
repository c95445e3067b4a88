"""Import of MT-Bench-X (aim: at most 2 s), against only parsing the same files."""

import json
import sys
import tempfile
import time
from pathlib import Path

from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "mt-bench-x"


def main() -> int:
    if not DATA.is_dir():
        print(f"skipped: the release is not at {DATA}")
        return 0
    imports, parses = [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            study = Study.create(Path(folder) / "study")
            start = time.perf_counter()
            summary = import_path(study, DATA)
            imports.append(time.perf_counter() - start)
            study.close()
        start = time.perf_counter()
        for path in DATA.rglob("*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith("{"):
                    json.loads(line)
        parses.append(time.perf_counter() - start)
    best, parse = min(imports), min(parses)
    result = {
        "import_s": best,
        "parse_s": parse,
        "ratio": best / parse,
        "records": summary.records,
        "aim_s": 2.0,
    }
    print(f"import {best:.3f} s, parsing alone {parse:.3f} s: {best / parse:.1f} times")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
