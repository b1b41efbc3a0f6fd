/* contest.c: a helper does not agree with what was put right, and somebody else answers. */
#include <inttypes.h>
#include <stdlib.h>

#include "civic/access/access.h"
#include "civic/hours/room.h"
#include "civic/hours/words.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

static enum result record(struct db *db, int64_t community, int64_t counter, const char *verb, struct str words,
                          int64_t actor, int64_t organisation, int64_t now)
{
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = actor,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("hours_contest"),
        .subject = counter,
    };

    return ledger_append_words(db, &e, words);
}

/* ---- who answers --------------------------------------------------------------------------------------------------------- */

bool hours_has_part(const struct hours_part *part, int64_t person)
{
    return person == part->helper || person == part->helped || person == part->confirmed_by;
}

static enum result has_somebody(struct db *db, int64_t place, const struct hours_part *part, int64_t now, bool *ret)
{
    struct person_posts posts;
    enum result r = person_posts_at(db, place, now, &posts);

    *ret = false;
    for (size_t i = 0; r == OK && i < posts.n && !*ret; i++)
        *ret = role_has((enum role)posts.post[i].role, CAP_HOURS_ANSWER) && !hours_has_part(part, posts.post[i].person);
    return r;
}

enum result hours_answerer(struct db *db, int64_t book, const struct hours_part *part, int64_t now, int64_t *ret_place,
                           bool *ret_somebody)
{
    int64_t keeper, chain[4];
    size_t n;
    enum result r = place_heir(db, book, &keeper);

    *ret_place = keeper;
    *ret_somebody = false;
    n = r == OK ? place_chain(keeper, chain) : 0;
    while (r == OK && n-- > 0 && !*ret_somebody) {
        r = has_somebody(db, chain[n], part, now, ret_somebody);
        if (r == OK && *ret_somebody)
            *ret_place = chain[n];
    }
    return r;
}

enum { SIEVED = 2000 /* of what may fall to an office, the oldest first */ };

/* Both statements have the same columns. */
#define TAKE(row)                                                       \
    ((struct waiting){{(row).helper, (row).helped, (row).confirmed_by}, \
                      {.book = (row).community,                         \
                       .counter = (row).line,                           \
                       .line = (row).corrects,                          \
                       .at = (row).at,                                  \
                       .minutes = (row).minutes,                        \
                       .day = (int32_t)(row).day,                       \
                       .words = (row).words,                            \
                       .what = (row).what,                              \
                       .person = (row).shown_name}})
struct waiting {
    struct hours_part part;
    struct hours_contested one;
};

struct list {
    int64_t place, person, now;
    struct hours_contested *to;
    size_t n;
};

static enum result keep_ours(struct db *db, const struct waiting *w, struct list *list)
{
    int64_t falls_to;
    bool somebody;
    enum result r;

    if (list->n == HOURS_CONTESTS_MAX || hours_has_part(&w->part, list->person))
        return OK;
    r = hours_answerer(db, w->one.book, &w->part, list->now, &falls_to, &somebody);
    if (r == OK && falls_to == list->place)
        list->to[list->n++] = w->one;
    return r;
}

static int oldest_first(const void *a, const void *b)
{
    const struct hours_contested *x = a, *y = b;

    return x->counter < y->counter ? -1 : x->counter > y->counter;
}

static enum result of_books(struct db *db, struct list *list)
{
    int64_t book[HOURS_BOOKS_MAX];
    size_t n;
    enum result r = hours_kept(db, list->place, book, &n);

    for (size_t k = 0; r == OK && k < n; k++) {
        struct sql_hours_contest_open_rows rows;

        r = sql_hours_contest_open(db, book[k], HOURS_CONTESTS_MAX, &rows);
        for (size_t i = 0; r == OK && i < rows.n; i++)
            r = keep_ours(db, &TAKE(rows.row[i]), list);
    }
    return r;
}

static enum result from_below(struct db *db, struct list *list)
{
    struct sql_hours_contest_above_rows rows;
    int64_t low, high;
    enum result r;

    place_range(list->place, &low, &high);
    r = sql_hours_contest_above(db, low, high, list->now, SIEVED, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = keep_ours(db, &TAKE(rows.row[i]), list);
    return r;
}

enum result hours_contests_of(struct db *db, int64_t place, int64_t person, int64_t now, struct hours_contested **ret,
                              size_t *ret_n)
{
    struct list list = {place, person, now, arena_array(db_arena(db), struct hours_contested, HOURS_CONTESTS_MAX), 0};
    enum result r = place_level_of(place) == PLACE_COMMUNITY ? of_books(db, &list) : from_below(db, &list);

    if (r == OK && list.n)
        qsort(list.to, list.n, sizeof(*list.to), oldest_first);
    *ret = list.to;
    *ret_n = list.n;
    return r;
}

/* ---- rules --------------------------------------------------------------------------------------------------------------- */

enum result hours_contest(struct db *db, int64_t community, int64_t counter, int64_t person, struct str words,
                          int64_t now)
{
    struct sql_hours_get line;
    int64_t changed;
    enum result r = sql_hours_get(db, community, counter, &line);

    if (r != OK)
        return r;
    if (line.helper != person || line.corrects == 0)
        return E_NOT_FOUND;
    if (words.len == 0 || words.len > HOURS_WORDS_MAX)
        return E_INVALID;
    r = sql_hours_contest_put(db, community, counter, person, words, now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, community, counter, "contested", words, person, 0, now) : r;
}

enum result hours_contest_answer(struct db *db, int64_t community, int64_t counter, bool restore, struct str words,
                                 int64_t actor, int64_t organisation, int64_t now)
{
    struct sql_hours_contest_get contest;
    struct sql_hours_stands stands;
    struct sql_hours_get line;
    int64_t changed, minutes;
    enum result r = sql_hours_contest_get(db, community, counter, &contest);

    if (r != OK)
        return r;
    const struct hours_part part = {contest.helper, contest.helped, contest.confirmed_by};
    if (hours_has_part(&part, actor))
        return E_DENIED;
    if (words.len == 0 || words.len > HOURS_WHAT_MAX)
        return E_INVALID;
    r = sql_hours_contest_answer(db, community, counter, words, restore, actor, now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && restore) {
        r = sql_hours_sum_hold(db, community, contest.helper, &changed);
        if (r == OK)
            r = sql_hours_stands(db, community, contest.corrects, &stands);
        minutes = r == OK ? stands.minutes - contest.minutes : 0;
        if (r == OK && (minutes < 0 || minutes > HOURS_LINE_MAX))
            return E_CONFLICT;
        if (r == OK)
            r = hours_correct(db, community, contest.corrects, minutes, words, actor, organisation, now);
    }
    if (r == OK)
        r = record(db, community, counter, restore ? "contest_upheld" : "contest_refused", words, actor, organisation,
                   now);
    if (r == OK)
        r = sql_hours_get(db, community, contest.corrects, &line);
    return r == OK ? hours_tell(db, community, contest.helper, restore ? T_hours_tell_restored : T_hours_tell_kept,
                                line.what, counter, now)
                   : r;
}
