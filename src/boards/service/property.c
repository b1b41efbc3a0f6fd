/* property.c: the rules of accounts and of the yearly rating, see property.h. */
#include "boards/service/property.h"

#include "civic/ledger/ledger.h"
#include "engine/base/ids.h"

static const struct flow_state states[] = {
    [ACCOUNT_DISCLOSED] = {"disclosed", false}, [ACCOUNT_RECALLED] = {"recalled", true}};
static const struct flow_action actions[] = {{"recall"}};
enum { NEEDS_REASON = 1 };
static const struct flow_step steps[] = {{ACCOUNT_DISCLOSED, 0, ACCOUNT_RECALLED, OFFER_BY_RUNNER, NEEDS_REASON, 0, 0}};
const struct flow account_flow = {
    .name = "property_account",
    .first = ACCOUNT_DISCLOSED,
    .state = states,
    .n_states = 2,
    .action = actions,
    .n_actions = 1,
    .step = steps,
    .n_steps = 1,
};

/* ---- periods ------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int parts;
} kinds[ACCOUNT_KINDS] = {[ACCOUNT_FEES] = {"fees", 1}, [ACCOUNT_FUND] = {"fund", 2}, [ACCOUNT_INCOME] = {"income", 4}};

const char *account_kind_word(enum account_kind kind)
{
    return kinds[kind].word;
}

enum result account_period_days(enum account_kind kind, int64_t period, int32_t *ret_first, int32_t *ret_last)
{
    int parts = kinds[kind].parts, months = 12 / parts, year = (int)(period / 10), part = (int)(period % 10), next;

    if (period < 20000 || period >= 21010 || (parts == 1 ? part != 0 : part < 1 || part > parts))
        return E_INVALID;
    part = parts == 1 ? 0 : part - 1;
    next = (part + 1) * months;
    *ret_first = day_from_ymd(year, part * months + 1, 1);
    *ret_last = day_from_ymd(year + next / 12, next % 12 + 1, 1) - 1;
    return OK;
}

int64_t account_period_before(enum account_kind kind, int64_t period)
{
    int parts = kinds[kind].parts;

    if (parts == 1)
        return period - 10;
    return period % 10 > 1 ? period - 1 : (period / 10 - 1) * 10 + parts;
}

int64_t account_period_over(enum account_kind kind, int32_t day)
{
    struct civil c = time_civil(day_start(day));
    int parts = kinds[kind].parts, months = 12 / parts;
    int64_t now = (int64_t)c.year * 10 + (parts == 1 ? 0 : (c.month - 1) / months + 1);

    return account_period_before(kind, now);
}

/* ---- lines ---------------------------------------------------------------------------------------------------------------- */

enum result account_amount_parse(struct str typed, int64_t *ret_fen)
{
    int64_t fen = 0;
    int decimals = -1, digits = 0;
    bool below = false;

    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.ptr[i];

        if (c == '-' && i == 0) {
            below = true;
        } else if (c == '.' && decimals < 0 && digits) {
            decimals = 0;
        } else if (c == ',' && decimals < 0 && digits) {
            continue;
        } else if (c >= '0' && c <= '9' && decimals < 2 &&
                   digits < 13) { /* below 100 milliard yuan: nothing runs over */
            fen = fen * 10 + (c - '0');
            digits++;
            decimals += decimals >= 0;
        } else {
            return E_INVALID;
        }
    }
    if (digits == 0 || decimals == 0)
        return E_INVALID;
    fen *= decimals < 0 ? 100 : decimals == 1 ? 10 : 1;
    *ret_fen = below ? -fen : fen;
    return OK;
}

enum result account_lines_parse(struct str typed, bool spent, struct account_line *line, size_t max, size_t *n,
                                int *ret_line)
{
    enum { WHAT_MAX = 60 };
    struct str rest = typed, one;

    for (*ret_line = 1; str_cut(&rest, '\n', &one); ++*ret_line) {
        struct account_line *to = &line[*n];
        size_t at;

        one = str_trim(one);
        if (one.len == 0)
            continue;
        for (at = one.len; at > 0 && one.ptr[at - 1] != ' ' && one.ptr[at - 1] != '\t'; at--)
            ;
        if (at == 0 || *n == max || account_amount_parse(str_sub(one, at, SIZE_MAX), &to->amount) != OK ||
            to->amount < 0)
            return E_INVALID;
        to->spent = spent;
        to->what = str_trim(str_sub(one, 0, at));
        if (to->what.len == 0 || str_utf8_count(to->what) > WHAT_MAX)
            return E_INVALID;
        ++*n;
    }
    return OK;
}

