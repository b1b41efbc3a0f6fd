/* move.c: open threads follow their estate into another community, and so does who is responsible. */
#include "boards/inquiry/move.sql.h"
#include "boards/inquiry/rules.h"
#include "civic/media/media.h"

static enum result move_one(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    const struct inquiry_actor itself = {.now = at};
    const struct inquiry_event event = {
        .verb = "moved",
        .detail = str_printf(db_arena(db), "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}", from, to),
    };
    struct sql_inquiry_messages_ids_rows messages;
    enum result r = sql_inquiry_messages_ids(db, from, id, &messages);

    if (r == OK)
        r = clock_carry(db, from, to, STR("inquiry"), id);
    for (size_t i = 0; r == OK && i < messages.n; i++)
        r = media_carry(db, from, to, STR("inquiry_message"), messages.row[i].id);
    if (r == OK)
        r = sql_inquiry_move_messages(db, from, to, id);
    if (r == OK)
        r = sql_inquiry_moved_messages(db, from, id);
    if (r == OK)
        r = sql_inquiry_move_to(db, from, to, id);
    if (r == OK)
        r = sql_inquiry_moved(db, from, id);
    return r == OK ? inquiry_record(db, &itself, to, id, &event, NULL) : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct sql_inquiry_open_of_estate_rows rows;
    enum result r = sql_inquiry_open_of_estate(db, from, estate, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = move_one(db, from, to, rows.row[i].id, at);
    return r == OK ? sql_officer_community_copy(db, from, to) : r;
}

const struct place_mover inquiry_mover = {.name = "inquiry", .move = move};
