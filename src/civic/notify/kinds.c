/* kinds.c: which messages there are, and what somebody has chosen about them. */
#include "civic/notify/room.h"

#include "civic/notify/notify.sql.h"
#include "engine/base/time.h"

const struct notice_limits notice_limits_usual = {.quiet_from = 21,
                                                  .quiet_to = 8,
                                                  .digest_hour = 18,
                                                  .bundle_ms = 3 * TIME_MINUTE,
                                                  .sms_per_day = 5,
                                                  .wechat_per_day = 20};
static struct notice_limits limits; /* set once at start; all 0: the usual ones */

static const struct notice_table *const *tables; /* set once at start */
static size_t n_tables;

void notify_use_limits(const struct notice_limits *those)
{
    limits = *those;
}

const struct notice_limits *notify_limits(void)
{
    return limits.bundle_ms ? &limits : &notice_limits_usual;
}

/* ---- kinds --------------------------------------------------------------------------------------------------- */

const struct notice_kind *notify_kind(enum text text)
{
    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            if (tables[t]->kind[i].text == text)
                return &tables[t]->kind[i];
    return NULL;
}

/* Filled with everything that it may have, nothing in braces is left: what nobody gives shows as its name in braces. */
static bool fit_for_a_lock_screen(struct arena *a, enum text words)
{
    static const enum lang langs[] = {LANG_ZH_CN, LANG_EN};

    for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
        struct str s = text_format(a, langs[i], words, TEXT_INT("n", 2), TEXT_STR("place", STR("-")));

        if (s.len == 0 || str_find(s, STR("{")) != SIZE_MAX)
            return false;
    }
    return true;
}

enum result notify_use(const struct notice_table *const *list, size_t n, struct arena *a, struct str *ret_why)
{
    tables = list;
    n_tables = n;
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < list[t]->n; i++) {
            const struct notice_kind *kind = &list[t]->kind[i];
            struct str key = text_key(kind->text);

            if (notify_kind(kind->text) != kind) {
                *ret_why = str_printf(a, STR_FMT " is declared twice among the kinds of messages", STR_ARG(key));
                return E_INVALID;
            }
            if (kind->outside != T_none && !fit_for_a_lock_screen(a, kind->outside)) {
                *ret_why = str_printf(a, STR_FMT ": what leaves the app may have {n} and {place} in it, nothing else",
                                      STR_ARG(text_key(kind->outside)));
                return E_INVALID;
            }
        }
    return OK;
}

/* ---- choices --------------------------------------------------------------------------------------------------- */

const char *const notice_topics[TOPIC_COUNT] = {[TOPIC_MINE] = "mine",
                                                [TOPIC_REPLY] = "reply",
                                                [TOPIC_NOTICE] = "notice",
                                                [TOPIC_NEIGHBOURS] = "neighbours",
                                                [TOPIC_WORK] = "work"};
static const char *const ways[] = {[WAY_APP] = "app", [WAY_DIGEST] = "digest", [WAY_NOW] = "now"};
static const char *const aways[] = {
    [AWAY_NONE] = "none", [AWAY_IMPORTANT] = "important", [AWAY_DIGEST] = "digest", [AWAY_ALL] = "all"};

/* Its place among n words; `otherwise` for one that this version does not know any more. */
static size_t word_of(const char *const *words, size_t n, struct str word, size_t otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_from_cstr(words[i])))
            return i;
    return otherwise;
}
#define WORD_OF(words, word, otherwise) word_of(words, sizeof(words) / sizeof(*(words)), word, otherwise)

/* What somebody has chosen, over what the settings of the installation say. */
static enum result chosen(struct db *db, const struct sql_notify_choices *row, struct notice_choice *c)
{
    struct sql_notify_topics_rows topics;
    enum result r = sql_notify_topics(db, row->person, &topics);

