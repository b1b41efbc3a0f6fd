/* affairs.c: open affairs: whose accounts are due when, and what residents ask about them. See rules.h. */
#include "boards/bulletin/rules.h"

#include "civic/notify/notify.h"
#include "engine/base/time.h"

enum { DAYS_AFTER = 15 };

bool bulletin_is_open_affairs(const struct board *board)
{
    return str_starts(board->word, STR("open_affairs"));
}

bool bulletin_period_known(int64_t period)
{
    return period / 10 >= 2020 && period / 10 <= 2079 && period % 10 >= 1 && period % 10 <= 4;
}

int64_t bulletin_period_of(int64_t t)
{
    struct civil d = time_civil(t);

    return (int64_t)d.year * 10 + (d.month - 1) / 3 + 1;
}

int64_t bulletin_period_before(int64_t period)
{
    return period % 10 == 1 ? period - 10 + 3 : period - 1;
}

int32_t bulletin_period_due(int64_t period)
{
    int64_t next = period % 10 == 4 ? period + 10 - 3 : period + 1;

    return day_from_ymd((int)(next / 10), (int)(next % 10 - 1) * 3 + 1, 1) + DAYS_AFTER - 1;
}

/* ---- questions ------------------------------------------------------------------------------------------------------ */

enum result bulletin_ask(struct db *db, const struct entry_actor *actor, const struct bulletin *b, struct str body,
                         int64_t *ret_id)
{
    const struct entry *e = &b->entry;
    int64_t due = day_start(day_of(actor->now) + BULLETIN_ANSWER_DAYS + 1), id;
    enum result r;

    if (b->row.period == 0 || !bulletin_is_out(b->state))
        return E_CONFLICT;
    if (actor->runs)
        return E_DENIED;
    r = entry_comment(db, actor, e, 0, body, &id);
    if (r == OK)
        r = sql_bulletin_question_put(db, e->community, id, e->id, e->board, b->row.period, due);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result bulletin_answered(struct db *db, const struct entry_actor *actor, const struct board *board,
                              const struct bulletin *b, int64_t comment)
{
    struct sql_bulletin_questions_rows rows;
    const struct text_arg args[] = {TEXT_STR("title", b->entry.title), TEXT_STR("from", actor->from)};
    enum result r = sql_bulletin_questions(db, b->entry.community, b->entry.id, INT64_MAX, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_bulletin_questions *q = &rows.row[i];

        if (q->id == comment) {
            const struct notice notice = {
                .person = q->author,
                .community = b->entry.community,
                .text = T_bulletin_tell_answered,
                .arg = args,
                .n_args = 2,
                .url = url_below(db_arena(db), entry_url(db_arena(db), board, b->entry.community, b->entry.id),
                                 str_cstr(db_arena(db), str_printf(db_arena(db), "#question-%" PRId64, q->id))),
                .subject_kind = STR("bulletin_question"),
                .subject = q->id,
            };

            r = notify_put(db, &notice, actor->now);
        }
    }
    return r;
}
