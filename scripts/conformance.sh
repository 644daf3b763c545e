#!/usr/bin/env bash
# Checks docs/conformance.md against what the other stages said: every test that its tables name ran just now and passed.
#
#   scripts/conformance.sh LOGS       LOGS: the folder with a log for each stage
set -euo pipefail

logs=$1
table=$(dirname "$0")/../docs/conformance.md

# Every name between backticks in the last column of a row: `| § | requirement | `test` `test` |`.
named() {
    grep -E '^\|' "$table" | grep -vE '^\| *(-|§)' | sed -E 's/.*\|([^|]*)\| *$/\1/' | grep -oE '`[^`]+`' | tr -d '`' | sort -u
}

# What each runner prints of a test that passed: cargo, node, Playwright, pytest.
passed() {
    sed 's/\x1b\[[0-9;]*m//g' "$logs"/*.log | sed -nE \
        -e 's/^test (.*::)?([A-Za-z0-9_]+) \.\.\. ok$/\2/p' \
        -e 's/^ *(✔|✓) +(.*) \([0-9.]+m?s\)$/\2/p' \
        -e 's/^ *ok [0-9]+ - (.*)$/\1/p' \
        -e 's/^PASSED .*::([A-Za-z0-9_]+).*$/\1/p' |
        sed -E 's/^[0-9]+ .* › //' | sort -u
}

count=$(named | wc -l)
[ "$count" -gt 0 ] || { echo "docs/conformance.md names no test" >&2 && exit 1; }
missing=$(comm -23 <(named) <(passed))
if [ -n "$missing" ]; then
    printf 'docs/conformance.md names tests that did not run or did not pass:\n%s\n' "$missing" >&2
    exit 1
fi
echo "docs/conformance.md: all $count tests that it names ran and passed"
