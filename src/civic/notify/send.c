/* send.c: what leaves the app: gathered in the transaction in which it happens, sent by a job.
 *
 * Three things keep people from being flooded: several of the same about one thing are one row while they wait; everything that is due for
 * one person at one moment is one message; and a day has a cap for each way, past which what is left goes into the next digest. What the
 * person has read in the app meanwhile is not sent at all. */
#include "civic/notify/room.h"

#include "civic/notify/notify.sql.h"
#include "civic/outbox/outbox_sms.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/place/place_words.h"
#include "civic/service/service.h"
#include "engine/base/time.h"

enum { CARRIERS_MAX = 4, URGENT_TIMES = 3, KEEP_DAYS = 7 };

static const struct notice_carrier *const *carriers; /* set once at start */
static size_t n_carriers;

void notify_use_carriers(const struct notice_carrier *const *list, size_t n)
{
    carriers = list;
    n_carriers = n;
}

size_t notify_carriers(const struct notice_carrier *const **ret_carriers)
{
    *ret_carriers = carriers;
    return n_carriers;
}

/* ---- gathering ----------------------------------------------------------------------------------------------- */

enum result notify_leave(struct db *db, const struct notice *notice, int64_t person, const struct notice_kind *kind,
                         const struct notice_choice *choice, enum notice_way way, int64_t notification, int64_t now)
{
    int64_t due;

    if (way == WAY_DIGEST)
        return sql_notify_digest_put(db, person, notification, notify_next_digest(choice, now));
    if (kind->urgent)
        due = choice->urgent_passes ? now : notify_after_quiet(choice, now);
    else
        due = notify_after_quiet(choice, now + notify_limits()->bundle_ms);
    return sql_notify_away_put(db, person, notice->community, text_key(notice->text), notice->subject_kind,
                               notice->subject, notification, 1, false, due);
}

/* ---- one person ------------------------------------------------------------------------------------------------ */

struct sending {
    struct db *db;
    const struct services *services;
    struct str public_url;
    int64_t now, person;
    struct notice_choice choice;
    struct person_reach reach;
    struct notify_round *round;
};

/* What waits: one message, or several of the same. */
struct waiting {
    int64_t community;
    struct str text_key, subject_kind;
    int64_t subject, notification, count;
    bool digest;
    bool marked; /* where it stands in the app; it has no row of its own among what waits */
};

static enum result back(struct sending *s, const struct waiting *row, bool digest, int64_t due)
{
    s->round->put_off++;
    if (row->marked)
        return sql_notify_digest_put(s->db, s->person, row->notification, due);
    return sql_notify_away_put(s->db, s->person, row->community, row->text_key, row->subject_kind, row->subject,
                               row->notification, row->count, digest, due);
}

/* OK: it is in the outbox. E_NOT_FOUND: nothing reaches the person. E_BUSY: the cap of the day. */
static enum result hand_over(struct sending *s, struct str words, int64_t count, bool urgent)
{
    struct sql_notify_offs_rows offs;
    const struct notice_carrier *tried[CARRIERS_MAX];
    struct arena *a = db_arena(s->db);
    size_t n = 0;
    bool full = false;
    enum result r = sql_notify_offs(s->db, s->person, &offs);

    /* The way that the person has chosen comes first, then the others in their order. */
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < n_carriers && n < CARRIERS_MAX; i++)
            if (str_eq(s->choice.channel, str_from_cstr(carriers[i]->name)) == (turn == 0))
                tried[n++] = carriers[i];
    for (size_t i = 0; r == OK && i < n; i++) {
        const struct notice_carrier *c = tried[i];
        struct str name = str_from_cstr(c->name);
        int64_t cap = str_eq(name, STR("sms")) ? notify_limits()->sms_per_day : notify_limits()->wechat_per_day;
        struct sql_notify_sent_on sent = {0};
        struct away_letter letter = {.person = s->person,
                                     .words = words,
                                     .url = url_path(a, "/messages"),
                                     .public_url = s->public_url,
                                     .mobile = s->reach.mobile,
                                     .lang = s->reach.lang,
                                     .now = s->now,
                                     .count = count,
                                     .urgent = urgent};
        bool off = false;

        for (size_t k = 0; k < offs.n; k++)
            off = off || str_eq(offs.row[k].channel, name);
        if (off || cap == 0 || !c->works(s->services))
            continue;
        r = sql_notify_sent_on(s->db, s->person, day_of(s->now), name, &sent);
        if (r != OK && r != E_NOT_FOUND)
            return r;
        r = OK;
        if (sent.sent >= (urgent ? cap * URGENT_TIMES : cap)) {
            full = true;
            continue;
        }
        r = c->put(s->db, s->services, &letter);
        if (r == OK)
            return sql_notify_sent_count(s->db, s->person, day_of(s->now), name);
        if (r == E_NOT_FOUND)
            r = OK;
    }
    return r != OK ? r : full ? E_BUSY : E_NOT_FOUND;
}

