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
