/* present.c: an activity as people read it. */
#include "boards/activity/routes.h"
#include "boards/activity/views/activity_row.html.h"
#include "civic/entry/entry_present.h"
#include "civic/media/media.h"

struct activity_now activity_now(int state, const struct sql_activity_coming *a, int64_t now)
{
    switch (state) {
    case ACTIVITY_WAITING: return (struct activity_now){T_activity_state_waiting, "wait"};
    case ACTIVITY_PLANNED: return (struct activity_now){T_activity_state_planned, "open"};
    case ACTIVITY_DONE: return (struct activity_now){T_activity_state_done, "done"};
    case ACTIVITY_CANCELLED: return (struct activity_now){T_activity_state_cancelled, "late"};
    case ACTIVITY_DECLINED: return (struct activity_now){T_activity_state_declined, "shut"};
    default: break;
    }
    if (now >= a->ends_at)
        return (struct activity_now){T_activity_state_over, "shut"};
    if (now >= a->starts_at)
        return (struct activity_now){T_activity_state_on, "doing"};
    if (now >= a->signs_until)
        return (struct activity_now){T_activity_state_closed, "shut"};
    if (a->waits || (a->capacity && a->taken >= a->capacity))
        return (struct activity_now){T_activity_state_full, "wait"};
    return (struct activity_now){T_activity_state_open, "doing"};
}

struct activity_now activity_now_of(const struct entry *entry, const struct sql_activity_get *a, int64_t now)
{
    const struct sql_activity_coming row = {.starts_at = a->starts_at,
                                            .ends_at = a->ends_at,
                                            .signs_until = a->signs_until,
                                            .capacity = a->capacity,
                                            .taken = a->taken,
                                            .waits = a->waits};

    return activity_now(activity_state(entry), &row, now);
}

struct str activity_when(struct arena *a, enum lang lang, int64_t now, int64_t starts_at, int64_t ends_at)
{
    const struct civil from = time_civil(starts_at), to = time_civil(ends_at);
    struct str day = day_words(a, lang, now, day_of(starts_at));

    if (day_of(starts_at) == day_of(ends_at))
        return str_printf(a, STR_FMT " %d:%02d–%d:%02d", STR_ARG(day), from.hour, from.minute, to.hour, to.minute);
    return str_printf(a, STR_FMT " %d:%02d – " STR_FMT " %d:%02d", STR_ARG(day), from.hour, from.minute,
                      STR_ARG(day_words(a, lang, now, day_of(ends_at))), to.hour, to.minute);
}

struct str activity_room(struct arena *a, enum lang lang, int64_t capacity, int64_t taken, int64_t waits)
{
    if (capacity == 0)
        return text_format(a, lang, T_activity_room_free, TEXT_INT("n", taken));
    if (taken >= capacity || waits)
        return text_format(a, lang, T_activity_room_full, TEXT_INT("n", capacity), TEXT_INT("waits", waits));
    return text_format(a, lang, T_activity_room_left, TEXT_INT("n", capacity - taken), TEXT_INT("all", capacity));
}

static enum result add_covers(struct request *rq, int64_t place, const struct sql_activity_coming *rows, size_t n,
                              struct activity_row_view *view)
{
    int64_t ids[MEDIA_COVERS_MAX];
    struct media_covers covers;
    size_t pictured = 0;
    enum result r;

    for (size_t i = 0; i < n && pictured < MEDIA_COVERS_MAX; i++)
        if (rows[i].community == place && rows[i].photos)
            ids[pictured++] = rows[i].entry;
    if (pictured == 0)
        return OK;
    r = media_covers(rq->db, place, STR("entry"), ids, pictured, &covers);
    for (size_t k = 0; r == OK && k < covers.n; k++)
        for (size_t i = 0; i < n; i++)
            if (rows[i].entry == covers.cover[k].subject)
                view[i].photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", place, covers.cover[k].id);
    return r;
}

enum result activity_rows_fill(struct request *rq, const struct board *board, const struct sql_activity_coming *rows,
                               size_t n, struct activity_row_view *view)
{
    int64_t chain[4];
    size_t levels = place_chain(rq->place, chain);
    enum result r = OK;

    for (size_t i = 0; i < n; i++) {
        int state = flow_state_of(&activity_flow, rows[i].state);
        struct activity_now now = activity_now(state, &rows[i], rq->now);

        view[i] = (struct activity_row_view){
            .id = rows[i].entry,
            .place = rows[i].community,
            .title = rows[i].title,
            .state = now.word,
            .mark = str_from_cstr(now.mark),
            .starts = rows[i].starts_at,
            .ends = rows[i].ends_at,
            .when = activity_when(rq->arena, rq->lang, rq->now, rows[i].starts_at, rows[i].ends_at),
            .spot = rows[i].spot,
            .capacity = rows[i].capacity,
            .taken = rows[i].taken,
            .hours = rows[i].gives_hours,
            .by = rows[i].organisation ? rows[i].author_from : rows[i].shown_name,
            .url = entry_url(rq->arena, board, rows[i].community, rows[i].entry),
        };
        if (state == ACTIVITY_OPEN && rows[i].ends_at > rq->now)
            view[i].room = activity_room(rq->arena, rq->lang, rows[i].capacity, rows[i].taken, rows[i].waits);
    }
    for (size_t i = 0; r == OK && i < levels; i++)
        r = add_covers(rq, chain[i], rows, n, view);
    return r;
}

int64_t activity_home_of(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);

    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified && place_contains(rq->place, viewer->residence[i].community))
            return viewer->residence[i].community;
    return 0;
}

enum result activity_refuse(struct request *rq, enum activity_no no)
{
    static const enum text words[] = {
        [ACTIVITY_YES] = T_activity_no_moved,     [NO_CLOSED] = T_activity_no_closed,
        [NO_FULL] = T_activity_no_full,           [NO_ALREADY] = T_activity_no_already,
        [NO_LATE] = T_activity_leave_late,        [NO_NOT_IN] = T_activity_no_not_in,
        [NO_TOO_EARLY] = T_activity_no_too_early,
    };

    return request_refuse(rq, E_CONFLICT, words[no]);
}
