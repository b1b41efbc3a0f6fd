/* rules.c: writing, moving and ending a notice. */
#include "boards/bulletin/rules.h"

#include "civic/ledger/ledger.h"
#include "engine/base/time.h"

static const char *const weights[] = {
    [BULLETIN_PLAIN] = "plain", [BULLETIN_MUST_READ] = "must_read", [BULLETIN_EMERGENCY] = "emergency"};

struct str bulletin_weight_word(enum bulletin_weight weight)
{
    return str_from_cstr(weights[weight]);
}

enum bulletin_weight bulletin_weight_of(struct str word)
{
    for (int i = BULLETIN_EMERGENCY; i > BULLETIN_PLAIN; i--)
        if (str_eq(word, str_from_cstr(weights[i])))
            return (enum bulletin_weight)i;
    return BULLETIN_PLAIN;
}

bool bulletin_is_out(enum bulletin_state state)
{
    return state == BULLETIN_PUBLISHED || state == BULLETIN_PINNED;
}

enum result bulletin_load(struct db *db, const struct entry *entry, struct bulletin *ret)
{
    struct bulletin b = {.entry = *entry};
    int state = flow_state_of(&bulletin_flow, entry->state);
    enum result r = sql_bulletin_get(db, entry->community, entry->id, &b.row);

    if (r != OK)
        return r;
    if (state < 0)
        return E_IO; /* a state of a later version */
    b.state = (enum bulletin_state)state;
    b.weight = bulletin_weight_of(b.row.weight);
    *ret = b;
    return OK;
}

enum result bulletin_get(struct db *db, int64_t place, int64_t id, struct bulletin *ret, struct board *ret_board)
{
    struct entry entry;
    enum result r = entry_get(db, place, id, &entry);

    if (r == OK)
        r = bulletin_load(db, &entry, ret);
    return r == OK && ret_board ? board_get(db, entry.board, ret_board) : r;
}

/* ---- whom it reaches ---------------------------------------------------------------------------------------------- */

static enum result reach_below(struct db *db, const struct bulletin *b, int64_t place)
{
    struct sql_bulletin_communities_rows rows;
    int64_t first, last, made;
    enum result r;

    place_range(place, &first, &last);
    r = sql_bulletin_communities(db, first, last, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = sql_bulletin_reach_put(db, rows.row[i].code, b->entry.id, b->entry.community,
                                   b->weight == BULLETIN_EMERGENCY, STR("new"), &made);
    return r;
}

/* From now on it is asked for in every community that it is for. */
static enum result open_reach(struct db *db, const struct bulletin *b)
{
    struct str rest = b->entry.audience, code;
    enum result r = sql_bulletin_set_counted(db, b->entry.community, b->entry.id);

    if (rest.len == 0)
        return r == OK ? reach_below(db, b, b->entry.community) : r;
    while (r == OK && str_cut(&rest, ',', &code)) {
        int64_t place;

        if (code.len && (r = place_parse(code, &place)) == OK)
            r = reach_below(db, b, place);
    }
    return r;
}

/* After a change of state or of weight: asked for while it is out, and no longer. */
static enum result settle_reach(struct db *db, const struct bulletin *before, const struct bulletin *after)
{
    bool was = bulletin_is_out(before->state) && before->weight != BULLETIN_PLAIN;
    bool is = bulletin_is_out(after->state) && after->weight != BULLETIN_PLAIN;

    if (is && (!was || before->weight != after->weight))
        return open_reach(db, after);
    if (was && !is)
        return sql_bulletin_reach_close(db, after->entry.id);
    return OK;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

enum result bulletin_write(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                           const struct bulletin_text *text, int64_t *ret_id)
{
    const struct entry_new what = {
        .board = board,
        .community = place,
        .title = text->title,
        .body = text->body,
        .audience = text->audience,
        .state = str_from_cstr(bulletin_flow.state[BULLETIN_DRAFT].name),
        .ends_at = text->ends_at,
        .photos = text->photos,
        .more = text->names,
        .n_more = text->n_names,
    };
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (text->ends_at && (text->ends_at <= actor->now || text->ends_at <= text->publish_at))
        return E_INVALID;
    r = entry_write(db, actor, &what, ret_id);
    return r == OK ? sql_bulletin_put(db, place, *ret_id, bulletin_weight_word(text->weight), text->publish_at,
                                      text->read_by, text->matter, text->period)
                   : r;
}

enum result bulletin_change(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct bulletin *b, int64_t version, const struct bulletin_text *text)
{
    const struct entry *e = &b->entry;
    bool out = bulletin_is_out(b->state);
    struct str audience = out ? e->audience : text->audience;
    int64_t publish_at = out ? b->row.publish_at : text->publish_at;
    struct bulletin after = *b;
    enum result r = OK;

