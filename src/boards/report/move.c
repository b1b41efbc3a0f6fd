/* move.c: open reports follow their estate into another community, so that somebody answers for them. */
#include "boards/report/move.sql.h"
#include "boards/report/rules.h"
#include "civic/media/media.h"
#include "civic/moderation/moderation.h"
#include "civic/place/place.h"
#include "civic/search/search.h"

static const struct place_part parts[] = {
    {sql_report_move_orders, sql_report_moved_orders}, {sql_report_move_comments, sql_report_moved_comments},
    {sql_report_move_notes, sql_report_moved_notes},   {sql_report_move_steps, sql_report_moved_steps},
    {sql_report_move_joins, sql_report_moved_joins},   {sql_report_move_follows, sql_report_moved_follows},
    {sql_report_move_thumbs, sql_report_moved_thumbs}, {sql_report_move_versions, sql_report_moved_versions},
};

/* Clocks, pictures and what moderation knows of the report, of its orders and of its steps. */
static enum result carry(struct db *db, int64_t from, int64_t to, int64_t id)
{
    struct sql_report_orders_ids_rows orders;
    struct sql_report_steps_ids_rows steps;
    struct sql_report_comments_moderated_rows comments;
    enum result r = sql_report_orders_ids(db, from, id, &orders);

    if (r == OK)
        r = sql_report_steps_ids(db, from, id, &steps);
    if (r == OK)
        r = clock_carry(db, from, to, STR("report"), id);
    if (r == OK)
        r = moderation_carry(db, from, to, "report", id);
    if (r == OK)
        r = sql_report_comments_moderated(db, from, id, &comments);
    for (size_t i = 0; r == OK && i < comments.n; i++)
        r = moderation_carry(db, from, to, "report_comment", comments.row[i].id);
    if (r == OK)
        r = media_carry(db, from, to, STR("report"), id);
    for (size_t i = 0; r == OK && i < orders.n; i++)
        r = clock_carry(db, from, to, STR("work_order"), orders.row[i].id);
    for (size_t i = 0; r == OK && i < steps.n; i++)
        r = media_carry(db, from, to, STR("report_step"), steps.row[i].id);
    return r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct sql_report_open_of_estate_rows rows;
    enum result r = sql_report_open_of_estate(db, from, estate, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_report_open_of_estate *row = &rows.row[i];
        struct report_actor itself = {.who = WHO_CLOCK, .now = at};
        struct report_event event = {
            .verb = "moved",
            .report = row->id,
            .detail = str_printf(db_arena(db), "{\"from\":\"%lld\",\"to\":\"%lld\"}", (long long)from, (long long)to),
        };
        struct sql_report_number_taken taken;
        struct sql_report_get report;

        if ((r = carry(db, from, to, row->id)) != OK)
            return r;
        r = place_carry(db, from, to, row->id, parts, sizeof(parts) / sizeof(parts[0]));
        if (r == OK)
            r = search_remove(db, from, row->id);
        if (r == OK)
            r = sql_report_move_to(db, from, to, row->id);
        if (r == OK)
            r = sql_report_moved(db, from, row->id);
        if (r == OK)
            r = sql_report_get(db, to, row->id, &report);
        if (r != OK)
            return r;
        r = sql_report_number_taken(db, to, row->id, report.number, &taken);
        if (r == OK)
            r = sql_report_renumber(
                db, to, row->id,
                str_printf(db_arena(db), STR_FMT "-%03lld", STR_ARG(report.number), (long long)(from % 1000)));
        if (r != OK && r != E_NOT_FOUND)
            return r;
        r = row->hidden ? OK : report_index(db, to, row->id, row->title, row->body, row->spot);
        if (r == OK)
            r = report_record(db, &itself, to, &event, NULL);
    }
    return r == OK ? sql_report_templates_copy(db, from, to) : r;
}

const struct place_mover report_mover = {.name = "report", .move = move};
