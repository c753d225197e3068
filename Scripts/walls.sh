#!/bin/sh
# The walls of the house that the compiler cannot see: which room may import what. Each line printed is a hole.
set -u
status=0

# wall NAME PATTERN ALLOWED: modules matching PATTERN may be imported below Sources/ only by files matching ALLOWED.
wall() {
    holes=$(grep -rnE "^(@[A-Za-z_]+ )?(package |internal |public |private |fileprivate )?import (struct |class |func )?($2)\b" Sources \
        --include='*.swift' | grep -vE "^Sources/($3)/" || true)
    if [ -n "$holes" ]; then
        echo "$1:"
        echo "$holes"
        status=1
    fi
}

wall "Yams belongs to Plans" 'Yams' 'Plans'
wall "NIO belongs to Lab" 'NIO[A-Za-z0-9]*' 'Lab'
wall "ArgumentParser belongs to Commands" 'ArgumentParser' 'Commands'
wall "libcurl belongs to Transport" 'CCurl' 'Transport'
wall "Importers belongs to Commands" 'Importers' 'Commands'
wall "nobody uses FoundationNetworking" 'FoundationNetworking' '-'
wall "Foundation is JSON only, and FoundationEssentials" 'Foundation' '-'
wall "JSON belongs to Recording, Reports and the lab's counts" 'FoundationEssentials' 'Recording|Reports|Lab'

# The deterministic core reads no clock and draws from no global generator.
holes=$(grep -rnE 'hashValue|Task\.sleep|Date\(\)|ContinuousClock|SuspendingClock|SystemRandomNumberGenerator|clock_gettime|\.random\(in: [^,)]*\)' \
    Sources/Core Sources/Arrivals Sources/Flows Sources/Policies Sources/Model Sources/Simulation Sources/Plans Sources/Importers Sources/Engine Sources/Analysis \
    Sources/Reports --include='*.swift' || true)
if [ -n "$holes" ]; then
    echo "a clock or unseeded randomness in the deterministic core:"
    echo "$holes"
    status=1
fi
[ "$status" = 0 ] && echo "The walls stand."
exit $status
