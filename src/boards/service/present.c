/* present.c: the subjects of this kind's routes, and words that several pages need. */
#include "boards/service/routes.h"

#include "civic/person/person.h"

static enum result load_provider(struct request *rq)
{
    struct provider_subject *s = arena_new(rq->arena, struct provider_subject);
    enum result r = entry_subject.load(rq);

    if (r != OK)
        return r;
    s->of = *(const struct entry_subject *)rq->subject;
    r = sql_provider_get(rq->db, s->of.entry.community, s->of.entry.id, &s->provider);
    if (r == OK)
        rq->subject = s;
    return r;
}
const struct subject_kind provider_subject = {"provider", load_provider};

static enum result load_slot(struct request *rq)
{
    struct slot_subject *s = arena_new(rq->arena, struct slot_subject);
    enum result r = sql_slot_get(rq->db, rq->path_id[0], rq->path_id[1], &s->slot);

    if (r != OK)
        return r;
    int64_t slot = rq->path_id[1];

    rq->path_id[1] = s->slot.provider; /* what it is a time of: found, and refused, as on its own page */
    r = load_provider(rq);
    rq->path_id[1] = slot; /* a subject is loaded again when a batch is done again, and when a form comes back */
    if (r != OK)
        return r;
    s->of = *(const struct provider_subject *)rq->subject;
    rq->subject = s;
    return OK;
}
const struct subject_kind slot_subject = {"slot", load_slot};

bool provider_runs(struct request *rq, const struct sql_provider_get *provider)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);

    if (!access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope))
        return false;
    /* Of two companies that share a board, each has its own customers. */
    return s->scope.of_place || provider->organisation == 0 || viewer_post_in(viewer, provider->organisation) != NULL;
}

struct str slot_when(struct request *rq, int64_t starts_at, int64_t ends_at)
{
    struct civil from = time_civil(starts_at), to = time_civil(ends_at);
    struct str day = day_words(rq->arena, rq->lang, rq->now, day_of(starts_at));

    if (day_of(starts_at) != day_of(ends_at))
        return str_printf(rq->arena, STR_FMT " %d:%02d – " STR_FMT " %d:%02d", STR_ARG(day), from.hour, from.minute,
                          STR_ARG(day_words(rq->arena, rq->lang, rq->now, day_of(ends_at))), to.hour, to.minute);
    return str_printf(rq->arena, STR_FMT " %d:%02d–%d:%02d", STR_ARG(day), from.hour, from.minute, to.hour, to.minute);
}

struct str open_words(struct request *rq, const struct open_hours *h, bool *ret_open)
{
    int64_t until;
    struct civil at;
    struct str when;

    *ret_open = open_at(h, rq->now, &until);
    if (until == 0)
        return text(rq->lang, T_service_shut_long);
    at = time_civil(until);
    /* 24:00 is the midnight that ends the day. */
    when = *ret_open
             ? at.hour == 0 && at.minute == 0 ? STR("24:00") : str_printf(rq->arena, "%d:%02d", at.hour, at.minute)
             : str_printf(rq->arena, STR_FMT " %d:%02d",
                          STR_ARG(day_words(rq->arena, rq->lang, rq->now, day_of(until))), at.hour, at.minute);
    return text_format(rq->arena, rq->lang, *ret_open ? T_service_open_until : T_service_shut_opens,
                       TEXT_STR("when", when));
}

int64_t viewer_home_below(const struct viewer *viewer, int64_t place)
{
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified && place_contains(place, viewer->residence[i].community))
            return viewer->residence[i].community;
    return 0;
}

struct url slot_url(struct request *rq, int64_t slot)
{
    return url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place),
                     str_cstr(rq->arena, str_printf(rq->arena, "/slot/%" PRId64, slot)));
}
