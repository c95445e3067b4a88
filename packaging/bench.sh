#!/bin/sh
# Every benchmark, each against a reference measured in the same run. usage: bench.sh BIN
set -eu
export QT_QPA_PLATFORM=offscreen HF_HUB_OFFLINE=1
for file in benchmarks/[a-z]*.py; do
    echo "== $file"
    "$1/python" "$file"
done
