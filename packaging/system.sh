#!/bin/sh
# System libraries of Qt, and Python's venv: installed when root, otherwise the exact command is printed.
# usage: system.sh run|test [PYTHON]
set -eu
packages="libglib2.0-0 libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 fonts-dejavu-core fonts-noto-color-emoji"
[ "$1" = test ] && packages="$packages xvfb xauth"
command -v dpkg-query >/dev/null 2>&1 || {
    echo "This is no Debian or Ubuntu; make sure that Qt's libraries are there (names on Debian: $packages)."
    exit 0
}
missing=
for package in $packages; do
    # Newer releases add t64 to some names (libglib2.0-0t64).
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        dpkg-query -W -f '${Status}' "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
# Debian 12 has Python 3.11 as python3; Ubuntu 22.04 has it as python3.11 beside its own 3.10.
if python=$(sh packaging/python.sh "${2:-}"); then
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        missing="$missing $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
elif [ -n "${2:-}" ]; then
    echo "$2 is not Python 3.11, 3.12 or 3.13. Name another: make PYTHON=/path/to/python3.11 $1"
    exit 1
elif grep -q '^VERSION_ID="22.04"' /etc/os-release 2>/dev/null; then
    missing="$missing python3.11 python3.11-venv"
else
    missing="$missing python3 python3-venv"
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
    echo "Installing system libraries:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Some system libraries are missing. Please run this, then the same make command again:"
    echo
    echo "    sudo apt-get update && sudo apt-get install -y$missing"
    echo
    exit 1
fi
