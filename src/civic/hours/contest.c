/* contest.c: a helper does not agree with what was put right, and somebody else answers. */
#include <inttypes.h>

#include "civic/hours/hours.h"
#include "civic/hours/hours.sql.h"
#include "civic/hours/words.h"
#include "civic/ledger/ledger.h"
#include "engine/base/ids.h"

static enum result record(struct db *db, int64_t community, int64_t counter, const char *verb, struct str words,
                          int64_t actor, int64_t organisation, int64_t now)
{
    int64_t event = id_new();
    struct ledger_event e = {
        .community = community,
        .id = event,
        .at = now,
        .actor = actor,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("hours_contest"),
        .subject = counter,
        .text_hash = ledger_text_hash(db_arena(db), event, words),
    };

    return ledger_append(db, &e);
}

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
    if (contest.helper == actor || contest.helped == actor || contest.confirmed_by == actor)
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
