/* tell.c: who is told of what in a thread, inside the transaction in which it happens; and what the figures count. The resident, and of the
 * organisation that has it whoever is responsible for the community, or else everybody who may read it. Nobody else: what staff are told has no word of the thread. */
#include "boards/inquiry/rules.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/statistics/statistics.h"
#include "civic/statistics/statistics_figures.h"

enum audience { TO_ASKER = 1, TO_OFFICE = 2 };
struct telling {
    const char *verb;
    enum audience to;
    enum text text;
};
static const struct telling tellings[] = {
    /* clang-format off */
    {"asked",             TO_OFFICE, T_inquiry_tell_asked},
    {"said",              TO_OFFICE, T_inquiry_tell_said},
    {"reopened",          TO_OFFICE, T_inquiry_tell_reopened},
    {"transferred",       TO_OFFICE, T_inquiry_tell_handed},
    {"reminded",          TO_OFFICE, T_inquiry_tell_soon},
    {"escalated",         TO_OFFICE, T_inquiry_tell_late},
    {"rated",             TO_OFFICE, T_inquiry_tell_rated},
    {"wording_changed",   TO_OFFICE, T_inquiry_tell_reworded},
    {"wording_refused",   TO_OFFICE, T_inquiry_tell_refused},
    {"consent_withdrawn", TO_OFFICE, T_inquiry_tell_withdrawn},
    {"answered",          TO_ASKER,  T_inquiry_tell_answered},
    {"transferred",       TO_ASKER,  T_inquiry_tell_transferred},
    {"closed",            TO_ASKER,  T_inquiry_tell_closed},
    {"escalated",         TO_ASKER,  T_inquiry_tell_late_yours},
    {"wording_proposed",  TO_ASKER,  T_inquiry_tell_proposed},
    {"question_published", TO_ASKER, T_inquiry_tell_published},
    /* clang-format on */
};

static enum result put(struct db *db, const struct ledger_event *e, const struct sql_inquiry_get *row,
                       const struct board *board, int64_t person, const struct telling *what)
{
    struct arena *a = db_arena(db);
    bool office = what->to == TO_OFFICE;
    const struct text_arg args[] = {office ? TEXT_STR("board", board->name) : TEXT_STR("title", row->title)};
    const struct notice notice = {
        .person = person,
        .community = row->community,
        .text = what->text,
        .arg = args,
        .n_args = 1,
        .url = office ? url_path(a, "/desk/inquiry/%" PRId64 "/%" PRId64, row->community, row->id)
                      : url_path(a, "/p/%" PRId64 "/inquiry/" STR_FMT "/mine/%" PRId64, row->community,
                                 STR_ARG(board->word), row->id),
        .subject_kind = STR("inquiry"),
        .subject = row->id,
    };

    return person && person != e->actor ? notify_put(db, &notice, e->at) : OK;
}

static enum result tell_office(struct db *db, const struct ledger_event *e, const struct sql_inquiry_get *row,
                               const struct board *board, const struct telling *what)
{
    struct sql_officers_of_community_rows officers;
    struct person_ids readers;
    bool told = false;
    enum result r = inquiry_readers(db, row->organisation, e->at, &readers);

    if (r == OK)
        r = sql_officers_of_community(db, row->community, &officers);
    for (int everybody = 0; r == OK && everybody < 2 && !told; everybody++)
        for (size_t i = 0; r == OK && i < readers.n; i++) {
            bool responsible = false;

            for (size_t k = 0; k < officers.n; k++)
                responsible |= officers.row[k].organisation == row->organisation &&
                               officers.row[k].person == readers.id[i];
            if (!responsible && !everybody)
                continue;
            told = true;
            r = put(db, e, row, board, readers.id[i], what);
        }
    return r;
}

static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct sql_inquiry_get row;
    struct board board;
    bool fetched = false;
    enum result r = OK;

    if (!str_eq(e->subject_kind, STR("inquiry")))
        return OK;
    for (size_t i = 0; r == OK && i < sizeof(tellings) / sizeof(tellings[0]); i++) {
        if (!str_eq(e->verb, str_from_cstr(tellings[i].verb)))
            continue;
        if (!fetched) {
            if ((r = sql_inquiry_get(db, e->community, e->subject, &row)) != OK ||
                (r = board_get(db, row.board, &board)) != OK)
                return r;
            fetched = true;
        }
        r = tellings[i].to == TO_ASKER ? put(db, e, &row, &board, row.asker, &tellings[i])
                                       : tell_office(db, e, &row, &board, &tellings[i]);
    }
    return r;
}

