#!/bin/sh
# Runs the tests that have been built; when some fail, says at the very end which ones and why. Several thousand lines of
# progress stand in between, and a log is often cut to its last ones.
#
# Whole runs in virtual time keep every core busy for minutes: they run after the others, of which some wait for sockets and
# servers in real time.
set -eu
log=$(mktemp)
trap 'rm -f "$log" "$log.status"' EXIT
simulations='WholeRunTests\.CampaignTests|WholeRunTests\.FoundTests|CommandsTests\.LiteratureTests|CommandsTests\.CaseStudyTests|CommandsTests\.SimulateTests|CommandsTests\.CompareTests|ReportsTests\.DiffCampaignTests|ReportsTests\.SearchCampaignTests|ReportsTests\.DamageTests'

# Everything goes to the log; the status is that of the tests.
run() {
    { ${SWIFT:-swift} test --skip-build "$@" 2>&1 && echo 0 > "$log.status" || echo $? > "$log.status"; } | tee -a "$log"
    status=$(cat "$log.status")
}

if [ $# -gt 0 ]; then
    run "$@"
else
    run --skip "$simulations"
    first=$status
    run --filter "$simulations"
    [ "$first" = 0 ] || status=$first
fi
[ "$status" = 0 ] && exit 0
echo
echo "What failed:"
grep -A 3 -E 'recorded an issue|[Ff]atal error|error: Exited' "$log" | head -n 100
exit "$status"
