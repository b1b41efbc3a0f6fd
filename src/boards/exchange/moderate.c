/* moderate.c: what the two write to each other, as something that can be flagged and hidden. Staff read it only when one of the two has flagged it, or a
 * watched word has held it back. */
#include "boards/exchange/rules.h"
#include "civic/moderation/moderation.h"
#include "civic/person/person.h"

static enum result get_word(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct sql_exchange_word_get w;
    struct exchange x;
    enum result r = sql_exchange_word_get(db, community, id, &w);

    if (r == OK)
        r = exchange_read(db, community, w.entry, &x);
    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .community = community,
        .id = id,
        .author = w.author,
        .kind = STR("exchange_word"),
        .title = text_format(db_arena(db), LANG_ZH_CN, T_exchange_word_on, TEXT_STR("title", x.entry.title)),
        .body = w.body,
        .hidden = w.hidden,
        .at = w.at,
        .others = w.shown && x.board.state == BOARD_OPEN,
        .url = entry_url(db_arena(db), &x.board, community, w.entry),
    };
    return OK;
}

/* The two read it; thanks that were meant for all everybody who reads the exchange. */
static bool may_see(struct request *rq, const struct moderation_thing *thing)
{
    struct sql_exchange_word_get w;
    struct sql_exchange_turn_get turn;
    struct exchange x;
    struct subject_scope scope;
    int64_t person = viewer_of(rq)->person;

    if (person == 0 || sql_exchange_word_get(rq->db, thing->community, thing->id, &w) != OK ||
        exchange_read(rq->db, thing->community, w.entry, &x) != OK ||
        sql_exchange_turn_get(rq->db, thing->community, w.turn, &turn) != OK ||
        board_scope(rq, &x.board, thing->community, &scope) != OK ||
        !access_allowed(viewer_of(rq), CAP_BOARD_READ, thing->community, &scope))
        return false;
    return person == x.entry.author || person == turn.person || (w.shown && x.entry.listed);
}

static enum result hide(struct db *db, const struct moderation_thing *thing, int64_t person, int64_t organisation,
                        bool hidden, struct str reason, int64_t now)
{
    const struct moderation_actor by = {person, organisation, now};
    int64_t changed;
    enum result r = sql_exchange_word_hide(db, thing->community, thing->id, hidden, reason, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK
             ? moderation_hid(db, &by, thing->community, "exchange_word", thing->id, thing->author, hidden, reason)
             : r;
}

static enum result set_reason(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_exchange_word_set_reason(db, thing->community, thing->id, reason);
}

static const struct moderation_kind kinds[] = {
    {.word = "exchange_word",
     .name = T_exchange_word_kind,
     .get = get_word,
     .may_see = may_see,
     .hide = hide,
     .reason = set_reason},
};
const struct moderation_kinds exchange_moderated = {kinds, 1};
