/* media_routes.h: /media/{place}/{id}: a picture is seen by whoever may see what it belongs to. The modules say who that is. */
#ifndef LILONG_CIVIC_MEDIA_ROUTES_H
#define LILONG_CIVIC_MEDIA_ROUTES_H

#include "civic/media/media.h"
#include "engine/app/app.h"

struct media_guard {
    const char *subject_kind;
    /* rq->place is the picture's. False: for this viewer the picture is not there. */
    bool (*may_see)(struct request *rq, const struct media *media);
    /* The page on which it stands, for the way back from the large view; NULL: there is none to name. */
    enum result (*page)(struct request *rq, const struct media *media, struct url *ret_page);
};
struct media_guards { const struct media_guard *guard; size_t n; };
/* Once, at start. A picture of a kind that has no guard is seen by nobody. */
void media_use_guards(const struct media_guards *const *guards, size_t n);

/* Asks the guard of its subject. */
bool media_may_see(struct request *rq, const struct media *media);

extern const struct module media_module, document_module;

#endif
