#!/bin/sh
# The virtual environment with the locked versions. usage: venv.sh PYTHON VENV EXTRAS
set -eu
[ -n "$1" ] || {
    echo "Python 3.11, 3.12 or 3.13 is needed and none was found (on Debian 12: apt-get install python3-venv)."
    exit 1
}
[ -x "$2/bin/python" ] || "$1" -m venv "$2"
echo "Installing into $2 (about 2 GB with training; a few minutes the first time)"
# torch first and alone: its pinned version must not be replaced by a newer build while others are resolved.
"$2/bin/python" -m pip install --quiet --disable-pip-version-check "$(grep '^torch==' constraints.txt)" -c constraints.txt
"$2/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$3]"
# Byte code beforehand: every start is a quarter faster, also where Python may not write it later.
"$2/bin/python" -m compileall -q mtbx_gui