/* ---- publishing -------------------------------------------------------------------------------------------------------------- */

enum result account_publish(struct db *db, const struct entry_actor *actor, const struct account_new *what,
                            int64_t *ret_id)
{
    const struct entry_new entry = {
        .board = what->board,
        .community = what->community,
        .title = what->title,
        .body = what->notes,
        .state = str_from_cstr(states[ACCOUNT_DISCLOSED].name),
        .listed = true,
        .photos = what->photos,
        .more = what->names,
        .n_more = what->n_names,
    };
    int64_t came = 0, spent = 0, made;
    int32_t first, last;
    enum result r;

    if (!actor->runs || actor->organisation == 0)
        return E_DENIED;
    if (account_period_days(what->kind, what->period, &first, &last) != OK || last >= day_of(actor->now) ||
        what->n == 0 || what->n > ACCOUNT_LINES_MAX)
        return E_INVALID;
    for (size_t i = 0; i < what->n; i++)
        *(what->line[i].spent ? &spent : &came) += what->line[i].amount;
    r = entry_write(db, actor, &entry, ret_id);
    if (r == OK)
        r = sql_property_account_put(db, what->community, *ret_id, actor->organisation,
                                     str_from_cstr(kinds[what->kind].word), what->period, last + ACCOUNT_DUE_DAYS,
                                     actor->now, what->opening, came, spent, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    for (size_t i = 0; r == OK && i < what->n; i++)
        r = sql_property_line_put(db, what->community, *ret_id, (int64_t)i + 1, what->line[i].spent, what->line[i].what,
                                  what->line[i].amount);
    return r;
}

enum result account_recall(struct db *db, const struct entry_actor *actor, const struct board *board,
                           const struct entry *entry, struct str reason)
{
    const struct flow_step *step;
    struct sql_property_account_get account;
    int64_t changed;
    enum result r = sql_property_account_get(db, entry->community, entry->id, &account);

    if (r == OK && account.organisation != actor->organisation)
        return E_DENIED;
    if (r == OK)
        r = flow_take(&account_flow, flow_state_of(&account_flow, entry->state), 0, actor->runs ? OFFER_BY_RUNNER : 0,
                      reason.len ? NEEDS_REASON : 0, &step, NULL);
    if (r == OK)
        r = sql_property_account_recall(db, entry->community, entry->id, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK
             ? entry_move(db, actor, board, entry, "recalled", str_from_cstr(states[step->to].name), false, reason)
             : r;
}

enum result account_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_property_account_recount_rows rows;
    enum result r = sql_property_account_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].came != rows.row[i].real_came || rows.row[i].spent != rows.row[i].real_spent)
            *ret_bad = rows.row[i].entry;
    return r;
}

/* ---- the yearly rating -------------------------------------------------------------------------------------------------------------- */

bool rating_open(int64_t now, int *ret_year)
{
    struct civil c = time_civil(now);

    *ret_year = c.year;
    return c.month >= RATING_FIRST_MONTH;
}

enum result rating_give(struct db *db, const struct entry_actor *actor, int64_t community, int64_t organisation,
                        int64_t dwelling, int64_t stars)
{
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .verb = STR("property_rated"), /* not how: that is for the end of the year, without names */
        .subject_kind = STR("organisation"),
        .subject = organisation,
    };
    int year;
    enum result r;

    if (!rating_open(actor->now, &year))
        return E_CONFLICT;
    if (stars < 1 || stars > 5 || dwelling == 0)
        return E_INVALID;
    r = sql_property_rating_put(db, community, organisation, year, dwelling, actor->person, stars, actor->now);
    return r == OK ? ledger_append(db, &e) : r;
}
