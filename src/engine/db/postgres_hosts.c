/* postgres_hosts.c: which of several servers is the primary.
 *
 * The URL may name several hosts (postgresql://a,b/name); libpq tries them in turn and takes the first that takes writes. That is not
 * enough after a promotion: a primary that was dead and comes back, with nobody to stop it, takes writes too, and what it is told would
 * be lost. But every promotion begins a new timeline. So the highest one that this process has seen counts: a server with a lower one is
 * never used again, and a process that starts looks at all of the hosts first. */
#include "engine/db/postgres.h"

#include <stdlib.h>

#include "engine/base/log.h"

enum { HOSTS = 16, NAME = 256 };

bool postgres_timeline(PGconn *conn, int64_t *ret_timeline)
{
    static const char sql[] =
        "SELECT CASE WHEN pg_is_in_recovery() THEN '0' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END";
    PGresult *res = PQexec(conn, sql);
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

    if (ok)
        *ret_timeline = (int64_t)strtoll(PQgetvalue(res, 0, 0), NULL, 16);
    PQclear(res);
    return ok; /* not: a relative of PostgreSQL that knows no timelines */
}

/* Is it at least as new as all that were seen? Remembers it. */
static bool newest(struct database *d, PGconn *conn)
{
    _Atomic int64_t *known = &postgres_shared_of(d)->timeline;
    int64_t timeline, had = atomic_load(known);

    if (!postgres_timeline(conn, &timeline))
        return true;
    while (timeline > had)
        if (atomic_compare_exchange_weak(known, &had, timeline)) {
            if (had)
                log_warn("db.promoted", LOG_CSTR("host", PQhost(conn)), LOG_INT("timeline", timeline));
            return true;
        }
    if (timeline == had)
        return true;
    log_warn("db.old_primary", LOG_CSTR("host", PQhost(conn)), LOG_INT("timeline", timeline), LOG_INT("known", had));
    return false;
}

/* ---- the hosts of the URL */

struct hosts {
    char host[HOSTS][NAME], port[HOSTS][NAME];
    size_t n;
};

static size_t split(const char *list, char to[HOSTS][NAME])
{
    struct str rest = str_from_cstr(list ? list : ""), item;
    size_t n = 0;

    while (n < HOSTS && str_cut(&rest, ',', &item)) {
        size_t len = item.len < NAME - 1 ? item.len : NAME - 1;
        memcpy(to[n], item.ptr, len);
        to[n++][len] = '\0';
    }
    return n;
}

static void hosts_of(const char *url, struct hosts *ret)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool addresses = false;
    size_t ports = 0;

    *ret = (struct hosts){.n = 0};
    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (strcmp(o->keyword, "host") == 0)
            ret->n = split(o->val, ret->host);
        else if (strcmp(o->keyword, "port") == 0)
            ports = split(o->val, ret->port);
        else if (strcmp(o->keyword, "hostaddr") == 0 && o->val && *o->val)
            addresses = true;
    }
    PQconninfoFree(options);
    if (addresses)
        ret->n = 0; /* each goes with a host: left to libpq */
    for (size_t i = ports; ports == 1 && i < ret->n; i++)
        memcpy(ret->port[i], ret->port[0], NAME);
}

static bool good(PGconn *conn)
{
    return conn && PQstatus(conn) == CONNECTION_OK;
}

static PGconn *connect_one(const char *url, const struct hosts *h, size_t i)
{
    return postgres_connect(url, h->host[i], h->port[i][0] ? h->port[i] : NULL, true);
}

PGconn *postgres_connect_primary(struct database *d)
{
    PGconn *conn = postgres_connect(d->path, NULL, NULL, true);
    struct hosts h;

    if (!good(conn) || newest(d, conn))
        return conn;
    hosts_of(d->path, &h);
    for (size_t i = 0; i < h.n; i++) {
        PGconn *other = connect_one(d->path, &h, i);

        if (good(other) && newest(d, other)) {
            PQfinish(conn);
            return other;
        }
        PQfinish(other);
    }
    /* Nobody but an old primary: as good as nobody. */
    PQfinish(conn);
    return postgres_connect("host=/nowhere", NULL, NULL, true);
}

void postgres_look_at_hosts(struct database *d)
{
    struct hosts h;

    hosts_of(d->path, &h);
    for (size_t i = 0; h.n > 1 && i < h.n; i++) {
        PGconn *conn = connect_one(d->path, &h, i);

        if (good(conn))
            (void)newest(d, conn);
        PQfinish(conn);
    }
}
