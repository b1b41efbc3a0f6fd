/* hours.c: the rules of the book, see hours.h. */
#include "civic/hours/hours.h"

#include <inttypes.h>
#include <stdlib.h>

#include "civic/hours/certificate.h"
#include "civic/hours/hours.sql.h"
#include "civic/hours/room.h"
#include "civic/hours/words.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

/* Both sides of a line. The smaller number goes first: two who help each other at the same moment do not wait for one another in a circle. */
static enum result add_to_sums(struct db *db, int64_t community, int64_t helper, int64_t helped, int64_t minutes)
{
    bool helper_first = helped == 0 || helper < helped;
    enum result r = OK;

    if (helper_first)
        r = sql_hours_sum_add(db, community, helper, minutes, 0);
    if (r == OK && helped)
        r = sql_hours_sum_add(db, community, helped, 0, minutes);
    if (r == OK && !helper_first)
        r = sql_hours_sum_add(db, community, helper, minutes, 0);
    return r;
}

static enum result record(struct db *db, int64_t community, int64_t id, const char *verb, int64_t minutes,
                          int64_t helper, struct str subject_kind, int64_t subject, struct str reason, int64_t actor,
                          int64_t organisation, int64_t now)
{
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = actor,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("hours"),
        .subject = id,
        .amount = minutes,
        .detail = str_printf(db_arena(db),
                             "{\"helper\":\"%" PRId64 "\",\"kind\":\"" STR_FMT "\",\"of\":\"%" PRId64 "\"}", helper,
                             STR_ARG(subject_kind), subject),
    };

    return ledger_append_words(db, &e, reason);
}

enum result hours_add(struct db *db, const struct hours_new *new, int64_t now, int64_t *ret_id)
{
    int64_t id = id_new(), changed;
    struct hours_new line = *new;
    const struct hours_new *what = &line;
    enum result r;

    if (what->helper <= 0 || what->confirmed_by <= 0 || what->confirmed_by == what->helper ||
        what->helper == what->helped || what->minutes < 1 || what->minutes > HOURS_LINE_MAX ||
        what->day > day_of(now) || what->what.len == 0 || what->what.len > HOURS_WHAT_MAX ||
        what->subject_kind.len == 0 || what->subject <= 0)
        return E_INVALID;
    if ((r = place_heir(db, new->community, &line.community)) != OK)
        return r;
    r = sql_hours_put(db, what->community, id, what->helper, what->helped, what->organisation, what->minutes, what->day,
                      what->what, what->subject_kind, what->subject, what->confirmed_by, 0, STR_NONE, now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = add_to_sums(db, what->community, what->helper, what->helped, what->minutes);
    if (r == OK)
        r = record(db, what->community, id, "added", what->minutes, what->helper, what->subject_kind, what->subject,
                   STR_NONE, what->confirmed_by, what->organisation, now);
    if (r == OK)
        *ret_id = id;
    return r;
}

/* A line that was written for somebody of the community: in its book, or in one of those that have become of it. */
static enum result find_line(struct db *db, int64_t *community, int64_t id, struct sql_hours_get *ret_line)
{
    const int64_t *after;
    size_t n;
    enum result r = sql_hours_get(db, *community, id, ret_line);

    if (r != E_NOT_FOUND)
        return r;
    r = place_after(db, *community, &after, &n);
    for (size_t i = 0; r == OK && i < n; i++) {
        r = sql_hours_get(db, after[i], id, ret_line);
        if (r == OK)
            *community = after[i];
        if (r != E_NOT_FOUND)
            return r;
        r = OK;
    }
    return r == OK ? E_NOT_FOUND : r;
}

enum result hours_correct(struct db *db, int64_t community, int64_t id, int64_t minutes, struct str reason,
                          int64_t actor, int64_t organisation, int64_t now)
{
    struct sql_hours_get line;
    struct sql_hours_stands stands;
    int64_t counter = id_new(), changed, more;
    enum result r = find_line(db, &community, id, &line);

    if (r != OK)
        return r;
    if (line.corrects || reason.len == 0 || reason.len > HOURS_WHAT_MAX || minutes < 0 || minutes > HOURS_LINE_MAX)
        return E_INVALID;
    if (line.helper == actor || line.helped == actor)
        return E_DENIED;
    r = sql_hours_sum_hold(db, community, line.helper, &changed);
    if (r == OK)
        r = sql_hours_stands(db, community, id, &stands);
    if (r != OK)
        return r;
    if ((more = minutes - stands.minutes) == 0)
        return E_CONFLICT;
    r = sql_hours_put(db, community, counter, line.helper, line.helped, line.organisation, more, line.day, line.what,
                      line.subject_kind, line.subject, actor, id, reason, now, &changed);
    if (r == OK)
        r = add_to_sums(db, community, line.helper, line.helped, more);
    if (r == OK)
        r = record(db, community, counter, "corrected", more, line.helper, line.subject_kind, line.subject, reason,
                   actor, organisation, now);
    if (r == OK)
        r = certificate_void_with(db, community, id, actor, organisation, now);
    return r == OK ? hours_tell(db, community, line.helper, T_hours_tell_corrected, line.what, id, now) : r;
}

enum result hours_sum(struct db *db, int64_t community, int64_t person, struct hours_sum *ret_sum)
{
    int64_t book[HOURS_BOOKS_MAX];
    size_t n;
    enum result r = hours_books(db, community, book, &n);