    if (!actor->runs)
        return E_DENIED;
    if (version != e->version || bulletin_flow.state[b->state].final || b->state == BULLETIN_WAITING ||
        b->state == BULLETIN_SCHEDULED)
        return E_CONFLICT; /* what waits or is timed is taken back to a draft first: nobody approves what changes meanwhile */
    if (text->ends_at && (text->ends_at <= actor->now || text->ends_at <= publish_at))
        return E_INVALID;
    if (!str_eq(text->title, e->title) || !str_eq(text->body, e->body) || text->files_changed)
        r = entry_edit_more(db, actor, board, e, version, text->title, text->body, text->names, text->n_names);
    if (r == OK)
        r = sql_bulletin_set(db, e->community, e->id, bulletin_weight_word(text->weight), publish_at, text->read_by,
                             text->matter, text->period);
    if (r == OK)
        r = entry_set_term(db, actor, e, e->pinned, text->ends_at, audience);
    after.weight = text->weight;
    after.entry.audience = audience;
    after.entry.title = text->title;
    after.entry.body = text->body;
    if (r == OK)
        r = settle_reach(db, b, &after);
    if (r == OK && out && board->review == BOARD_REVIEW_BEFORE)
        r = bulletin_act(db, actor, board, &after, BULLETIN_CORRECT, BULLETIN_BY_RUNNER, STR_NONE);
    return r;
}

/* ---- moving --------------------------------------------------------------------------------------------------------- */

enum result bulletin_roles(struct db *db, const struct entry_actor *actor, const struct board *board,
                           const struct bulletin *b, uint32_t *ret_roles)
{
    struct sql_bulletin_editors row;
    enum result r;

    *ret_roles = 0;
    if (!actor->runs)
        return OK;
    *ret_roles = BULLETIN_BY_RUNNER;
    if (board->review != BOARD_REVIEW_BEFORE) {
        *ret_roles |= BULLETIN_BY_FREE | BULLETIN_BY_REVIEWER; /* the board's review was switched off meanwhile */
        return OK;
    }
    r = sql_bulletin_editors(db, b->entry.community, b->entry.id, actor->person, &row);
    if (r == OK && row.n == 0 && b->entry.author != actor->person)
        *ret_roles |= BULLETIN_BY_REVIEWER;
    return r;
}

static const char *const verbs[] = {
    [BULLETIN_SUBMIT] = "submitted", [BULLETIN_PUBLISH] = "published",  [BULLETIN_SCHEDULE] = "scheduled",
    [BULLETIN_RETURN] = "returned",  [BULLETIN_RECALL] = "recalled",    [BULLETIN_DUE] = "published",
    [BULLETIN_PIN] = "pinned",       [BULLETIN_UNPIN] = "unpinned",     [BULLETIN_CORRECT] = "corrected",
    [BULLETIN_EXPIRE] = "expired",   [BULLETIN_WITHDRAW] = "withdrawn",
};

/* What a notice keeps of a step, beyond its state. */
static enum result keep(struct db *db, const struct entry_actor *actor, const struct bulletin *b,
                        enum bulletin_action action, struct str reason)
{
    const struct entry *e = &b->entry;

    switch (action) {
    case BULLETIN_PUBLISH:
    case BULLETIN_SCHEDULE:
        return sql_bulletin_set_review(db, e->community, e->id, b->state == BULLETIN_WAITING ? actor->person : 0,
                                       b->state == BULLETIN_WAITING ? actor->now : 0, STR_NONE);
    case BULLETIN_RETURN: return sql_bulletin_set_review(db, e->community, e->id, 0, 0, reason);
    case BULLETIN_SUBMIT:
    case BULLETIN_CORRECT: return sql_bulletin_set_review(db, e->community, e->id, 0, 0, STR_NONE);
    case BULLETIN_WITHDRAW: return sql_bulletin_set_withdrawn(db, e->community, e->id, reason);
    default: return OK;
    }
}

enum result bulletin_act(struct db *db, const struct entry_actor *actor, const struct board *board,
                         const struct bulletin *b, enum bulletin_action action, uint32_t roles, struct str reason)
{
    const struct flow_step *step;
    struct bulletin after = *b;
    enum result r;

    if (action == BULLETIN_PUBLISH && b->row.publish_at > actor->now)
        action = BULLETIN_SCHEDULE;
    if ((action == BULLETIN_PUBLISH || action == BULLETIN_DUE) && b->entry.ends_at && b->entry.ends_at <= actor->now)
        return E_INVALID; /* it would be over at once */
    r = flow_take(&bulletin_flow, (int)b->state, (int)action, roles, reason.len ? BULLETIN_NEEDS_REASON : 0, &step,
                  NULL);
    if (r != OK)
        return r;
    after.state = (enum bulletin_state)step->to;
    r = entry_move(db, actor, board, &b->entry, verbs[action], str_from_cstr(bulletin_flow.state[step->to].name),
                   bulletin_is_out(after.state), reason);
    if (r == OK && bulletin_is_out(after.state) && b->entry.pinned != (after.state == BULLETIN_PINNED))
        r = entry_set_term(db, actor, &b->entry, after.state == BULLETIN_PINNED, b->entry.ends_at, b->entry.audience);
    if (r == OK)
        r = keep(db, actor, b, action, reason);
    return r == OK ? settle_reach(db, b, &after) : r;
}
