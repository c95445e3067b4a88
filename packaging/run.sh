#!/bin/sh
# Opens the window on the demo study; without a display, the tour. usage: run.sh BIN STUDY
set -eu
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "${QT_QPA_PLATFORM:-}" != offscreen ]; then
    [ -f "$2/study.db" ] || "$1/mtbx" demo "$2"
    exec "$1/mtbx-gui" "$2"
fi
echo "No display: the tour of the demo study instead, into $2/"
exec "$1/mtbx" demo "$2" --tour
