/* provider.c: how what is offered moves, and the row beside its entry. */
#include "boards/service/rules.h"

#include "civic/search/search.h"

static const struct flow_state states[] = {
    [OFFER_DRAFT] = {"draft", false},
    [OFFER_OFFERED] = {"offered", false},
    [OFFER_ENDED] = {"ended", true},
};
static const struct flow_action actions[] = {[OFFER_PUBLISH] = {"publish"}, [OFFER_END] = {"end"}};
static const struct flow_step steps[] = {
    {OFFER_DRAFT, OFFER_PUBLISH, OFFER_OFFERED, OFFER_BY_RUNNER, 0, 0, 0},
    {OFFER_OFFERED, OFFER_END, OFFER_ENDED, OFFER_BY_RUNNER, 0, 0, 0},
    {OFFER_ENDED, OFFER_PUBLISH, OFFER_OFFERED, OFFER_BY_RUNNER, 0, 0, 0}, /* it is there again */
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow provider_flow = {
    .name = "provider",
    .first = OFFER_DRAFT,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

const char *offer_state(int state)
{
    return states[state].name;
}

/* clang-format off */
static const struct board_start starts[] = {
    {"/repair", NULL, T_service_start_repair, "property", CAP_RESIDENT, NULL, "property_company"},
};
/* clang-format on */
const struct board_kind provider_kind = {
    .word = "service",
    .name = T_service_kind,
    .lead = T_service_kind_lead,
    .icon = "service",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

static bool fits(const struct provider_new *what)
{
    return str_utf8_count(what->offers) <= OFFERS_MAX && str_utf8_count(what->people) <= PEOPLE_MAX &&
           str_utf8_count(what->phone) <= PHONE_MAX && str_utf8_count(what->address) <= ADDRESS_MAX &&
           (what->shut_from == 0) == (what->shut_to == 0) && what->shut_from <= what->shut_to;
}

/* What is offered, and where, is found as well as what is said about it. */
static enum result index_more(struct db *db, const struct board *board, int64_t community, int64_t id)
{
    struct sql_provider_get row;
    struct entry entry;
    struct search_entry found;
    enum result r = entry_get(db, community, id, &entry);

    if (r == OK)
        r = sql_provider_get(db, community, id, &row);
    if (r != OK || !entry.listed)
        return r;
    found = (struct search_entry){
        .community = community,
        .subject_kind = entry.kind,
        .subject = id,
        .title = entry.title,
        .text = str_printf(db_arena(db), STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(entry.body),
                           STR_ARG(row.offers), STR_ARG(row.people), STR_ARG(row.address)),
        .visibility = board->readers == READERS_EVERYBODY ? SEARCH_PUBLIC : SEARCH_RESIDENTS,
    };
    return search_put(db, &found);
}

enum result provider_write(struct db *db, const struct entry_actor *actor, const struct provider_new *what,
                           int64_t *ret_id)
{
    const struct entry_new entry = {
        .board = what->board,
        .community = what->community,
        .title = what->title,
        .body = what->body,
        .state = str_from_cstr(offer_state(what->publish ? OFFER_OFFERED : OFFER_DRAFT)),
        .listed = what->publish,
        .photos = what->photos,
        .more = what->names,
        .n_more = what->n_names,
    };
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (!fits(what) || (!str_eq(what->sort, STR("provider")) && !str_eq(what->sort, STR("project"))))
        return E_INVALID;
    r = entry_write(db, actor, &entry, ret_id);
    if (r == OK)
        r = sql_provider_put(db, what->community, *ret_id, what->board->id, what->sort, actor->organisation,
                             what->offers, what->people, what->phone, what->address, what->hours, what->on_holidays,
                             what->shut_from, what->shut_to, actor->now);
    return r == OK ? index_more(db, what->board, what->community, *ret_id) : r;
}

enum result provider_edit(struct db *db, const struct entry_actor *actor, const struct board *board,
                          const struct entry *entry, int64_t version, const struct provider_new *what)
{
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (!fits(what))
        return E_INVALID;
    r = entry_edit_more(db, actor, board, entry, version, what->title, what->body, what->names, what->n_names);
    if (r == OK)
        r = sql_provider_set(db, entry->community, entry->id, what->offers, what->people, what->phone, what->address,
                             what->hours, what->on_holidays, what->shut_from, what->shut_to, actor->now);
    return r == OK ? index_more(db, board, entry->community, entry->id) : r;
}

enum result provider_move(struct db *db, const struct entry_actor *actor, const struct board *board,
                          const struct entry *entry, int action)
{
    const struct flow_step *step;
    enum result r = flow_take(&provider_flow, flow_state_of(&provider_flow, entry->state), action,
                              actor->runs ? OFFER_BY_RUNNER : 0, 0, &step, NULL);

    if (r == OK)
        r = entry_move(db, actor, board, entry, action == OFFER_PUBLISH ? "published" : "ended",
                       str_from_cstr(offer_state(step->to)), step->to == OFFER_OFFERED, STR_NONE);
    return r == OK ? index_more(db, board, entry->community, entry->id) : r;
}
