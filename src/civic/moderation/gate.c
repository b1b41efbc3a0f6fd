/* gate.c: what every text of residents goes through before it is written. */
#include "civic/moderation/moderation.h"

#include <pthread.h>
#include <sodium.h>

#include "civic/ledger/ledger.h"
#include "civic/moderation/moderation.sql.h"
#include "civic/moderation/watch.h"
#include "civic/moderation/words.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

/* ---- one automaton for the process ----------------------------------------------------------------------------------- */

static struct {
    pthread_rwlock_t lock;
    struct watch *watch;
    int64_t version; /* of the database's words that it was made of */
    bool made;
} shared = {.lock = PTHREAD_RWLOCK_INITIALIZER};

enum watch_action watch_action_of(struct str word)
{
    for (int i = WATCH_WARN; i <= WATCH_BLOCK; i++)
        if (str_eq(word, str_from_cstr(watch_action_word((enum watch_action)i))))
            return (enum watch_action)i;
    return WATCH_REVIEW;
}

const char *watch_action_word(enum watch_action action)
{
    static const char *const words[] = {
        [WATCH_WARN] = "warn", [WATCH_MASK] = "mask", [WATCH_REVIEW] = "review", [WATCH_BLOCK] = "block"};

    return words[action];
}

static enum result make(struct db *db, int64_t version)
{
    struct sql_watched_words_all_rows rows;
    struct watch_word *word;
    struct watch *made, *old;
    enum result r = sql_watched_words_all(db, &rows);

    if (r != OK)
        return r;
    word = arena_array(db_arena(db), struct watch_word, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        word[i] = (struct watch_word){rows.row[i].place, watch_action_of(rows.row[i].action), rows.row[i].word};
    made = watch_open(word, rows.n);
    if (!made)
        return E_BUSY;
    pthread_rwlock_wrlock(&shared.lock);
    old = shared.watch;
    shared.watch = made;
    shared.version = version;
    shared.made = true;
    pthread_rwlock_unlock(&shared.lock);
    watch_close(old);
    return OK;
}

/* Takes the lock for reading, with the automaton of what the database says now. */
static enum result watch_now(struct db *db)
{
    struct sql_watched_version_get row;
    enum result r = sql_watched_version_get(db, &row);

    while (r == OK) {
        pthread_rwlock_rdlock(&shared.lock);
        if (shared.made && shared.version == row.version)
            return OK;
        pthread_rwlock_unlock(&shared.lock);
        r = make(db, row.version);
    }
    return r;
}

/* ---- what is said ------------------------------------------------------------------------------------------------------ */

static enum result say(const struct moderation_writer *w, struct str words, enum text message)
{
    return w->rq ? request_invalid_words(w->rq, "", message, words) : E_INVALID;
}

static enum result muted(struct db *db, const struct moderation_writer *w)
{
    struct sql_moderation_muted row;
    enum result r = sql_moderation_muted(db, w->community, w->person, w->now, &row);
    enum lang lang = w->rq ? w->rq->lang : LANG_ZH_CN;

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    return say(w,
               text_format(db_arena(db), lang, T_moderation_muted_until,
                           TEXT_STR("until", time_exact_words(db_arena(db), lang, row.ends_at)),
                           TEXT_STR("reason", row.reason)),
               T_moderation_muted_until);
}

enum { HITS = 64, HASH = 16 };

/* Stands for the very words that the writer was asked about: other words are another question. */
static struct str mark_of(struct arena *a, struct str *const *texts, size_t n)
{
    unsigned char hash[HASH];
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, sizeof(hash));
    for (size_t i = 0; i < n; i++) {
        crypto_generichash_update(&state, (const unsigned char *)texts[i]->ptr, texts[i]->len);
        crypto_generichash_update(&state, (const unsigned char *)"", 1);
    }
    crypto_generichash_final(&state, hash, sizeof(hash));
    return str_hex(a, (struct str){(const char *)hash, sizeof(hash)});
}

/* The hit with a few characters around it. */
static struct str passage(struct arena *a, struct str text, const struct watch_hit *hit)
{
    enum { AROUND = 12 };
    size_t from = hit->from, to = hit->to;

    for (int i = 0; i < AROUND && from > 0 && text.ptr[from - 1] != '\n'; i++)
        for (from--; from > 0 && ((unsigned char)text.ptr[from] & 0xc0) == 0x80;)
            from--;
    for (int i = 0; i < AROUND && to < text.len && text.ptr[to] != '\n'; i++)
        for (to++; to < text.len && ((unsigned char)text.ptr[to] & 0xc0) == 0x80;)
            to++;
    return str_printf(a, "%s" STR_FMT "%s", from ? "…" : "", STR_ARG(str_sub(text, from, to - from)),
                      to < text.len ? "…" : "");
}

