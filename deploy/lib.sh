# shellcheck shell=bash
# What the scripts of this directory share. Sourced, never run.

# The checkout that the scripts belong to.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$@"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# usage_error MESSAGE: the caller's mistake, as opposed to a failure.
usage_error() {
    printf '%s: %s (see --help)\n' "${0##*/}" "$*" >&2
    exit 64
}

# require_port FLAG VALUE: fails unless VALUE is a TCP port.
require_port() {
    if ! [[ $2 =~ ^[0-9]{1,5}$ ]] || ((10#$2 < 1 || 10#$2 > 65535)); then
        usage_error "$1: '$2' is no port"
    fi
}

# port_is_taken PORT: whether somebody listens on PORT on this machine.
port_is_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_ports COUNT: prints the first of COUNT neighbouring ports that nobody listens on, below those that the kernel
# gives to outgoing connections.
free_ports() {
    local port offset taken=yes
    while [[ -n $taken ]]; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000)) taken=''
        for ((offset = 0; offset < $1; offset++)); do
            ! port_is_taken $((port + offset)) || taken=yes
        done
    done
    printf '%s\n' "$port"
}

# wait_until SECONDS COMMAND…: polls COMMAND until it succeeds; fails when SECONDS have gone by.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# last_lines FILE: the end of a log, indented, for an error message.
last_lines() {
    if [[ -s $1 ]]; then
        tail -n "${2:-20}" "$1" | sed 's/^/    /' >&2
    else
        printf '    (%s is empty)\n' "$1" >&2
    fi
}

# rabbitmq_home: prints the directory of the newest installed RabbitMQ, e.g. …/rabbitmq_server-3.10.8. Its own sbin/ is
# used rather than /usr/sbin, whose wrappers insist on the user `rabbitmq` and on the system's directories.
rabbitmq_home() {
    local found=${RABBITMQ_HOME:-}
    [[ -n $found ]] || found=$(
        shopt -s nullglob
        printf '%s\n' {/usr,/usr/local,/opt}/lib/rabbitmq/lib/rabbitmq_server-* /opt/rabbitmq{,_server-*} |
            sort -V | tail -n 1
    )
    [[ -n $found && -x $found/sbin/rabbitmq-server ]] || return 1
    printf '%s\n' "$found"
}

# postgres_programs: prints the directory of the newest installed PostgreSQL's server programs.
postgres_programs() {
    local found
    found=$(
        shopt -s nullglob
        printf '%s\n' /usr/lib/postgresql/*/bin/postgres /usr/local/pgsql*/bin/postgres | sort -V | tail -n 1
    )
    [[ -x $found ]] || return 1
    printf '%s\n' "${found%/*}"
}

# install_missing PACKAGE…: installs by apt what is not there yet, without starting or enabling any system service.
install_missing() {
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || fail "these packages are missing and there is no apt: ${missing[*]}"
    say "Installing ${missing[*]}"
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "installing ${missing[*]} needs root, and there is no sudo"
        as_root=(sudo)
    fi
    "${as_root[@]}" "$repository/deploy/lib/install-packages" "${missing[@]}"
}

# What the services are built with and run on.
install_prerequisites() {
    command -v swift >/dev/null || fail "Swift is not installed; see https://www.swift.org/install"
    install_missing rabbitmq-server librabbitmq-dev libpq-dev libre2-dev libsqlite3-dev libjemalloc-dev pkg-config \
        curl openssl
}
