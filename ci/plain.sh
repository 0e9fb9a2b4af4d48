#!/usr/bin/env bash
# For any CI: compare two runs, leave report.html, report.json and report.md, and exit with
# 0 fine, 1 bad input, 2 a gate missed.
#
#   ci/plain.sh BEFORE AFTER ['GATE' ...]
#
# BEFORE may be empty: then STORE gives it, a folder that the run is kept in afterwards.
# PYTHON names the Python that fictures-reports is installed in, OUTPUT the folder to write to.
set -euo pipefail

if [ "$#" -lt 2 ]; then
  echo "usage: $0 BEFORE AFTER ['GATE' ...]" >&2
  exit 1
fi
export FICTURES_BEFORE=$1 FICTURES_AFTER=$2
shift 2
FICTURES_GATES=$(printf '%s\n' "$@")
export FICTURES_GATES FICTURES_OUTPUT="${OUTPUT:-fictures-report}" FICTURES_STORE="${STORE:-}"

# -P: no module in the current folder is run.
exec "${PYTHON:-python3}" -P -m fictures_reports ci
