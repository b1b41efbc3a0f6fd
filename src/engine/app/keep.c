/* keep.c: the same form sent twice acts once. The first write with a key keeps its answer in the same transaction; whoever
 * comes with that key again, within a day at least, gets that answer. */
#include <sodium.h>

#include "engine/app/app.sql.h"
#include "engine/app/internal.h"

#define KEEP_LIFE (48 * TIME_HOUR)

/* A key belongs to its person (or browser) and its route: two people's equal keys never meet. */
void keep_prepare(struct request *rq, struct str key)
{
    struct request_private *pr = rq->private;
    crypto_generichash_state s;

    crypto_generichash_init(&s, NULL, 0, sizeof(pr->key));
    if (rq->person) {
        crypto_generichash_update(&s, (const unsigned char *)"person", 6);
        crypto_generichash_update(&s, (const unsigned char *)&rq->person, sizeof(rq->person));
    } else {
        crypto_generichash_update(&s, (const unsigned char *)"guest.", 6);
        if (pr->has_token)
            crypto_generichash_update(&s, pr->token_hash, sizeof(pr->token_hash));
        else
            crypto_generichash_update(&s, (const unsigned char *)rq->x->peer.ptr, rq->x->peer.len);
    }
    crypto_generichash_update(&s, (const unsigned char *)rq->route->name, strlen(rq->route->name) + 1);
    crypto_generichash_update(&s, (const unsigned char *)key.ptr, key.len);
    crypto_generichash_final(&s, pr->key, sizeof(pr->key));
    input_hash(rq, pr->body_hash);
    pr->has_key = true;
}

static struct str key_str(const struct request *rq)
{
    return (struct str){(const char *)rq->private->key, sizeof(rq->private->key)};
}

static struct str body_hash_str(const struct request *rq)
{
    return (struct str){(const char *)rq->private->body_hash, sizeof(rq->private->body_hash)};
}

enum result keep_replay(struct request *rq)
{
    struct request_private *pr = rq->private;
    struct sql_answer_get kept;
    enum text flash;

    enum result r = sql_answer_get(rq->db, key_str(rq), &kept);
    if (r != OK)
        return r;
    if (!str_eq(kept.body_hash, body_hash_str(rq)))
        return E_INVALID;
    rq->x->status = (int)kept.status;
    rq->x->answer = kept.body;
    if (kept.location.len)
        add_header(rq, STR("Location"), kept.location);
    if (kept.type.len)
        add_header(rq, STR("Content-Type"), kept.type);
    if (kept.flash.len && text_lookup(kept.flash, &flash) == OK)
        flash_write(rq, flash);
    add_header(rq, STR("Idempotency-Replayed"), STR("true"));
    pr->answered = pr->replayed = true;
    return OK;
}

/* SQLite has one writer: who looks and finds nothing is the first, and one row is written once. On PostgreSQL the row itself says who was first. */
enum result keep_claim(struct request *rq, bool *ret_replayed)
{
    int64_t claimed;
    enum result r;

    if (!db_is_postgres(rq->db)) {
        r = keep_replay(rq);
        *ret_replayed = r == OK;
        return r == E_NOT_FOUND ? OK : r;
    }
    r = sql_answer_claim(rq->db, key_str(rq), body_hash_str(rq), rq->now, &claimed);
    if (r != OK)
        return r;
    *ret_replayed = !claimed;
    return claimed ? OK : keep_replay(rq);
}

enum result keep_store(struct request *rq)
{
    struct request_private *pr = rq->private;
    struct str flash = pr->flash_out ? text_key(pr->flash_out) : STR_NONE;

    if (!db_is_postgres(rq->db))
        return sql_answer_put(rq->db, key_str(rq), body_hash_str(rq), rq->now, rq->x->status, pr->location, pr->type,
                              rq->x->answer, flash);
    return sql_answer_keep(rq->db, key_str(rq), rq->x->status, pr->location, pr->type, rq->x->answer, flash);
}

enum result keep_forget(struct request *rq)
{
    return sql_answer_drop(rq->db, key_str(rq));
}

static enum result purge(struct db *db, void *arg)
{
    (void)arg;
    return sql_answer_purge(db, time_now() - KEEP_LIFE);
}

enum result keep_purge_run(struct app *app, struct arena *a)
{
    return db_write_wait(app_database(app), a, purge, NULL);
}
