/* party.c: what members of the Party have taken part in, for their record (civic/party). */
#include "boards/activity/activity.h"
#include "boards/activity/activity.sql.h"
#include "civic/entry/entry.h"
#include "civic/party/party.h"

static enum result attended(struct db *db, int64_t community, int64_t person, size_t max, struct party_deed *ret_deeds,
                            size_t *ret_n)
{
    struct sql_activity_came_rows rows;
    enum result r = sql_activity_came(db, community, person, (int64_t)max, &rows);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct board board;

        r = board_get(db, rows.row[i].board, &board);
        if (r == OK && board.state == BOARD_OPEN)
            ret_deeds[(*ret_n)++] = (struct party_deed){
                rows.row[i].title, entry_url(db_arena(db), &board, community, rows.row[i].id), rows.row[i].came_at};
    }
    return r;
}

const struct party_kinds activity_party = {.attended = attended};
