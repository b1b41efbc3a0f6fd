/* move.c: open threads follow their estate into another community, and so does who is responsible; published questions go when their
 * community ends. */
#include "boards/inquiry/move.sql.h"
#include "boards/inquiry/rules.h"
#include "civic/entry/entry.h"
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

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct entry_ids ids = {0};
    enum result r = heir ? entry_of_community(db, from, "inquiry", &ids) : OK;

    for (size_t i = 0; r == OK && i < ids.n; i++) {
        r = sql_inquiry_public_move(db, from, heir, ids.id[i]);
        if (r == OK)
            r = sql_inquiry_public_moved(db, from, ids.id[i]);
        if (r == OK)
            r = entry_carry(db, from, heir, ids.id[i], at);
    }
    if (r == OK && heir)
        r = sql_inquiry_templates_move(db, from, heir);
    return r == OK && heir ? sql_inquiry_templates_moved(db, from) : r;
}

const struct place_mover inquiry_mover = {"inquiry", move, settle};
