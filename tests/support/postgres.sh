#!/bin/sh
# postgres.sh start: a PostgreSQL cluster that goes away, on a socket in a folder of its own; prints what to `eval`.
# postgres.sh stop: stops the one of LILONG_TEST_POSTGRES_DIR and removes it.
#
#   eval "$(tests/support/postgres.sh start)" && LILONG_TEST_ENGINE=postgres meson test -C build; tests/support/postgres.sh stop
#
# LILONG_TEST_POSTGRES_DURABLE=1: with fsync, for measurements. PostgreSQL refuses to run as root: then it runs as its own user.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v postgres)")

as_postgres() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case ${1:-} in
start)
    dir=$(mktemp -d "${TMPDIR:-/tmp}/lilong-postgres-XXXXXX")
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
    cd "$dir"
    as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 ||
        { cat "$dir/initdb.log" >&2; exit 1; }
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$dir'"
        echo "max_connections = 200"
        echo "log_min_messages = warning"
        [ -n "${LILONG_TEST_POSTGRES_DURABLE:-}" ] || printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n'
    } >>"$dir/data/postgresql.conf"
    as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start >"$dir/start.log" 2>&1 </dev/null ||
        { cat "$dir/start.log" "$dir/log" >&2; exit 1; }
    echo "export LILONG_TEST_POSTGRES_DIR='$dir'"
    echo "export LILONG_TEST_POSTGRES_URL='postgresql:///postgres?host=$dir&user=postgres'"
    ;;
stop)
    dir=${LILONG_TEST_POSTGRES_DIR:?is not set}
    cd /
    as_postgres "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
    ;;
*)
    echo "usage: postgres.sh start|stop" >&2
    exit 2
    ;;
esac
