#!/bin/sh
# Campaigns over the statistics: how often is a verdict wrong when the truth is known? The tests run a small share of each; here they
# run whole. Each prints what it counted, and fails when that is over its bound.
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

# Shows what a campaign printed, and how its tests ended.
run() {
    ${SWIFT:-swift} test --skip-build --filter "$1" > "$log" 2>&1 || failed=1
    grep -vE '^(Building|\[|Build complete|◇|Test Suite|Test Case|	 Executed)' "$log" || true
}

echo "Diffs, 2,000 of each kind: the same twice, and 5 % slower"
GALE_COMPARISONS=2000 run DiffCampaignTests
echo "Searches, 100 of each target whose capacity is known"
GALE_SEARCHES=100 run SearchCampaignTests
echo "Comparisons, 200 of a plan with itself"
GALE_COMPARISONS=200 run CommandsTests.CompareTests/falseAlarms
exit $failed
