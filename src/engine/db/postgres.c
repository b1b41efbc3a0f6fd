/* postgres.c: connections and statements on PostgreSQL.
 *
 * A connection stays in pipeline mode, so that what belongs together is one round trip: BEGIN and PREPARE travel with the statement
 * that needs them, and the COMMIT of a read is sent without waiting for its answer. Numbers and bytes travel in binary. */
#include "engine/db/postgres.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "engine/base/log.h"

static struct postgres_link *link_of(const struct db *db)
{
    return db->link;
}

unsigned postgres_oid(char type)
{
    switch (type) {
    case 'i': return OID_INT8;
    case 'b': return OID_INT2;
    case 'r': return OID_FLOAT8;
    case 't': return OID_TEXT;
    default: return OID_BYTEA;
    }
}

/* ---- errors */

static const struct {
    const char *state; /* a beginning of an SQLSTATE */
    enum result result;
    bool again, lost;
} states[] = {
    {"23505", E_CONFLICT, false, false},                                      /* unique */
    {"23P01", E_CONFLICT, false, false}, {"23503", E_CONFLICT, false, false}, /* foreign key */
    {"23", E_INVALID, false, false},     {"22021", E_INVALID, false, false},  /* not UTF-8 */
    {"22P05", E_INVALID, false, false},  {"40001", E_BUSY, true, false},      /* serialization, deadlock */
    {"40P01", E_BUSY, true, false},      {"40", E_BUSY, false, false},
    {"53", E_BUSY, false, false}, /* disk full, memory out, too many connections */
    {"54", E_TOO_LARGE, false, false},   {"55P03", E_BUSY, false, false}, /* lock timeout */
    {"57014", E_BUSY, false, false},                                      /* statement timeout */
    {"57P", E_BUSY, false, true},                                         /* the server goes down */
    {"25006", E_BUSY, false, true},                                       /* it has become a replica */
    {"25P03", E_BUSY, false, true},                                       /* idle in transaction for too long */
    {"08", E_BUSY, false, true},
};

static enum result postgres_result(struct db *db, const PGresult *res, const struct db_statement *s)
{
    struct postgres_link *link = link_of(db);
    ExecStatusType status = res ? PQresultStatus(res) : PGRES_FATAL_ERROR;

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return OK;
    if (PQstatus(link->conn) == CONNECTION_BAD || !res) {
        db->trouble = TROUBLE_LOST;
        return E_BUSY;
    }
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    for (size_t i = 0; state && i < sizeof(states) / sizeof(states[0]); i++) {
        if (strncmp(state, states[i].state, strlen(states[i].state)) != 0)
            continue;
        if (states[i].lost)
            db->trouble = TROUBLE_LOST;
        link->again = link->again || states[i].again;
        if (states[i].result == E_INVALID)
            log_warn("db.constraint", LOG_CSTR("statement", s ? s->name : ""), LOG_CSTR("state", state));
        return states[i].result;
    }
    /* The primary message has names of columns and types in it, never values: those are in the detail. */
    const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    log_error("db.postgres", LOG_CSTR("statement", s ? s->name : ""), LOG_CSTR("state", state ? state : ""),
              LOG_CSTR("text", text ? text : ""));
    return E_IO;
}

/* ---- connections */

PGconn *postgres_connect(const char *url, const char *host, const char *port, bool primary)
{
    /* What stands before dbname the URL may say otherwise; what stands after it holds. */
    const char *keys[] = {"target_session_attrs",
                          "connect_timeout",
                          "keepalives_idle",
                          "keepalives_interval",
                          "keepalives_count",
                          "tcp_user_timeout",
                          "dbname",
                          "client_encoding",
                          "fallback_application_name",
                          host ? "host" : NULL,
                          "port",
                          NULL};
    const char *values[] = {
        primary ? "read-write" : "any", "3", "10", "3", "3", "15000", url, "UTF8", "lilong", host, port, NULL};

    return PQconnectdbParams(keys, values, 1);
}

enum result postgres_open(struct database *d, struct db *db)
{
    struct postgres_link *link = calloc(1, sizeof(*link));