static struct str masked(struct arena *a, struct str text, const struct watch_hit *hit, size_t n)
{
    struct buf b;
    size_t at = 0;

    buf_init(&b, a, text.len * 3 + 1, text.len * 3 + 1);
    for (size_t i = 0; i < n; i++) {
        if (hit[i].action != WATCH_MASK || hit[i].to <= at)
            continue;
        size_t from = hit[i].from > at ? hit[i].from : at;

        buf_put(&b, str_sub(text, at, from - at));
        for (size_t k = str_utf8_count(str_sub(text, from, hit[i].to - from)); k > 0; k--)
            buf_put(&b, STR("＊"));
        at = hit[i].to;
    }
    buf_put(&b, str_sub(text, at, SIZE_MAX));
    return buf_str(&b);
}

struct finding {
    struct watch_hit hit[HITS];
    size_t n;
    size_t own; /* from here on the hits are of the kind's own words */
};

static enum text words_of(enum text usual, enum text own, const struct finding *found, size_t k)
{
    return k >= found->own ? own : usual;
}

static enum result decide(struct db *db, const struct moderation_writer *w, struct str *const *texts, size_t n,
                          const struct finding *found, bool *ret_review)
{
    const struct watch_hit *block = NULL, *warn = NULL;
    enum text warning = T_moderation_warned, refusal = T_moderation_blocked;
    struct str blocked = STR_NONE, warned = STR_NONE;
    struct arena *a = db_arena(db);
    enum lang lang = w->rq ? w->rq->lang : LANG_ZH_CN;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < found[i].n; k++) {
            const struct watch_hit *hit = &found[i].hit[k];
            bool refused = hit->action == WATCH_BLOCK || (hit->action == WATCH_REVIEW && w->at_once);

            if (refused && !block) {
                block = hit;
                blocked = passage(a, *texts[i], hit);
                if (w->extra)
                    refusal = words_of(refusal, w->extra->blocked, &found[i], k);
            } else if (hit->action == WATCH_WARN && !warn) {
                warn = hit;
                warned = passage(a, *texts[i], hit);
                if (w->extra)
                    warning = words_of(warning, w->extra->warned, &found[i], k);
            }
            *ret_review |= hit->action == WATCH_REVIEW;
        }
    if (block)
        return say(w, text_format(a, lang, refusal, TEXT_STR("passage", blocked)), refusal);
    if (warn && w->rq) {
        struct str mark = mark_of(a, texts, n);

        if (!str_eq(request_sure(w->rq), mark)) {
            w->rq->form.sure = str_dup(w->rq->arena, mark);
            return say(w, text_format(a, lang, warning, TEXT_STR("passage", warned)), warning);
        }
    }
    for (size_t i = 0; i < n; i++)
        *texts[i] = masked(a, *texts[i], found[i].hit, found[i].n);
    return OK;
}

enum result moderation_gate(struct db *db, const struct moderation_writer *w, struct str *const *texts, size_t n,
                            bool *ret_review)
{
    struct finding *found;
    const int64_t of_the_kind = 0;
    int64_t chain[4];
    size_t levels, hits = 0;
    enum result r;

    *ret_review = false;
    if (w->organisation)
        return OK;
    if (!w->problem && (r = muted(db, w)) != OK)
        return r;
    if ((r = watch_now(db)) != OK)
        return r;
    found = arena_array(db_arena(db), struct finding, n ? n : 1);
    levels = place_chain(w->community, chain);
    for (size_t i = 0; i < n; i++) {
        found[i].n = found[i].own = watch_find(shared.watch, chain, levels, *texts[i], found[i].hit, HITS);
        if (w->extra)
            found[i].n += watch_find(w->extra->watch, &of_the_kind, 1, *texts[i], found[i].hit + found[i].n,
                                     HITS - found[i].n);
        hits += found[i].n;
    }
    pthread_rwlock_unlock(&shared.lock);
    return hits ? decide(db, w, texts, n, found, ret_review) : OK;
}

/* ---- the words ----------------------------------------------------------------------------------------------------------- */

enum result watch_words_changed(struct db *db, int64_t place, int64_t person, int64_t organisation, const char *verb,
                                int64_t n, int64_t now)
{
    struct ledger_event e = {
        .community = place,
        .at = now,
        .actor = person,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("watched_word"),
        .amount = n,
    };
    enum result r = sql_watched_version_set(db, id_new());

    return r == OK ? ledger_append(db, &e) : r;
}

enum result watch_word_add(struct db *db, int64_t place, struct str word, enum watch_action action, int64_t person,
                           int64_t now)
{
    int64_t made;
    enum result r;

    if (!watch_takes(word))
        return E_INVALID;
    r = sql_watched_word_put(db, id_new(), place, word, str_from_cstr(watch_action_word(action)), person, now, &made);
    return r == OK && made ? watch_words_changed(db, place, person, 0, "words_added", made, now) : r;
}
