/* move.c: the boards that a committee had for itself go where its community goes, and stand beside those of the others that come there. What was written on one
 * stays readable at its old address as far as it stays there: see board_load(). */
#include "civic/board/board.h"

#include "civic/board/board.sql.h"
#include "civic/board/move.sql.h"
#include "civic/place/place.h"

/* A committee that has arranged its home page keeps that; one that comes anew begins with the old one's. */
static enum result keep_order(struct db *db, int64_t from, int64_t heir)
{
    struct sql_board_order_of_rows old, own;
    enum result r = sql_board_order_of(db, heir, &own);

    if (r != OK || own.n)
        return r;
    r = sql_board_order_of(db, from, &old);
    for (size_t i = 0; r == OK && i < old.n; i++)
        r = sql_board_order_put(db, heir, old.row[i].board, old.row[i].position, old.row[i].hidden);
    return r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    const int64_t *after;
    size_t n;
    enum result r;

    (void)at;
    if (heir == 0)
        return OK;
    r = place_after(db, from, &after, &n);
    for (size_t i = 0; r == OK && i < n; i++)
        r = sql_board_place_follow(db, from, after[i]);
    if (r == OK)
        r = sql_board_place_end(db, from);
    if (r == OK)
        r = sql_board_administered_by(db, from, heir);
    return r == OK ? keep_order(db, from, heir) : r;
}

const struct place_mover board_mover = {.name = "board", .settle = settle};
