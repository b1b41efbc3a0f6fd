/* move.c: what moderation knows of a thing, and of who may not write for a time, follows into another community. */
#include "civic/moderation/move.sql.h"
#include "civic/moderation/moderation.h"
#include "civic/place/place.h"

enum result moderation_carry(struct db *db, int64_t from, int64_t to, const char *thing_kind, int64_t thing)
{
    struct str kind = str_from_cstr(thing_kind);
    enum result r = sql_moderation_move_cases(db, from, to, kind, thing);

    if (r == OK)
        r = sql_moderation_moved_cases(db, from, kind, thing);
    if (r == OK)
        r = sql_moderation_move_flags(db, from, to, kind, thing);
    if (r == OK)
        r = sql_moderation_moved_flags(db, from, kind, thing);
    if (r == OK)
        r = sql_moderation_move_measures(db, from, to, kind, thing);
    return r == OK ? sql_moderation_moved_measures(db, from, kind, thing) : r;
}

/* A mute belongs to the person: nobody is rid of one by a merger. */
static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct sql_moderation_mutes_rows mutes;
    enum result r = sql_moderation_mutes(db, from, estate, at, &mutes);

    for (size_t i = 0; r == OK && i < mutes.n; i++) {
        r = sql_moderation_move_mute(db, from, to, mutes.row[i].id);
        if (r == OK)
            r = sql_moderation_moved_mute(db, from, mutes.row[i].id);
    }
    return r;
}

const struct place_mover moderation_mover = {.name = "moderation", .move = move};
