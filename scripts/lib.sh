# Sourced by the scripts beside it: a private copy of the PostgreSQL installation with the extension in it, and throw-away
# servers that run as an unprivileged user from folders of their own. Nothing here touches the installed PostgreSQL, an
# existing cluster, or a TCP port but for those of hosts that it makes itself.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

pg_config_path() {
    local found=${PG_CONFIG:-}
    [ -n "$found" ] || found=$(ls -d /usr/lib/postgresql/15/bin/pg_config 2>/dev/null || true)
    [ -n "$found" ] || found=$(command -v pg_config || true)
    [ -n "$found" ] && [ -e "$("$found" --pgxs)" ] || die "no PostgreSQL with its server headers: run 'make deps'"
    printf '%s\n' "$found"
}

# The server refuses to run as root.
server_user() {
    if [ "$(id -u)" != 0 ]; then id -un
    elif id postgres >/dev/null 2>&1; then echo postgres
    else echo nobody
    fi
}

# as_server COMMAND ARG...: in the work folder, as the server's user, with the private installation's programs first;
# on the second host where at_host says so.
at_host=()
as_server() {
    local environment=(env -i "HOME=$work" "PATH=$bin:/usr/local/bin:/usr/bin:/bin" "LANG=C.UTF-8" "LC_ALL=C.UTF-8" "TZ=UTC"
        "PGHOST=$work" "PGUSER=postgres" "PGDATABASE=postgres" "PGOPTIONS=${PGOPTIONS:-}" "TMPDIR=$work")
    if [ "$(id -u)" = 0 ]; then
        (cd "$work" && ${at_host[@]+"${at_host[@]}"} runuser -u "$(server_user)" -- "${environment[@]}" "$@")
    else
        (cd "$work" && "${environment[@]}" "$@")
    fi
}

# A folder of its own under the system's temporary one, gone at the end with every server in it.
make_work_folder() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/turnstone.XXXXXX")
    chmod 755 "$work"
    [ "$(id -u)" != 0 ] || chown "$(server_user)" "$work"
    trap remove_work_folder EXIT
    trap 'exit 130' INT TERM
}

remove_work_folder() {
    local data disk
    for data in "$work"/*/postmaster.pid; do
        [ -e "$data" ] || continue
        as_server pg_ctl -D "$(dirname "$data")" -m immediate stop >/dev/null 2>&1 || true
    done
    [ -z "${second_host:-}" ] || ip netns delete "$second_host" || true # and the link with it
    for disk in "$work"/small-disk/*; do
        ! mountpoint -q "$disk" || umount "$disk" || umount --lazy "$disk"
    done
    rm -rf "$work"
}

# small_disks NAME=SIZE...: file systems of their own for tests that fill them, in $work/small-disk. Only root may mount;
# otherwise, or where mounting is not permitted, there are none, and the tests say so.
small_disks() {
    local wanted disk
    [ "$(id -u)" = 0 ] || return 0
    for wanted in "$@"; do
        disk=$work/small-disk/${wanted%%=*}
        mkdir -p "$disk"
        mount -t tmpfs -o "size=${wanted#*=},mode=700,uid=$(id -u "$(server_user)")" turnstone "$disk" 2>/dev/null || return 0
    done
    small_disk=$work/small-disk
}

# A server on a host of its own: a network namespace that one private link leads to. It listens at the link's far end and
# nowhere else, and wants the password that is the host's name. Sets second_host and second_host_address; only root may
# make such a host, and where it is not permitted there is none, and the test says so.
second_host() {
    local name=turnstone-$$ net=10.$((200 + $$ % 50)).$(($$ / 50 % 250)) near=tst$$n far=tst$$f
    [ "$(id -u)" = 0 ] && command -v ip >/dev/null || return 0
    [ -z "$(ip -o -4 route show to match "$net.1" | grep -v '^default')" ] || return 0 # the addresses are taken
    ip netns add "$name" 2>/dev/null || return 0
    second_host=$name
    { ip link add "$near" type veth peer name "$far" netns "$name" &&
        ip address add "$net.1/30" dev "$near" && ip link set "$near" up &&
        ip -n "$name" address add "$net.2/30" dev "$far" && ip -n "$name" link set "$far" up; } 2>/dev/null || return 0
    echo "$name" >"$work/second_host.password"
    echo "host all all $net.1/32 scram-sha-256" >"$work/second_host.hba"
    chmod 644 "$work/second_host.password" "$work/second_host.hba"
    at_host=(ip netns exec "$name")
    initdb_options=(-A scram-sha-256 "--pwfile=$work/second_host.password")
    start_server second_host "listen_addresses = '$net.2'" "unix_socket_directories = ''" "hba_file = '$work/second_host.hba'"
    at_host=()
    initdb_options=()
    second_host_address=$net.2
}

# Builds the extension; objects of another PostgreSQL are thrown away first.
build_extension() {
    local config built_for=
    config=$(pg_config_path)
    [ ! -e "$root/build/built-for" ] || built_for=$(cat "$root/build/built-for")
    if [ -n "$built_for" ] && [ "$built_for" != "$("$config" --version) $config" ]; then
        make -s -C "$root" PG_CONFIG="$config" clean >/dev/null
    fi
    mkdir -p "$root/build/logs"
    make -s -C "$root" -j"$(nproc)" PG_CONFIG="$config" all probe >"$root/build/make.log" 2>&1 ||
        { cat "$root/build/make.log" >&2; die "the build failed"; }
    printf '%s\n' "$("$config" --version) $config" >"$root/build/built-for"
}

# Copies PostgreSQL's programs, libraries and shared files below the work folder, where they find each other by their
# relative places, and installs the extension there. Sets bin.
private_installation() {
    local config part
    config=$(pg_config_path)
    for part in --bindir --pkglibdir --sharedir; do
        part=$("$config" $part)
        mkdir -p "$work/pg$part"
        cp -a "$part/." "$work/pg$part/"
    done
    make -s -C "$root" PG_CONFIG="$config" DESTDIR="$work/pg" install >"$root/build/install.log" 2>&1 ||
        { cat "$root/build/install.log" >&2; die "the installation failed"; }
    chmod -R a+rX "$work/pg"
    bin=$work/pg$("$config" --bindir)
}

# start_server NAME [SETTING...]: a new cluster in the work folder, reached by its unix socket there only.
initdb_options=()
start_server() {
    local data=$work/$1 setting
    shift
    as_server initdb -D "$data" -U postgres -A trust --locale=C.UTF-8 --encoding=UTF8 -N \
        ${initdb_options[@]+"${initdb_options[@]}"} >/dev/null
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$work'"
        echo "fsync = off"
        for setting in "$@"; do echo "$setting"; done
    } | as_server tee -a "$data/postgresql.conf" >/dev/null
    as_server pg_ctl -D "$data" -l "$data.log" -w start >/dev/null || { cat "$data.log" >&2; die "the server did not start"; }
}

stop_server() { as_server pg_ctl -D "$work/$1" -m fast -w stop >/dev/null; }