static struct str own_words(struct sending *s, const struct notice_kind *kind, const struct waiting *row)
{
    struct arena *a = db_arena(s->db);
    struct str name = STR_NONE;
    struct place place;

    if (row->community && place_get(s->db, row->community, &place) == OK)
        name = place_short_name(place.name);
    return text_format(a, s->reach.lang, kind->outside, TEXT_INT("n", row->count), TEXT_STR("place", name));
}

/* 「您有 5 条新消息：我的事 3、回复和留言 2」 */
static struct str summary(struct sending *s, const int64_t *of_topic, int64_t n)
{
    static const enum text names[TOPIC_COUNT] = {[TOPIC_MINE] = T_notify_topic_mine,
                                                 [TOPIC_REPLY] = T_notify_topic_reply,
                                                 [TOPIC_NOTICE] = T_notify_topic_notice,
                                                 [TOPIC_NEIGHBOURS] = T_notify_topic_neighbours,
                                                 [TOPIC_WORK] = T_notify_topic_work};
    struct arena *a = db_arena(s->db);
    struct buf list;

    buf_init(&list, a, 128, 1024);
    for (size_t i = 0; i < TOPIC_COUNT; i++)
        if (of_topic[i]) {
            if (list.len)
                buf_put(&list, text(s->reach.lang, T_notify_and));
            buf_printf(&list, STR_FMT " %" PRId64, STR_ARG(text(s->reach.lang, names[i])), of_topic[i]);
        }
    return text_format(a, s->reach.lang, T_notify_away_several, TEXT_INT("n", n), TEXT_STR("topics", buf_str(&list)));
}

/* The rows that were taken, and in the place of the one without a text what the digest has. */
static enum result gather(struct sending *s, const struct sql_notify_away_take_rows *taken, struct waiting **ret,
                          size_t *ret_n)
{
    struct sql_notify_digest_rows marked = {NULL, 0};
    struct waiting *w;
    size_t n = 0;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < taken->n; i++)
        if (taken->row[i].text_key.len == 0) {
            r = sql_notify_digest(s->db, s->person, taken->row[i].notification, &marked);
            s->round->dropped += marked.n == 0; /* all of it was read in the app meanwhile */
        }
    w = arena_array(db_arena(s->db), struct waiting, taken->n + marked.n + 1);
    for (size_t i = 0; i < taken->n; i++) {
        const struct sql_notify_away_take *row = &taken->row[i];

        if (row->text_key.len)
            w[n++] = (struct waiting){row->community,    row->text_key, row->subject_kind, row->subject,
                                      row->notification, row->count,    row->digest,       false};
    }
    for (size_t i = 0; i < marked.n; i++) {
        const struct sql_notify_digest *row = &marked.row[i];

        w[n++] = (struct waiting){row->community, row->text_key, row->subject_kind, row->subject, row->id, row->count,
                                  true,           true};
    }
    *ret = w;
    *ret_n = n;
    return r;
}

/* What is left of the rows that were due: urgent ones each for itself, the others as one message. */
static enum result send_rows(struct sending *s, const struct waiting *rows, size_t n_rows)
{
    const struct waiting **usual = arena_array(db_arena(s->db), const struct waiting *, n_rows + 1);
    const struct notice_kind *only = NULL;
    int64_t of_topic[TOPIC_COUNT] = {0}, count = 0;
    bool digest = false;
    size_t n = 0;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n_rows; i++) {
        const struct waiting *row = &rows[i];
        const struct notice_kind *kind = NULL;
        struct sql_notify_get seen = {0};
        enum text key;

        if (text_lookup(row->text_key, &key) == OK)
            kind = notify_kind(key);
        r = sql_notify_get(s->db, s->person, row->notification, &seen);
        if (r != OK && r != E_NOT_FOUND)
            return r;
        if (r == E_NOT_FOUND || seen.read_at || kind == NULL || notify_way(&s->choice, kind) == WAY_APP) {
            s->round->dropped++; /* read in the app meanwhile, or not wanted any more */
            r = OK;
            continue;
        }
        if (kind->urgent && s->choice.urgent_passes) {
            r = hand_over(s, own_words(s, kind, row), row->count, true);
            s->round->sent += r == OK;
            s->round->dropped += r == E_BUSY || r == E_NOT_FOUND;
            r = r == E_BUSY || r == E_NOT_FOUND ? OK : r;
            continue;
        }
        if (notify_after_quiet(&s->choice, s->now) > s->now) { /* the quiet hours were changed, or the job came late */
            r = back(s, row, row->digest, notify_after_quiet(&s->choice, s->now));
            continue;
        }
        usual[n++] = row;
        only = kind;
        of_topic[kind->topic] += row->count;
        count += row->count;
        digest = digest || row->digest;
    }
    if (r != OK || n == 0)
        return r;
    r = hand_over(s, n == 1 && !digest ? own_words(s, only, usual[0]) : summary(s, of_topic, count), count, false);
    s->round->sent += r == OK;
    s->round->dropped += r == E_NOT_FOUND ? (int64_t)n : 0;
    if (r == E_NOT_FOUND)
        return OK;
    if (r == E_BUSY) {
        int64_t tomorrow = day_start(day_of(s->now) + 1);

        r = OK;
        for (size_t i = 0; r == OK && i < n; i++)
            r = back(s, usual[i], true, notify_next_digest(&s->choice, tomorrow - 1));
    }
    return r;
}