    db->link = link;
    db->trouble = TROUBLE_NONE;
    if (!link || !(link->prepared = calloc(d->catalogue.n_statements + 1, sizeof(bool))) ||
        !(link->conn = db->replica ? postgres_connect(postgres_shared_of(d)->replica, NULL, NULL, false)
                                   : postgres_connect_primary(d))) {
        postgres_close(db);
        return E_BUSY;
    }
    bool good = PQstatus(link->conn) == CONNECTION_OK;
    if (good) {
        /* Each statement is written for an index, so its plan is that of any values: left to itself PostgreSQL goes on planning some of them each time, for longer than they take. */
        PGresult *res = PQexec(link->conn, "SET statement_timeout = '60s'; SET lock_timeout = '10s'; "
                                           "SET idle_in_transaction_session_timeout = '120s'; "
                                           "SET plan_cache_mode = force_generic_plan; SET jit = off");
        good = PQresultStatus(res) == PGRES_COMMAND_OK;
        PQclear(res);
    }
    if (!good || PQenterPipelineMode(link->conn) != 1) {
        if (db->replica)
            atomic_store(&postgres_shared_of(d)->good, false); /* until the watcher finds it well */
        log_error("db.connect", LOG_CSTR("text", "PostgreSQL does not answer"));
        postgres_close(db);
        return E_BUSY;
    }
    return OK;
}

void postgres_close(struct db *db)
{
    struct postgres_link *link = link_of(db);

    if (!link)
        return;
    PQclear(link->result);
    if (link->conn)
        PQfinish(link->conn);
    free(link->prepared);
    free(link);
    db->link = NULL;
}

void postgres_release(struct db *db)
{
    struct postgres_link *link = link_of(db);

    if (!link)
        return;
    PQclear(link->result);
    link->result = NULL;
}

/* ---- the pipeline */

/* Until PQgetResult does not have to wait. */
static bool arrives(PGconn *conn, int ms)
{
    int64_t until = 0;

    while (PQisBusy(conn)) {
        int64_t now = monotonic_us() / 1000;
        until = until ? until : now + ms;
        struct pollfd p = {.fd = PQsocket(conn), .events = POLLIN};
        int n = poll(&p, 1, until > now ? (int)(until - now) : 0);
        if (n == 0 || (n < 0 && errno != EINTR) || (n > 0 && !PQconsumeInput(conn)))
            return false;
    }
    return true;
}

PGresult *postgres_next_within(PGconn *conn, int ms)
{
    if (!arrives(conn, ms))
        return NULL;
    PGresult *res = PQgetResult(conn), *more;

    if (!res || PQresultStatus(res) == PGRES_PIPELINE_SYNC)
        return res;
    while (arrives(conn, ms) && (more = PQgetResult(conn)))
        PQclear(more);
    return res;
}

PGresult *postgres_next(PGconn *conn)
{
    return postgres_next_within(conn, ANSWER_MS);
}

static enum result take(struct db *db, const struct db_statement *s)
{
    PGresult *res = postgres_next(link_of(db)->conn);
    enum result r = postgres_result(db, res, s);

    PQclear(res);
    return r;
}

static void take_sync(struct db *db)
{
    PGresult *res = postgres_next(link_of(db)->conn);

    if (!res || PQresultStatus(res) != PGRES_PIPELINE_SYNC)
        db->trouble = TROUBLE_LOST; /* out of step: this connection is not used again */
    PQclear(res);
}

