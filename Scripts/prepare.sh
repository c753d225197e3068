#!/bin/sh
# Installs what Gale needs and this machine lacks, where apt-get can do it; otherwise prints the exact command and stops.
# `prepare.sh tests` adds what the integration tests use, `prepare.sh bench` the tools that the benchmark compares with.
set -eu

case "${1:-}" in
    "") packages="libcurl4-openssl-dev zlib1g-dev" ;;
    tests) packages="libcurl4-openssl-dev zlib1g-dev nginx-light openssl strace libxml2-utils" ;;
    bench) packages="libcurl4-openssl-dev zlib1g-dev gcc nginx-light wrk apache2-utils nghttp2-client hey strace python3" ;;
    *) echo "usage: prepare.sh [tests|bench]" >&2; exit 64 ;;
esac

if ! command -v swift >/dev/null 2>&1; then
    echo "Gale needs Swift 6.2 or newer: https://www.swift.org/install/linux/" >&2
    exit 1
fi

has() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

if ! command -v dpkg-query >/dev/null 2>&1; then
    # Not a Debian: the headers are all that can be looked for.
    if printf '#include <curl/curl.h>\n#include <zlib.h>\n' | cc -E - >/dev/null 2>&1; then exit 0; fi
    echo "Gale needs the headers of libcurl and zlib; on Debian or Ubuntu: apt-get install $packages" >&2
    exit 1
fi

missing=""
for package in $packages; do
    has "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    :
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    command="sudo $command"
else
    echo "Missing:$missing. Install them with" >&2
    echo "    sudo apt-get update && sudo $command" >&2
    exit 1
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# nginx would start a server of its own, which nobody asked for.
policy=/usr/sbin/policy-rc.d
if [ "$(id -u)" = 0 ] && [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
$command >/tmp/gale-apt.log 2>&1 || {
    ${command%% install*} update >>/tmp/gale-apt.log 2>&1 && $command >>/tmp/gale-apt.log 2>&1
} || { tail -5 /tmp/gale-apt.log >&2; echo "Could not run: $command" >&2; exit 1; }
