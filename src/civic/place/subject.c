/* subject.c: loads the place that an address names, or the one that the viewer works for. */
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/routes.h"

static enum result take(struct request *rq, int64_t code)
{
    struct place_subject *s = arena_new(rq->arena, struct place_subject);
    enum result r = place_get(rq->db, code, &s->place);

    if (r != OK)
        return r;
    s->scope.place = s->place.code;
    rq->place = s->place.code;
    rq->subject = s;
    return OK;
}

static enum result load(struct request *rq)
{
    return take(rq, rq->path_id[0]);
}

const struct subject_kind place_subject = {"place", load};

/* Without a post there is no place: the right that the page needs is refused then. */
static enum result load_of_post(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);

    if (post == NULL) {
        rq->subject = arena_new(rq->arena, struct place_subject);
        return OK;
    }
    return take(rq, post->place);
}

const struct subject_kind place_of_post = {"place_of_post", load_of_post};

/* ---- what has gone elsewhere ---- */

/* "/p/310113007011" at the beginning of an address, and what stands behind it. */
static bool names_place(struct str path, struct str *ret_behind)
{
    enum { PREFIX = 3, DIGITS = 12 };

    if (!str_starts(path, STR("/p/")) || path.len < PREFIX + DIGITS ||
        (path.len > PREFIX + DIGITS && path.ptr[PREFIX + DIGITS] != '/'))
        return false;
    *ret_behind = (struct str){path.ptr + PREFIX + DIGITS, path.len - PREFIX - DIGITS};
    return true;
}

static enum result lead(struct request *rq, int64_t place, struct str behind)
{
    struct str to = str_printf(rq->arena, "/p/%" PRId64 STR_FMT, place, STR_ARG(behind));
    struct url url;

    if (rq->x->query.len)
        to = str_printf(rq->arena, STR_FMT "?" STR_FMT, STR_ARG(to), STR_ARG(rq->x->query));
    return url_local(rq->arena, to, &url) == OK ? respond_see_other(rq, url, T_none) : E_NOT_FOUND;
}

enum result place_lead_to(struct request *rq, int64_t place)
{
    struct str behind;
    enum result r = OK;

    if (rq->route->method == HTTP_GET && names_place(rq->x->path, &behind))
        r = lead(rq, place, behind);
    return r == OK ? E_NOT_FOUND : r;
}

enum result place_lead_after(struct request *rq, place_getter *get, void *ret)
{
    int64_t place;
    enum result r = place_follow(rq->db, rq->path_id[0], rq->path_id[1], get, ret, &place);

    return r == OK ? place_lead_to(rq, place) : r;
}

enum result place_moved(struct request *rq)
{
    int64_t code = rq->n_path ? rq->path_id[0] : 0;
    struct place place;
    struct places now;
    struct str behind;
    enum result r;

    if (rq->route->method != HTTP_GET || !names_place(rq->x->path, &behind) || behind.len == 0)
        return E_NOT_FOUND;
    r = place_get(rq->db, code, &place);
    if (r == OK && place.valid_to == 0)
        r = E_NOT_FOUND;
    if (r == OK)
        r = place_now(rq->db, code, &now);
    if (r != OK)
        return r;
    return now.n == 1 ? lead(rq, now.place[0].code, behind) : lead(rq, code, STR_NONE);
}
