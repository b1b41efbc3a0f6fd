/* party.c: wishes (微心愿) as something that members of the Party take up. One wins, by the rules of the exchange; what it says of the turn of a member who
 * shows the badge is kept as their task (civic/party). */
#include "boards/exchange/room.h"
#include "boards/exchange/rules.h"
#include "civic/party/party.h"

void exchange_party_thing(struct arena *a, const struct exchange *x, struct party_thing *ret)
{
    *ret = (struct party_thing){
        .author = x->entry.author,
        .title = x->entry.title,
        .url = entry_url(a, &x->board, x->entry.community, x->entry.id),
        .shows = x->entry.listed && !x->entry.hidden &&
                 x->board.state == BOARD_OPEN, /* what is over is between the two */
        .between = !x->entry.hidden && x->entry.title.len && x->board.state == BOARD_OPEN,
        .open = exchange_state(x) == X_OPEN,
    };
}

static enum result get(struct db *db, int64_t community, int64_t id, struct party_thing *ret)
{
    struct exchange x;
    enum result r = exchange_read(db, community, id, &x);

    if (r == OK)
        exchange_party_thing(db_arena(db), &x, ret);
    return r;
}

enum result exchange_party_turn(struct db *db, const struct exchange *x, int64_t person, struct str before,
                                struct str after, int64_t now)
{
    if (x->sort != SORT_WISH)
        return OK;
    if (str_eq(after, STR("holding")))
        return party_taken(db, x->entry.community, "wish", x->entry.id, person, now);
    return str_eq(before, STR("holding"))
             ? party_ended(db, x->entry.community, "wish", x->entry.id, person, str_eq(after, STR("done")), now)
             : OK;
}

static const struct party_kind kinds[] = {
    {.word = "wish", .name = T_party_kind_wish, .get = get},
};
const struct party_kinds exchange_party = {.kind = kinds, .n = sizeof(kinds) / sizeof(kinds[0])};