    *ret_sum = (struct hours_sum){0, 0};
    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_hours_sum_get row;

        r = sql_hours_sum_get(db, book[i], person, &row);
        if (r == OK) {
            ret_sum->given += row.given;
            ret_sum->received += row.received;
        }
        if (r == E_NOT_FOUND)
            r = OK;
    }
    return r;
}

static int newest_first(const void *a, const void *b)
{
    const struct hours_line *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

enum result hours_list(struct db *db, int64_t community, int64_t person, int64_t before, int64_t limit,
                       struct hours_lines *ret_lines)
{
    int64_t book[HOURS_BOOKS_MAX];
    size_t n;
    enum result r = hours_books(db, community, book, &n);

    if (r != OK)
        return r;
    ret_lines->line = arena_array(db_arena(db), struct hours_line, n * (size_t)limit + 1);
    ret_lines->n = 0;
    for (size_t k = 0; k < n; k++) {
        struct sql_hours_of_rows rows;

        r = sql_hours_of(db, book[k], person, before, limit, &rows);
        if (r != OK)
            return r;
        for (size_t i = 0; i < rows.n; i++)
            ret_lines->line[ret_lines->n++] = (struct hours_line){
                .id = rows.row[i].id,
                .minutes = rows.row[i].minutes,
                .day = (int32_t)rows.row[i].day,
                .what = rows.row[i].what,
                .subject_kind = rows.row[i].subject_kind,
                .subject = rows.row[i].subject,
                .corrects = rows.row[i].corrects,
                .reason = rows.row[i].reason,
                .at = rows.row[i].at,
            };
    }
    if (n > 1)
        qsort(ret_lines->line, ret_lines->n, sizeof(*ret_lines->line), newest_first);
    if (ret_lines->n > (size_t)limit)
        ret_lines->n = (size_t)limit;
    return OK;
}

enum result hours_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t helper,
                             int64_t *ret_minutes)
{
    int64_t book[HOURS_BOOKS_MAX];
    size_t n;
    enum result r = hours_books(db, community, book, &n);

    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_hours_of_subject row;

        r = sql_hours_of_subject(db, book[i], subject_kind, subject, helper, &row);
        if (r == OK)
            *ret_minutes = row.minutes;
        if (r != E_NOT_FOUND)
            return r;
        r = OK;
    }
    return r == OK ? E_NOT_FOUND : r;
}

enum result hours_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_hours_recount_sums_rows sums;
    struct sql_hours_recount_unsummed_rows unsummed;
    struct sql_hours_recount_unsaid_rows unsaid;
    struct sql_hours_recount_lost_rows lost;
    enum result r = sql_hours_recount_sums(db, community, &sums);

    *ret_bad = 0;
    if (r == OK)
        r = sql_hours_recount_unsummed(db, community, &unsummed);
    if (r == OK)
        r = sql_hours_recount_unsaid(db, community, &unsaid);
    if (r == OK)
        r = sql_hours_recount_lost(db, community, &lost);
    if (r != OK)
        return r;
    for (size_t i = 0; i < sums.n && *ret_bad == 0; i++)
        if (sums.row[i].given != sums.row[i].real_given || sums.row[i].received != sums.row[i].real_received)
            *ret_bad = sums.row[i].person;
    if (*ret_bad == 0)
        *ret_bad = unsummed.n ? unsummed.row[0].helper
                 : unsaid.n   ? unsaid.row[0].helper
                 : lost.n     ? lost.row[0].subject
                              : 0;
    return OK;
}