    if (r != OK)
        return r;
    c->away = (enum notice_away)WORD_OF(aways, row->away, AWAY_IMPORTANT);
    c->channel = row->channel;
    c->digest_hour = row->digest_hour;
    c->quiet_from = row->quiet_from;
    c->quiet_to = row->quiet_to;
    c->urgent_passes = row->urgent_passes;
    c->chosen = true;
    for (size_t i = 0; i < topics.n; i++) {
        size_t topic = WORD_OF(notice_topics, topics.row[i].topic, TOPIC_COUNT);

        if (topic == TOPIC_COUNT)
            continue;
        c->has_topic[topic] = true;
        c->topic[topic] = (enum notice_way)WORD_OF(ways, topics.row[i].way, WAY_APP);
    }
    return OK;
}

enum result notify_choices(struct db *db, const int64_t *person, size_t n, struct notice_choice *ret_choice)
{
    const struct notice_limits *l = notify_limits();
    struct sql_notify_choices_rows rows;
    int64_t p[NOTIFY_AT_ONCE];
    enum result r;

    for (size_t i = 0; i < NOTIFY_AT_ONCE; i++)
        p[i] = i < n ? person[i] : 0;
    r = sql_notify_choices(db, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], &rows);
    for (size_t i = 0; r == OK && i < n; i++) {
        ret_choice[i] = (struct notice_choice){.away = AWAY_IMPORTANT,
                                               .digest_hour = l->digest_hour,
                                               .quiet_from = l->quiet_from,
                                               .quiet_to = l->quiet_to,
                                               .urgent_passes = true};
        for (size_t k = 0; r == OK && k < rows.n; k++)
            if (rows.row[k].person == person[i])
                r = chosen(db, &rows.row[k], &ret_choice[i]);
    }
    return r;
}

enum result notify_choice(struct db *db, int64_t person, struct notice_choice *ret_choice)
{
    return notify_choices(db, &person, 1, ret_choice);
}

static bool hour(int64_t h)
{
    return h >= 0 && h <= 23;
}

enum result notify_choose(struct db *db, int64_t person, const struct notice_choice *c, int64_t now)
{
    enum result r;

    if (!hour(c->digest_hour) || !hour(c->quiet_from) || !hour(c->quiet_to))
        return E_INVALID;
    r = sql_notify_choice_put(db, person, str_from_cstr(aways[c->away]), c->channel, c->digest_hour, c->quiet_from,
                              c->quiet_to, c->urgent_passes, now);
    if (r == OK)
        r = sql_notify_topics_drop(db, person);
    for (size_t i = 0; r == OK && i < TOPIC_COUNT; i++)
        if (c->has_topic[i])
            r = sql_notify_topic_put(db, person, str_from_cstr(notice_topics[i]), str_from_cstr(ways[c->topic[i]]));
    /* Whoever wants nothing outside is not sent what waits already. */
    return r == OK && c->away == AWAY_NONE ? sql_notify_away_forget(db, person) : r;
}

enum notice_way notify_way(const struct notice_choice *c, const struct notice_kind *kind)
{
    if (kind == NULL || kind->outside == T_none || c->away == AWAY_NONE)
        return WAY_APP;
    if (kind->urgent)
        return WAY_NOW;
    if (c->has_topic[kind->topic])
        return c->topic[kind->topic];
    switch (c->away) {
    case AWAY_NONE: return WAY_APP;
    case AWAY_IMPORTANT: return kind->way;
    case AWAY_DIGEST: return WAY_DIGEST;
    case AWAY_ALL: return WAY_NOW;
    }
    return WAY_APP;
}

/* ---- hours ------------------------------------------------------------------------------------------------------- */

int64_t notify_after_quiet(const struct notice_choice *c, int64_t t)
{
    int64_t midnight = day_start(day_of(t)), now = (t - midnight) / TIME_HOUR, from = c->quiet_from, to = c->quiet_to;

    if (from == to)
        return t;
    if (from < to)
        return now >= from && now < to ? midnight + to * TIME_HOUR : t;
    if (now >= from)
        return midnight + TIME_DAY + to * TIME_HOUR;
    return now < to ? midnight + to * TIME_HOUR : t;
}

int64_t notify_next_digest(const struct notice_choice *c, int64_t now)
{
    int64_t today = day_start(day_of(now)) + c->digest_hour * TIME_HOUR;

    return today > now ? today : today + TIME_DAY;
}