static enum result send_person(struct sending *s)
{
    struct sql_notify_away_take_rows taken;
    struct waiting *rows;
    size_t n;
    enum result r = sql_notify_away_take(s->db, s->person, s->now, &taken);

    if (r == OK)
        r = gather(s, &taken, &rows, &n);
    if (r != OK || n == 0)
        return r;
    s->round->persons++;
    r = person_reach(s->db, s->services->keys, s->person, &s->reach);
    if (r == E_NOT_FOUND) { /* has closed the account meanwhile */
        s->round->dropped += (int64_t)n;
        return OK;
    }
    if (r == OK)
        r = notify_choice(s->db, s->person, &s->choice);
    if (r == OK)
        r = send_rows(s, rows, n);
    return r == OK ? sql_notify_sent_drop(s->db, s->person, day_of(s->now) - KEEP_DAYS) : r;
}

struct round_of {
    const struct services *services;
    struct str public_url;
    int64_t now;
    struct notify_round round;
};

static enum result send_due(struct db *db, void *arg)
{
    struct round_of *all = arg;
    struct sql_notify_away_due_rows due;
    enum result r = sql_notify_away_due(db, all->now, NOTIFY_ROUND, &due);

    all->round = (struct notify_round){.left = r == OK && due.n == NOTIFY_ROUND};
    for (size_t i = 0; r == OK && i < due.n; i++) {
        struct sending s = {.db = db,
                            .services = all->services,
                            .public_url = all->public_url,
                            .now = all->now,
                            .person = due.row[i].person,
                            .round = &all->round};

        r = send_person(&s); /* a person may stand there several times: the second finds nothing */
    }
    return r;
}

enum result notify_send(struct database *database, const struct services *services, struct arena *a,
                        struct str public_url, int64_t now, struct notify_round *ret_round)
{
    struct round_of all = {.services = services, .public_url = public_url, .now = now};
    enum result r = db_write_wait(database, a, send_due, &all);

    if (r == OK)
        *ret_round = all.round;
    return r;
}

/* ---- SMS ---------------------------------------------------------------------------------------------------------- */

static bool sms_does(const struct services *services)
{
    return services->sms && sms_works(services->sms);
}

static enum result sms_letter(struct db *db, const struct services *services, const struct away_letter *letter)
{
    struct arena *a = db_arena(db);
    struct str words = letter->words;

    if (letter->mobile.len == 0)
        return E_NOT_FOUND;
    if (letter->public_url.len)
        words = text_format(
            a, letter->lang, T_notify_away_sms, TEXT_STR("words", words),
            TEXT_STR("url", str_printf(a, STR_FMT STR_FMT, STR_ARG(letter->public_url), STR_ARG(letter->url.s))));
    return sms_put_notice(db, services->keys, services->sms, letter->person, letter->mobile, words, letter->now,
                          letter->now + (letter->urgent ? 2 * TIME_HOUR : 12 * TIME_HOUR));
}

const struct notice_carrier notify_sms_carrier = {.name = "sms", .works = sms_does, .put = sms_letter};

/* ---- what came back ------------------------------------------------------------------------------------------------ */

enum result notify_unreachable(struct db *db, int64_t person, struct str channel, int64_t now)
{
    struct notice notice = {.person = person,
                            .text = str_eq(channel, STR("sms")) ? T_notify_off_sms : T_notify_off_wechat,
                            .url = url_path(db_arena(db), "/me/notify"),
                            .subject_kind = STR("notify")};
    int64_t changed = 0;
    enum result r = sql_notify_off_put(db, person, channel, now, &changed);

    return r == OK && changed ? notify_put(db, &notice, now) : r;
}

enum result notify_other_way(struct db *db, const struct services *services, int64_t person, struct str words,
                             bool urgent, struct str public_url, int64_t now)
{
    struct notify_round round = {0};
    struct sending s = {
        .db = db, .services = services, .public_url = public_url, .now = now, .person = person, .round = &round};
    enum result r = person_reach(db, services->keys, person, &s.reach);

    if (r == E_NOT_FOUND)
        return OK;
    if (r == OK)
        r = notify_choice(db, person, &s.choice);
    if (r == OK)
        r = hand_over(&s, words, 1, urgent);
    return r == E_BUSY || r == E_NOT_FOUND ? OK : r;
}

enum result notify_switch_on(struct db *db, int64_t person, struct str channel)
{
    return sql_notify_off_drop(db, person, channel);
}
