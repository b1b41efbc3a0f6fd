/* subject.c: loads the place that an address names. */
#include "civic/place/place_subject.h"

static enum result load(struct request *rq)
{
    struct place_subject *s = arena_new(rq->arena, struct place_subject);
    enum result r = place_get(rq->db, rq->path_id[0], &s->place);

    if (r != OK)
        return r;
    s->scope.place = s->place.code;
    rq->place = s->place.code;
    rq->subject = s;
    return OK;
}

const struct subject_kind place_subject = {"place", load};
