#!/bin/sh
# Runs the tests that have been built; when some fail, says at the very end which ones and why. Several thousand lines of
# progress stand in between, and a log is often cut to its last ones.
set -eu
log=$(mktemp)
trap 'rm -f "$log" "$log.status"' EXIT
{ ${SWIFT:-swift} test --skip-build "$@" 2>&1 && echo 0 > "$log.status" || echo $? > "$log.status"; } | tee "$log"
status=$(cat "$log.status")
[ "$status" = 0 ] && exit 0
echo
echo "What failed:"
grep -A 3 -E 'recorded an issue|[Ff]atal error|error: Exited' "$log" | head -n 100
exit "$status"
