/* outbox.c: see outbox.h. */
#include "civic/outbox/outbox.h"

#include <inttypes.h>

#include "civic/outbox/outbox.sql.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

/* While a letter is being delivered nobody else takes it; when its deliverer dies, it is due again after this. */
#define LEASE (10 * TIME_MINUTE)
#define WAIT_MAX (6 * TIME_HOUR)
enum { REASON_MAX = 200 };

/* A sealed payload opens in its own row only. */
static struct str context_of(struct arena *a, int64_t id)
{
    return str_printf(a, "outbox.payload:%" PRId64, id);
}

enum result outbox_put(struct db *db, const struct crypto_keys *keys, struct str kind, struct str payload, int64_t now,
                       int64_t expires_at, int64_t *ret_id)
{
    if (kind.len == 0 || payload.len == 0)
        return E_INVALID;
    int64_t id = id_new();
    struct arena *a = db_arena(db);
    enum result r = sql_outbox_put(db, id, kind, crypto_seal(keys, a, payload, context_of(a, id)), now, now,
                                   expires_at);
    if (r == OK && ret_id)
        *ret_id = id;
    return r;
}

/* ---- delivery ---------------------------------------------------------------------------------------------- */

struct claim {
    const char *kind;
    int64_t now;
    struct sql_outbox_claim_rows rows;
};

static enum result claim(struct db *db, void *arg)
{
    struct claim *c = arg;
    return sql_outbox_claim(db, str_from_cstr(c->kind), c->now, c->now + LEASE, OUTBOX_BATCH, &c->rows);
}

struct outcome {
    int64_t id, next_at, now;
    enum outbox_verdict verdict;
    struct str reason;
    const struct outbox_kind *kind;
    struct outbox_letter letter;
};

static enum result record(struct db *db, void *arg)
{
    const struct outcome *o = arg;
    enum result r = OK;
    switch (o->verdict) {
    case OUTBOX_DELIVERED: return sql_outbox_delivered(db, o->id);
    case OUTBOX_AGAIN: return sql_outbox_again(db, o->id, o->next_at, o->reason);
    case OUTBOX_NOBODY:
        if (o->kind->nobody)
            r = o->kind->nobody(db, o->kind->ctx, &o->letter, o->now);
        return r == OK ? sql_outbox_delivered(db, o->id) : r;
    case OUTBOX_REFUSED: break;
    }
    return sql_outbox_die(db, o->id, o->reason);
}

static int64_t wait_after(const struct outbox_kind *kind, int64_t tries)
{
    int64_t wait = kind->first_wait_ms;
    for (int64_t i = 1; i < tries && wait < WAIT_MAX; i++)
        wait *= 2;
    return wait < WAIT_MAX ? wait : WAIT_MAX;
}

static struct outcome try_letter(const struct crypto_keys *keys, const struct outbox_kind *kind, struct arena *a,
                                 const struct sql_outbox_claim *row, int64_t now)
{
    struct outcome o = {.id = row->id, .now = now, .verdict = OUTBOX_REFUSED, .reason = STR_NONE, .kind = kind};
    struct outbox_letter letter = {.id = row->id,
                                   .kind = row->kind,
                                   .created_at = row->created_at,
                                   .expires_at = row->expires_at,
                                   .tries = row->tries};
    if (row->expires_at && row->expires_at <= now) {
        o.reason = STR("expired");
        return o;
    }
    if (crypto_unseal(keys, a, row->payload, context_of(a, row->id), &letter.payload) != OK) {
        o.reason = STR("sealed");
        return o;
    }
    o.verdict = kind->deliver(kind->ctx, a, &letter, &o.reason);
    o.reason = str_utf8_cut(o.reason, REASON_MAX);
    o.letter = letter;
    if (o.verdict == OUTBOX_AGAIN && row->tries >= kind->tries_max)
        o.verdict = OUTBOX_REFUSED;
    if (o.verdict == OUTBOX_AGAIN)
        o.next_at = now + wait_after(kind, row->tries);
    return o;
}

enum result outbox_deliver(struct database *database, const struct crypto_keys *keys, const struct outbox_kind *kind,
                           struct arena *a, int64_t now, struct outbox_round *ret_round)
{
    struct claim c = {kind->name, now, {NULL, 0}};
    struct outbox_round round = {0};
    enum result r = db_write_wait(database, a, claim, &c);
    if (r != OK)
        return r;
    round.taken = (int64_t)c.rows.n;
    for (size_t i = 0; i < c.rows.n; i++) {
        struct outcome o = try_letter(keys, kind, a, &c.rows.row[i], now);
        /* Each at once: what was delivered and not written down would be delivered again. */
        r = db_write_wait(database, a, record, &o);
        if (r != OK)
            return r;
        round.delivered += o.verdict == OUTBOX_DELIVERED;
        round.again += o.verdict == OUTBOX_AGAIN;
        round.dead += o.verdict == OUTBOX_REFUSED;
        round.nobody += o.verdict == OUTBOX_NOBODY;
        if (o.verdict == OUTBOX_REFUSED)
            log_warn("outbox.dead", LOG_CSTR("kind", kind->name), LOG_INT("id", o.id),
                     LOG_INT("tries", c.rows.row[i].tries), LOG_STR("reason", o.reason));
    }
    *ret_round = round;
    return OK;
}

/* ---- for staff ------------------------------------------------------------------------------------------------ */

enum result outbox_figures(struct db *db, struct outbox_figures *ret_figures)
{
    struct sql_outbox_waiting waiting;
    struct sql_outbox_dead_count dead;
    enum result r = sql_outbox_waiting(db, &waiting);
    if (r == OK)
        r = sql_outbox_dead_count(db, &dead);
    if (r == OK)
        *ret_figures = (struct outbox_figures){waiting.letters, dead.letters, waiting.oldest_at};
    return r;
}

enum result outbox_dead(struct db *db, int64_t before, int64_t limit, struct outbox_dead_list *ret_list)
{
    struct sql_outbox_dead_rows rows;
    enum result r = sql_outbox_dead(db, before > 0 ? before : INT64_MAX, limit, &rows);
    if (r != OK)
        return r;
    struct outbox_dead_list list = {arena_array(db_arena(db), struct outbox_dead, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_outbox_dead *row = &rows.row[i];
        list.letter[i] = (struct outbox_dead){row->id, row->kind, row->reason, row->created_at, row->tries};
    }
    *ret_list = list;
    return OK;
}

enum result outbox_retry(struct db *db, int64_t id, int64_t now)
{
    int64_t changed = 0;
    enum result r = sql_outbox_retry(db, id, now, &changed);
    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

enum result outbox_forget(struct db *db, int64_t id)
{
    int64_t changed = 0;
    enum result r = sql_outbox_forget(db, id, &changed);
    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

enum result outbox_sweep(struct db *db, int64_t before, int64_t *ret_gone)
{
    return sql_outbox_sweep(db, before, ret_gone);
}
