#!/bin/sh
# The whole suite offscreen, then the window's tests once more on a real X display. usage: test.sh BIN [pytest arguments]
set -u
bin=$1
shift
export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1
status=0
if command -v xvfb-run >/dev/null 2>&1; then
    echo "== on an X display (Xvfb)"
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1600x1200x24" "$bin/python" -m pytest -q -m x11 "$@" || status=$?
    # 5: none of the tests that were asked for needs a display.
    [ "$status" = 5 ] && [ $# -gt 0 ] && status=0
else
    echo "xvfb-run is missing; the tests on an X display are left out (apt-get install xvfb xauth)."
    status=1
fi
echo "== offscreen"
QT_QPA_PLATFORM=offscreen "$bin/python" -m pytest -q -m "not x11" "$@" || status=$?
exit $status
