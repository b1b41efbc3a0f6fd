/* share.c: a question becomes public when both sides have agreed to the same words, and not a word of the thread besides them. It is an entry of the
 * organisation's; nothing in it, nor in its rows, leads to who has asked. */
#include "boards/inquiry/rules.h"

#include "civic/entry/entry.h"
#include "civic/moderation/moderation.h"

static bool fits(const struct wording *w)
{
    return w->title.len && w->question.len && w->answer.len && str_utf8_count(w->title) <= TITLE_MAX &&
           str_utf8_count(w->question) <= TEXT_MAX && str_utf8_count(w->answer) <= TEXT_MAX;
}

static enum result take(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, int action,
                        uint32_t given, struct sql_inquiry_get *ret_row, struct str *ret_to)
{
    const struct flow_step *step;
    enum result r = sql_inquiry_get(db, community, id, ret_row);

    if (r == OK && ret_row->answered_at == 0)
        r = inquiry_roles(actor, ret_row) ? E_CONFLICT : E_DENIED; /* nothing to publish yet */
    if (r == OK)
        r = flow_take(&sharing_flow, flow_state_of(&sharing_flow, ret_row->sharing), action,
                      inquiry_roles(actor, ret_row), given, &step, NULL);
    if (r == OK)
        *ret_to = str_from_cstr(sharing_flow.state[step->to].name);
    return r;
}

static enum result set(struct db *db, const struct inquiry_actor *actor, const struct sql_inquiry_get *row,
                       struct str to, const struct wording *w, int64_t entry, const char *verb, struct str words)
{
    const struct inquiry_event event = {.verb = verb, .body = words, .before = row->sharing, .after = to};
    int64_t changed;
    enum result r = sql_inquiry_share(db, row->community, row->id, row->sharing, to, w->title, w->question, w->answer,
                                      entry, actor->now, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? inquiry_record(db, actor, row->community, row->id, &event, NULL) : r;
}

static const struct wording no_words;

/* What the thread shows of it, and what the hash in the ledger is of. */
static struct str shown(struct arena *a, const struct wording *w)
{
    return str_printf(a, STR_FMT "\n\n" STR_FMT "\n\n" STR_FMT, STR_ARG(w->title), STR_ARG(w->question),
                      STR_ARG(w->answer));
}

enum result inquiry_propose(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                            const struct wording *w)
{
    struct sql_inquiry_get row;
    struct str to;
    enum result r = take(db, actor, community, id, S_PROPOSE, fits(w) ? NEEDS_TEXT : 0, &row, &to);

    return r == OK ? set(db, actor, &row, to, w, 0, "wording_proposed", shown(db_arena(db), w)) : r;
}

enum result inquiry_recall(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id)
{
    struct sql_inquiry_get row;
    struct str to;
    enum result r = take(db, actor, community, id, S_RECALL, 0, &row, &to);

    return r == OK ? set(db, actor, &row, to, &no_words, 0, "wording_recalled", STR_NONE) : r;
}

enum result inquiry_reword(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                           struct str title, struct str question)
{
    const struct moderation_writer writer = {
        .rq = actor->rq, .community = community, .person = actor->person, .now = actor->now};
    struct str *const texts[] = {&title, &question};
    struct sql_inquiry_get row;
    struct wording w;
    struct str to;
    bool review; /* staff look at it in any case */
    enum result r = sql_inquiry_get(db, community, id, &row);

    if (r != OK)
        return r;
    w = (struct wording){title, question, row.public_answer};
    r = take(db, actor, community, id, S_REWORD, fits(&w) ? NEEDS_TEXT : 0, &row, &to);
    if (r == OK)
        r = moderation_gate(db, &writer, texts, 2, &review);
    w = (struct wording){title, question, row.public_answer};
    return r == OK ? set(db, actor, &row, to, &w, 0, "wording_changed", shown(db_arena(db), &w)) : r;
}

enum result inquiry_refuse(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id)
{
    struct sql_inquiry_get row;
    struct str to;
    enum result r = take(db, actor, community, id, S_REFUSE, 0, &row, &to);

    return r == OK ? set(db, actor, &row, to, &no_words, 0, "wording_refused", STR_NONE) : r;
}

/* ---- public ------------------------------------------------------------------------------------------------------------- */

static enum result publish(struct db *db, const struct inquiry_actor *actor, const struct sql_inquiry_get *row,
                           struct str to)
{
    const struct wording w = {row->public_title, row->public_question, row->public_answer};
    struct sql_inquiry_proposer by;
    struct organisation organisation;
    struct board board;
    struct entry_actor author;
    struct entry_new what;
    int64_t entry;
    enum result r = sql_inquiry_proposer(db, row->community, row->id, &by);

    if (r == OK)
        r = organisation_get(db, by.organisation, &organisation);
    if (r == OK)
        r = board_get(db, row->board, &board);
    if (r != OK)
        return r;
    /* It is the organisation's, and is written down as theirs, whoever has said the last yes. */
    author = (struct entry_actor){.person = by.person,
                                  .organisation = by.organisation,
                                  .from = organisation.name,
                                  .runs = true,
                                  .now = actor->now};
    what = (struct entry_new){
        .board = &board,
        .community = row->community,
        .title = w.title,
        .body = str_printf(db_arena(db), STR_FMT "\n\n" STR_FMT, STR_ARG(w.question), STR_ARG(w.answer)),
        .state = STR("published"),
        .listed = true,
    };
    r = entry_write(db, &author, &what, &entry);
    if (r == OK)
        r = sql_inquiry_public_put(db, row->community, entry, w.question, w.answer);
    return r == OK ? set(db, actor, row, to, &w, entry, "question_published", STR_NONE) : r;
}

enum result inquiry_agree(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id)
{
    struct sql_inquiry_get row;
    struct str to;
    enum result r = take(db, actor, community, id, S_AGREE, 0, &row, &to);

    return r == OK ? publish(db, actor, &row, to) : r;
}

enum result inquiry_accept(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id)
{
    struct sql_inquiry_get row;
    struct str to;
    enum result r = take(db, actor, community, id, S_ACCEPT, 0, &row, &to);

    return r == OK ? publish(db, actor, &row, to) : r;
}

static enum result get_entry(struct db *db, int64_t place, int64_t id, void *ret)
{
    return entry_get(db, place, id, ret);
}

/* What is public may have gone to another community, and the thread not. */
static enum result find_public(struct db *db, int64_t community, int64_t id, struct entry *ret, int64_t *ret_at)
{
    enum result r = entry_get(db, community, id, ret);

    *ret_at = community;
    return r == E_NOT_FOUND ? place_follow(db, community, id, get_entry, ret, ret_at) : r;
}

enum result inquiry_withdraw(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id)
{
    struct entry_actor by = {.now = actor->now};
    struct sql_inquiry_get row;
    struct entry entry;
    struct board board;
    int64_t public_at;
    struct str to;
    enum result r = take(db, actor, community, id, S_WITHDRAW, 0, &row, &to);

    if (r == OK)
        r = find_public(db, community, row.entry, &entry, &public_at);
    if (r == OK)
        r = board_get(db, entry.board, &board);
    if (r == OK) /* by nobody: the entry's ledger does not say whose it was either */
        r = entry_erase(db, &by, &board, &entry, STR("withdrawn"));
    if (r == OK)
        r = sql_inquiry_public_drop(db, public_at, row.entry);
    return r == OK ? set(db, actor, &row, to, &no_words, 0, "consent_withdrawn", STR_NONE) : r;
}
