#!/bin/sh
# The virtual environment with the locked versions. usage: venv.sh PYTHON VENV EXTRAS (PYTHON may be empty)
set -eu
# Without pip it is the remains of an attempt on a system that lacked python3-venv.
if ! "$2/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(sh packaging/python.sh "$1") || {
        echo "Python 3.11, 3.12 or 3.13 is needed and not found${1:+ at $1}. Install one, then run make again."
        exit 1
    }
    "$python" -m venv --clear "$2"
fi
echo "Installing into $2 (about 2 GB with training; a few minutes the first time)"
# torch first and alone: its pinned version must not be replaced by a newer build while others are resolved.
"$2/bin/python" -m pip install --quiet --disable-pip-version-check "$(grep '^torch==' constraints.txt)" -c constraints.txt
"$2/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$3]"
# Byte code beforehand: every start is a quarter faster, also where Python may not write it later.
"$2/bin/python" -m compileall -q mtbx_gui