static bool send_text(PGconn *conn, const char *sql)
{
    return PQsendQueryParams(conn, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

bool postgres_send_prepare(PGconn *conn, const struct db_statement *s)
{
    Oid oids[DB_MAX_PARAMS];

    for (int i = 0; i < s->n_params; i++)
        oids[i] = postgres_oid(s->params[i]);
    return PQsendPrepare(conn, s->name, s->postgres ? s->postgres : s->sqlite, s->n_params, oids) == 1;
}

static bool send_call(PGconn *conn, const struct db_statement *s, const union db_value *values)
{
    const char *ptr[DB_MAX_PARAMS];
    int len[DB_MAX_PARAMS], format[DB_MAX_PARAMS];
    uint64_t big[DB_MAX_PARAMS];

    for (int i = 0; i < s->n_params; i++) {
        ptr[i] = (const char *)&big[i];
        format[i] = 1;
        switch (s->params[i]) {
        case 'i':
            big[i] = htobe64((uint64_t)values[i].i);
            len[i] = 8;
            break;
        case 'b': {
            uint16_t small = htobe16(values[i].i != 0);
            memcpy(&big[i], &small, 2);
            len[i] = 2;
            break;
        }
        case 'r':
            memcpy(&big[i], &values[i].r, 8);
            big[i] = htobe64(big[i]);
            len[i] = 8;
            break;
        default:
            if (values[i].s.len)
                ptr[i] = values[i].s.ptr;
            len[i] = (int)values[i].s.len;
            break;
        }
    }
    return PQsendQueryPrepared(conn, s->name, s->n_params, ptr, len, format, 1) == 1;
}

static void owe(struct postgres_link *link, unsigned statement, bool prepare, struct asked *asked)
{
    link->owed[link->n_owed++] = (struct owed){statement, prepare, asked};
}

/* Reads the answers to what has been sent ahead, whose sync has been sent behind them. The first failure is the result: what follows it the server has not looked at. */
static enum result take_owed(struct db *db)
{
    struct postgres_link *link = link_of(db);
    size_t n = link->n_owed;
    enum result r = OK;

    link->n_owed = 0;
    for (size_t i = 0; i < n && db->trouble != TROUBLE_LOST; i++) {
        const struct owed *o = &link->owed[i];
        PGresult *res = postgres_next(link->conn);
        if (r == OK)
            r = postgres_result(db, res, statement_of(db, o->statement));
        if (o->prepare)
            link->prepared[o->statement] = r == OK;
        if (o->asked && r == OK)
            o->asked->answer = res;
        else
            PQclear(res);
    }
    return r;
}

void postgres_take_ending(struct db *db)
{
    struct postgres_link *link = link_of(db);

    if (!link->ending)
        return;
    link->ending = false;
    (void)!take_owed(db); /* what the read had asked for, and never taken */
    if (db->trouble == TROUBLE_LOST)
        return;
    (void)!take(db, NULL);
    take_sync(db);
}

/* One round trip: the answers of what went before, BEGIN and PREPARE where they are due, the statement. */
static enum result round_trip(struct db *db, unsigned statement, const union db_value *values)
{
    struct postgres_link *link = link_of(db);
    const struct db_statement *s = statement_of(db, statement);
    bool begin = !link->begun, prepare = !link->prepared[statement];
    enum result r;

    if ((begin && !send_text(link->conn, db->write ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                                   : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")) ||
        (prepare && !postgres_send_prepare(link->conn, s)) || !send_call(link->conn, s, values) ||
        PQpipelineSync(link->conn) != 1) {
        db->trouble = TROUBLE_LOST;
        return E_BUSY;
    }
    postgres_take_ending(db);
    r = take_owed(db);
    if (db->trouble == TROUBLE_LOST)
        return r;
    link->begun = true;
    if (begin)
        r = take(db, s);
    if (prepare) {
        PGresult *res = postgres_next(link->conn);
        if (r == OK)
            r = postgres_result(db, res, s);
        PQclear(res);
        link->prepared[statement] = r == OK;
    }
    PQclear(link->result);
    link->result = postgres_next(link->conn);
    if (r == OK)
        r = postgres_result(db, link->result, s);
    take_sync(db);
    return r;
}

/* What the server, or the connection, would not take. */
static enum result may_call(const struct db *db, const struct db_statement *s, const union db_value *values)
{
    for (int i = 0; i < s->n_params; i++) {
        if (s->params[i] != 't' && s->params[i] != 'y')
            continue;
        if (values[i].s.len > INT32_MAX / 4)
            return E_TOO_LARGE;
        if (s->params[i] == 't' && values[i].s.len && memchr(values[i].s.ptr, 0, values[i].s.len))
            return E_INVALID;
    }
    return db->trouble == TROUBLE_NONE ? OK : E_BUSY;
}

/* Runs a statement; its rows are in link->result afterwards. Before anything has happened in the transaction a lost
 * connection is no loss: it is opened again, once. */
static enum result call(struct db *db, unsigned statement, const union db_value *values)
{
    struct postgres_link *link = link_of(db);
    bool fresh = !link->begun;
    enum result r = may_call(db, statement_of(db, statement), values);

    if (r != OK)
        return r;
    r = round_trip(db, statement, values);
    if (db->trouble != TROUBLE_LOST)
        return r;
    if (db->replica) /* the primary answers instead */
        return E_BUSY;
    if (fresh) {
        postgres_close(db);
        r = postgres_open(db->database, db);
        if (r == OK)
            return round_trip(db, statement, values);
        db->trouble = TROUBLE_LOST;
    }
    return r == OK ? E_BUSY : r;
}

/* ---- rows */

static int64_t number_at(const PGresult *res, int row, int column)
{
    const char *p = PQgetvalue(res, row, column);
    uint64_t big;
    uint16_t small;

    switch (PQgetlength(res, row, column)) { /* 0: NULL */
    case 8: memcpy(&big, p, 8); return (int64_t)be64toh(big);
    case 2: memcpy(&small, p, 2); return (int16_t)be16toh(small);
    default: return 0;
    }
}

static void take_row(struct db *db, const PGresult *res, int n, const struct db_statement *s, char *row)
{
    for (int i = 0; i < s->n_columns; i++) {
        void *to = row + s->columns[i].offset;
        int64_t number;

        switch (s->columns[i].type) {
        case 'i': *(int64_t *)to = number_at(res, n, i); break;
        case 'b': *(bool *)to = number_at(res, n, i) != 0; break;
        case 'r':
            number = number_at(res, n, i);
            memcpy(to, &number, sizeof(double));
            break;
        default: {
            int len = PQgetlength(res, n, i);
            *(struct str *)to = len > 0 ? str_dup(db->arena, (struct str){PQgetvalue(res, n, i), (size_t)len})
                                        : STR_NONE;
            break;
        }
        }
    }
}

static void take_rows(struct db *db, const PGresult *res, const struct db_statement *s, struct db_rows *ret_rows)
{
    struct db_rows rows = {NULL, (size_t)PQntuples(res)};

    if (rows.n)
        rows.row = arena_alloc(db->arena, rows.n, s->row_size, _Alignof(max_align_t));
    for (size_t i = 0; i < rows.n; i++)
        take_row(db, res, (int)i, s, (char *)rows.row + i * s->row_size);
    *ret_rows = rows;
}

static enum result postgres_exec(struct db *db, unsigned statement, const union db_value *values, int64_t *ret_changed)
{
    enum result r = call(db, statement, values);

    if (r == OK && ret_changed) {
        /* "12", or nothing for what counts no rows */
        struct str tag = str_from_cstr(PQcmdTuples(link_of(db)->result));
        if (str_int64(tag, 0, INT64_MAX, ret_changed) != OK)
            *ret_changed = 0;
    }
    postgres_release(db);
    return r;
}

/* Sends a statement that nobody waits for now, if there is room. */
static enum result send_ahead(struct db *db, unsigned statement, const union db_value *values, struct asked *asked)
{
    struct postgres_link *link = link_of(db);
    const struct db_statement *s = statement_of(db, statement);
    enum result r = may_call(db, s, values);

    if (r != OK)
        return r;
    if (!link->prepared[statement]) {
        if (!postgres_send_prepare(link->conn, s)) {
            db->trouble = TROUBLE_LOST;
            return E_BUSY;
        }
        link->prepared[statement] = true; /* until its answer says otherwise */
        owe(link, statement, true, NULL);
    }
    if (!send_call(link->conn, s, values)) {
        db->trouble = TROUBLE_LOST;
        return E_BUSY;
    }
    owe(link, statement, false, asked);
    return OK;
}

/* The first statement of a transaction is waited for: with it a lost connection is found and opened again. */
static bool takes_ahead(const struct postgres_link *link)
{
    return link && link->begun && link->n_owed + 2 <= sizeof(link->owed) / sizeof(link->owed[0]);
}

static enum result postgres_send(struct db *db, unsigned statement, const union db_value *values)
{
    if (!db->write || !takes_ahead(link_of(db)))
        return postgres_exec(db, statement, values, NULL);
    return send_ahead(db, statement, values, NULL);
}

static void postgres_ahead(struct db *db, struct asked *asked)
{
    if (takes_ahead(link_of(db)))
        asked->sent = send_ahead(db, asked->statement, asked->values, asked) == OK;
}

static enum result postgres_one(struct db *db, unsigned statement, const union db_value *values, void *ret_row)
{
    enum result r = call(db, statement, values);

    if (r == OK) {
        const PGresult *res = link_of(db)->result;
        if (PQntuples(res) == 0)
            r = E_NOT_FOUND;
        else
            take_row(db, res, 0, statement_of(db, statement), ret_row);
    }
    postgres_release(db);
    return r;
}

static enum result postgres_many(struct db *db, unsigned statement, const union db_value *values,
                                 struct db_rows *ret_rows)
{
    const struct db_statement *s = statement_of(db, statement);
    enum result r = call(db, statement, values);

    if (r == OK)
        take_rows(db, link_of(db)->result, s, ret_rows);
    postgres_release(db);
    return r;
}

static enum result postgres_answer(struct db *db, struct asked *asked)
{
    struct postgres_link *link = link_of(db);
    enum result r = db->trouble == TROUBLE_NONE ? OK : E_BUSY;

    if (r == OK && asked->answer == NULL) { /* no statement has been waited for since */
        if (PQpipelineSync(link->conn) != 1) {
            db->trouble = TROUBLE_LOST;
            return E_BUSY;
        }
        r = take_owed(db);
        if (db->trouble == TROUBLE_NONE)
            take_sync(db);
    }
    if (r != OK || asked->answer == NULL)
        return r == OK ? E_BUSY : r; /* it, or what was sent before it, has failed: so has the read */
    take_rows(db, asked->answer, statement_of(db, asked->statement), &asked->rows);
    PQclear(asked->answer);
    asked->answer = NULL;
    asked->here = true;
    return OK;
}

/* Answers that nobody has asked for after all; what is still to come is for nobody. */
static void forget_asked(struct db *db, struct postgres_link *link)
{
    for (size_t i = 0; i < db->n_asked; i++) {
        PQclear(db->asked[i].answer);
        db->asked[i].answer = NULL;
    }
    for (size_t i = 0; i < link->n_owed; i++)
        link->owed[i].asked = NULL;
}

/* ---- transactions */

static enum result postgres_begin_read(struct db *db)
{
    struct postgres_link *link = link_of(db);

    if (link && PQstatus(link->conn) == CONNECTION_BAD)
        postgres_close(db);
    if (!db->link)
        return postgres_open(db->database, db);
    link->begun = false;
    return OK;
}

static void postgres_end_read(struct db *db)
{
    struct postgres_link *link = link_of(db);

    if (link)
        forget_asked(db, link);
    if (!link || db->trouble != TROUBLE_NONE) {
        db->trouble = TROUBLE_LOST;
        return;
    }
    if (!link->begun)
        return;
    link->begun = false;
    if (send_text(link->conn, "COMMIT") && PQpipelineSync(link->conn) == 1)
        link->ending = true;
    else
        db->trouble = TROUBLE_LOST;
}

/* With a replica: where the commit stands, so that the person's next read does not go behind it. */
static const char where_sql[] = "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT)";

static enum result end_write(struct db *db, const char *sql, bool commit)
{
    struct postgres_link *link = link_of(db);
    bool where = commit && postgres_shared_of(db->database)->replica != NULL;

    db->position = 0;
    if (!link->begun)
        return OK;
    link->begun = false;
    if (db->trouble != TROUBLE_NONE || !send_text(link->conn, sql) || (where && !send_text(link->conn, where_sql)) ||
        PQpipelineSync(link->conn) != 1) {
        db->trouble = TROUBLE_LOST;
        return E_BUSY;
    }
    enum result r = take_owed(db);
    PGresult *res = db->trouble == TROUBLE_NONE ? postgres_next_within(link->conn, COMMIT_MS) : NULL;
    if (r != OK) { /* the server has skipped the ending with the rest: it is still to come */
        PQclear(res);
        if (db->trouble == TROUBLE_NONE && where)
            PQclear(postgres_next(link->conn));
        if (db->trouble == TROUBLE_NONE)
            take_sync(db);
        if (db->trouble == TROUBLE_NONE && send_text(link->conn, "ROLLBACK") && PQpipelineSync(link->conn) == 1) {
            (void)!take(db, NULL);
            take_sync(db);
        } else {
            db->trouble = TROUBLE_LOST;
        }
        return r;
    }
    r = postgres_result(db, res, NULL);
    if (r == OK && strcmp(PQcmdStatus(res), sql) != 0)
        r = E_IO; /* COMMIT of a transaction that had failed says ROLLBACK */
    PQclear(res);
    if (db->trouble != TROUBLE_NONE)
        return r;
    if (where) {
        res = postgres_next(link->conn);
        if (res && PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1)
            db->position = number_at(res, 0, 0);
        PQclear(res);
    }
    take_sync(db);
    return r;
}

enum result postgres_commit(struct db *db)
{
    return end_write(db, "COMMIT", true);
}

void postgres_rollback(struct db *db)
{
    (void)!end_write(db, "ROLLBACK", false);
}

static void postgres_stop(struct database *d)
{
    struct postgres_shared *shared = postgres_shared_of(d);

    if (!shared)
        return;
    postgres_watch_end(d);
    pthread_mutex_destroy(&shared->lock);
    pthread_cond_destroy(&shared->wake);
    free(shared->replica);
    free(shared);
    d->shared = NULL;
}

const struct engine engine_postgres = {
    .name = "postgres",
    .postgres = true,
    .start = postgres_start,
    .stop = postgres_stop,
    .open_reader = postgres_open,
    .replica_there = postgres_replica_there,
    .replica_reached = postgres_replica_reached,
    .close_link = postgres_close,
    .begin_read = postgres_begin_read,
    .end_read = postgres_end_read,
    .release = postgres_release,
    .writer = postgres_writer,
    .exec = postgres_exec,
    .send = postgres_send,
    .one = postgres_one,
    .many = postgres_many,
    .ahead = postgres_ahead,
    .answer = postgres_answer,
};