const struct ledger_listener inquiry_listener = {.name = "inquiry", .appended = appended};

static const struct notice_kind kinds[] = {
    {T_inquiry_tell_answered, TOPIC_MINE, WAY_NOW, false, T_notify_away_answer},
    {T_inquiry_tell_transferred, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_inquiry_tell_closed, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_inquiry_tell_late_yours, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_inquiry_tell_proposed, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_inquiry_tell_published, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_inquiry_tell_asked, TOPIC_WORK, WAY_NOW, false, T_notify_away_work},
    {T_inquiry_tell_handed, TOPIC_WORK, WAY_NOW, false, T_notify_away_work},
    {T_inquiry_tell_reopened, TOPIC_WORK, WAY_NOW, false, T_notify_away_work},
    {T_inquiry_tell_said, TOPIC_WORK, WAY_DIGEST, false, T_notify_away_work},
    {T_inquiry_tell_reworded, TOPIC_WORK, WAY_DIGEST, false, T_notify_away_work},
    {T_inquiry_tell_soon, TOPIC_WORK, WAY_NOW, false, T_notify_away_late},
    {T_inquiry_tell_late, TOPIC_WORK, WAY_NOW, false, T_notify_away_late},
};
const struct notice_table inquiry_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};

/* ---- figures: only what an event itself says, so that a recount gives the same ------------------------------------------------ */

static bool first(const struct ledger_event *e)
{
    return str_find(e->detail, STR("\"first\":1")) != SIZE_MAX;
}

static bool in_time(const struct ledger_event *e)
{
    return str_find(e->detail, STR("\"in_time\":1")) != SIZE_MAX;
}

static const struct measure_rule rules[] = {
    /* clang-format off */
    {"inquiry_asked",            "inquiry", "asked",              NULL, MEASURE_COUNT,   NULL},
    {"inquiry_answered",         "inquiry", "answered",           NULL, MEASURE_MINUTES, first},
    {"inquiry_answered_in_time", "inquiry", "answered",           NULL, MEASURE_COUNT,   in_time},
    {"inquiry_late",             "inquiry", "escalated",          NULL, MEASURE_COUNT,   NULL},
    {"inquiry_transferred",      "inquiry", "transferred",        NULL, MEASURE_COUNT,   NULL},
    {"inquiry_closed",           "inquiry", "closed",             NULL, MEASURE_COUNT,   NULL},
    {"inquiry_rated",            "inquiry", "rated",              NULL, MEASURE_SUM,     NULL},
    {"inquiry_published",        "inquiry", "question_published", NULL, MEASURE_COUNT,   NULL},
    /* clang-format on */
};
const struct measure_table inquiry_measures = {rules, sizeof(rules) / sizeof(rules[0])};

/* No list behind them: who has asked what is nobody's business. */
static const struct figure_item items[] = {
    {.word = "inquiry_in_time",
     .label = T_inquiry_figure_in_time,
     .meaning = T_inquiry_figure_in_time_meaning,
     .kind = FIGURE_SHARE,
     .measure = "inquiry_answered_in_time",
     .of = "inquiry_answered",
     .better = 1},
    {.word = "inquiry_first_answer",
     .label = T_inquiry_figure_first,
     .meaning = T_inquiry_figure_first_meaning,
     .kind = FIGURE_MEDIAN,
     .measure = "inquiry_answered",
     .better = -1},
    {.word = "inquiry_late",
     .label = T_inquiry_figure_late,
     .meaning = T_inquiry_figure_late_meaning,
     .unit = T_inquiry_figure_times,
     .kind = FIGURE_COUNT,
     .measure = "inquiry_late",
     .better = -1},
    {.word = "inquiry_satisfaction",
     .label = T_inquiry_figure_satisfaction,
     .meaning = T_inquiry_figure_satisfaction_meaning,
     .unit = T_inquiry_figure_stars,
     .kind = FIGURE_MEAN,
     .measure = "inquiry_rated",
     .better = 1},
};
const struct figure_table inquiry_figures = {items, sizeof(items) / sizeof(items[0])};
