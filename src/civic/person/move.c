/* move.c: people and roster go along when an estate goes to another community (a merger, a split). */
#include "civic/person/move.sql.h"
#include "civic/person/person.h"

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    int64_t moved;
    enum result r = sql_residence_move(db, from, to, estate, &moved);

    if (r == OK)
        r = sql_residence_move_person(db, from, to, estate);
    if (r == OK)
        r = sql_residence_move_end(db, from, estate, at);
    if (r == OK)
        r = sql_roster_move(db, from, to, estate);
    return r == OK ? sql_roster_move_end(db, from, estate) : r;
}

const struct place_mover person_mover = {.name = "person", .move = move};
