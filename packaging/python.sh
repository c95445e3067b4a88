#!/bin/sh
# Prints the Python to use: 3.11, 3.12 or 3.13; fails where there is none. usage: python.sh [PYTHON]
set -eu
for python in ${1:-python3.13 python3.12 python3.11 python3}; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null || continue
    command -v "$python"
    exit 0
done
exit 1
