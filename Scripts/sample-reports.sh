#!/bin/sh
# Runs the sample plans again and replaces the sample bundles in Reports/. usage: sample-reports.sh GALE
set -u
gale=$1
for plan in quickstart ramp faults closed-users journey policies/breaker policies/least-connections; do
    "$gale" run "Plans/$plan.yaml" --seed 1 --quiet --out "Reports/${plan##*/}/sample"
    echo "Reports/${plan##*/}/sample: exit status $?"
done
