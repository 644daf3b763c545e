# The stages of ./test: each gets what it needs, runs, and leaves its time and its counts. Sourced by ./test.

needs_format() { need_rust; }
needs_lint() { need_rust; }
needs_licences() { need_rust && need_deny; }
needs_rust() { need_rust && need_servers; }
needs_browser() { need_rust && need_node && need_browser; }
needs_parties() { need_rust && need_node && need_python && need_apache && need_nginx && need_oauth2_proxy; }
needs_conformance() { :; }

stage_format() {
    cargo fmt --check
}

stage_lint() {
    cargo clippy --locked --all-targets -- --deny warnings
}

stage_licences() {
    # The packages of every platform are looked at: fetched here, so that the check itself needs no network.
    cargo fetch --locked
    cargo deny --offline check bans licenses sources
}

stage_rust() {
    # A snapshot that differs fails; nothing is written beside it.
    INSTA_UPDATE=no cargo test --locked --no-fail-fast
}

stage_browser() {
    built_binary
    cd tests/browser
    npm ci --silent
    timeout 900 npm test
}

stage_parties() {
    built_binary
    local venv=$root/target/parties-venv
    cd tests/parties
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement requirements.txt
    npm ci --silent
    export KHUE_TEST_PYTHON=$venv/bin/python
    # Both languages are heard, even when the first has something to say.
    local result=0
    timeout 600 npm test || result=$?
    timeout 600 "$venv/bin/python" -m pytest -p no:cacheprovider --quiet -rA || result=$?
    return "$result"
}

# What the tests of the stages before it mean for whoever reads the standards.
stage_conformance() {
    "$root/scripts/conformance.sh" "$logs"
}

# The binary that browsers and client libraries are pointed at.
built_binary() {
    cargo build --locked
    export KHUE_TEST_BINARY=${CARGO_TARGET_DIR:-$root/target}/debug/khue
    export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
}

run_stages() {
    local stage log result started passed_all=0 failed_all=0 summary=()
    logs=$root/target/test-logs
    mkdir -p "$logs"
    for stage in "$@"; do
        say "$stage: what it needs"
        "needs_$stage"
        [ "$stage" != rust ] || [ -n "$parts" ] || start_parts
        say "$stage"
        log=$logs/$stage.log
        started=$SECONDS
        # Not in a condition: there, the shell would go on after a failing command.
        set +e
        (set -e && trap - EXIT && "stage_$stage") 2>&1 | tee "$log"
        result=${PIPESTATUS[0]}
        set -e
        count "$stage" "$log" "$result"
        passed_all=$((passed_all + passed)) failed_all=$((failed_all + failed))
        summary+=("$(printf '%-10s %5d s %6d passed %4d failed %4d skipped' \
            "$stage" $((SECONDS - started)) "$passed" "$failed" "$skipped")")
    done
    say "summary"
    printf '%s\n' "${summary[@]}"
    printf '\n%d passed, %d failed\n' "$passed_all" "$failed_all"
    [ "$failed_all" = 0 ]
}

# Adds up what the runners said: cargo ("3 passed; 0 failed"), node ("# pass 3"), Playwright and pytest ("3 passed").
count() {
    local stage=$1 log=$2 result=$3 plain
    plain=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^test result:|^(#|ℹ) (pass|fail|skipped) [0-9]+$|^ *=*.*\b[0-9]+ (passed|failed|skipped)( \(|,| in |$)' || true)
    passed=$(sum '([0-9]+) passed' '(#|ℹ) pass ([0-9]+)')
    failed=$(sum '([0-9]+) failed' '(#|ℹ) fail ([0-9]+)')
    skipped=$(sum '([0-9]+) (skipped|ignored)' '(#|ℹ) skipped ([0-9]+)')
    case $stage in
        # A check is one test. A runner that ran nothing has not passed.
        format | lint | licences | conformance) [ "$result" != 0 ] || passed=1 ;;
        *) [ "$result" != 0 ] || [ "$passed" -gt 0 ] || result=1 ;;
    esac
    [ "$result" = 0 ] || [ "$failed" -gt 0 ] || failed=1
}

# The sum of all numbers in $plain that stand where a pattern says.
sum() {
    local pattern total=0 number
    for pattern in "$@"; do
        while read -r number; do
            total=$((total + number))
        done < <(printf '%s\n' "$plain" | grep -oE "$pattern" | grep -oE '[0-9]+')
    done
    echo "$total"
}
