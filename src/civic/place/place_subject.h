/* place_subject.h: a place as the subject of a route: /p/{place}… */
#ifndef LILONG_CIVIC_PLACE_SUBJECT_H
#define LILONG_CIVIC_PLACE_SUBJECT_H

#include "civic/access/access.h"
#include "civic/place/place.h"

struct place_subject {
    struct subject_scope scope; /* first: see access.h */
    struct place place;         /* of any level; ended ones too */
};

/* rq->subject is a struct place_subject. E_NOT_FOUND: there never was such a place. */
extern const struct subject_kind place_subject;
/* The same for /desk/…: the place of the post that the viewer works by. Without a post there is none, and the right is refused. */
extern const struct subject_kind place_of_post;

/* Leads whoever asks for a page to the same address at another place, where what it is about has gone. E_NOT_FOUND: the answer is there all the same, which
 * is what a subject's load returns; nothing is answered to what is no GET, or names no place. */
enum result place_lead_to(struct request *rq, int64_t place) MUST_USE;
/* The same for a subject that is not at the place of its address, "/p/{place}/…/{id}": it is looked for by place_follow() at what came of that place. ret: for
 * `get`. E_NOT_FOUND also when it has gone nowhere. */
enum result place_lead_after(struct request *rq, place_getter *get, void *ret) MUST_USE;
/* For app_policy.moved: the page's place has ended. Its successor has the same page, or the place's own page says which there are. E_NOT_FOUND: it has not ended. */
enum result place_moved(struct request *rq) MUST_USE;

/* "https://lilong.example.cn": the setting listen.public_url, or where this request came to. E_INVALID: no usable Host. */
enum result place_public_address(const struct request *rq, struct str *ret_address) MUST_USE;

static inline const struct place *place_of(const struct request *rq)
{
    return &((const struct place_subject *)rq->subject)->place;
}

#endif
