# Private PostgreSQL and Redis on free loopback ports, in a temporary folder. Sourced by ./test.

parts=

start_parts() {
    parts=$(mktemp -d "${TMPDIR:-/tmp}/khue-test.XXXXXX")
    chmod 711 "$parts"
    password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
    start_postgres
    start_redis
}

# Ends what was started, by process id, and removes its folder.
stop_parts() {
    [ -n "$parts" ] || return 0
    local pid
    for pid in "${redis_pid:-}" "$(head -n 1 "$parts/postgres/postmaster.pid" 2>/dev/null)"; do
        [ -z "$pid" ] || kill -INT "$pid" 2>/dev/null || continue
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    done
    rm -rf "$parts"
    parts=
}

start_postgres() {
    local folder port attempt
    folder=$(postgres_folder) || die "PostgreSQL 15 or later is missing"
    # PostgreSQL does not run as root: there, the unprivileged user of its package takes over.
    as_postgres=()
    [ "$(id -u)" != 0 ] || as_postgres=(runuser -u postgres --)
    mkdir "$parts/postgres"
    printf '%s\n' "$password" >"$parts/password"
    [ "$(id -u)" != 0 ] || chown postgres "$parts/postgres" "$parts/password"
    (cd / && "${as_postgres[@]}" "$folder/initdb" --pgdata="$parts/postgres" --username=khue --encoding=UTF8 --locale=C \
        --auth=scram-sha-256 --pwfile="$parts/password" --no-sync) >"$parts/initdb.log" 2>&1 || die "initdb failed:
$(cat "$parts/initdb.log")"
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        # The data dies with the run: durability is tested where it is ours to give, on SQLite.
        if (cd / && "${as_postgres[@]}" "$folder/pg_ctl" start --wait --silent --pgdata="$parts/postgres" \
            --log="$parts/postgres/log" --options="-h 127.0.0.1 -p $port -k '' -c fsync=off -c max_connections=300"); then
            export KHUE_TEST_POSTGRES_URL="postgres://khue:$password@127.0.0.1:$port/postgres"
            return
        fi
    done
    die "PostgreSQL did not start:
$(cat "$parts/postgres/log")"
}

start_redis() {
    local port attempt
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        printf '%s\n' "bind 127.0.0.1" "port $port" "requirepass $password" 'save ""' "dir $parts" >"$parts/redis.conf"
        : >"$parts/redis.log"
        redis-server "$parts/redis.conf" >>"$parts/redis.log" 2>&1 &
        redis_pid=$!
        # It logs this line once it listens; where the port was taken it ends instead.
        while kill -0 "$redis_pid" 2>/dev/null; do
            if grep -q 'Ready to accept connections' "$parts/redis.log"; then
                export KHUE_TEST_REDIS_URL="redis://default:$password@127.0.0.1:$port"
                return
            fi
            sleep 0.05
        done
    done
    die "Redis did not start:
$(cat "$parts/redis.log")"
}

# A port that nobody listens on, below the range from which the system hands out its own.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
