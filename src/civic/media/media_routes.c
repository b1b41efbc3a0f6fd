/* media_routes.c: see media_routes.h. */
#include "civic/media/media_routes.h"

#include <inttypes.h>

#include "civic/access/access.h"
#include "civic/place/place.h"
#include "civic/service/service.h"

static const struct media_guards *const *tables; /* set once at start */
static size_t n_tables;

void media_use_guards(const struct media_guards *const *guards, size_t n)
{
    tables = guards;
    n_tables = n;
}

static const struct media_guard *guard_of(struct str subject_kind)
{
    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            if (str_eq(subject_kind, str_from_cstr(tables[t]->guard[i].subject_kind)))
                return &tables[t]->guard[i];
    return NULL;
}

struct media_subject {
    struct subject_scope scope;
    struct media media;
    bool moved; /* to rq->place */
};

/* What it belongs to went along when a community merged or split; addresses of pictures are out in the world. */
static enum result find_moved(struct request *rq, struct media_subject *s)
{
    const int64_t *after;
    size_t n;
    enum result r = place_after(rq->db, rq->path_id[0], &after, &n);

    for (size_t i = 0; r == OK && i < n; i++) {
        r = media_get(rq->db, after[i], rq->path_id[1], &s->media);
        if (r != E_NOT_FOUND) {
            s->moved = true;
            rq->place = after[i];
            return r;
        }
        r = OK;
    }
    return r == OK ? E_NOT_FOUND : r;
}

static enum result load(struct request *rq)
{
    struct media_subject *s = arena_new(rq->arena, struct media_subject);
    const struct media_guard *guard;
    enum result r = media_get(rq->db, rq->path_id[0], rq->path_id[1], &s->media);

    rq->place = rq->path_id[0];
    if (r == E_NOT_FOUND)
        r = find_moved(rq, s);
    if (r != OK)
        return r;
    s->scope.place = rq->place;
    rq->subject = s;
    guard = guard_of(s->media.subject_kind);
    return guard && guard->may_see(rq, &s->media) ? OK : E_NOT_FOUND;
}
static const struct subject_kind media_subject = {"media", load};

static enum result serve(struct request *rq, bool thumb)
{
    const struct media_subject *s = rq->subject;
    const struct media *media = &s->media;
    struct str jpeg;
    enum result r;

    if (s->moved)
        return respond_see_other(
            rq,
            url_path(rq->arena, thumb ? "/media/%" PRId64 "/%" PRId64 "/thumb" : "/media/%" PRId64 "/%" PRId64,
                     rq->place, media->id),
            T_none);
    r = media_store_get(services_of(rq)->store, rq->arena, media->hash, thumb, &jpeg);

    if (r != OK)
        return r;
    respond_header(rq, STR("Cache-Control"), STR("private, max-age=86400, immutable"));
    respond_header(rq, STR("Content-Disposition"), STR("inline"));
    return respond_bytes(rq, 200, STR("image/jpeg"), jpeg);
}

static enum result full(struct request *rq)
{
    return serve(rq, false);
}

static enum result thumb(struct request *rq)
{
    return serve(rq, true);
}

static const struct route routes[] = {
    {HTTP_GET, "/media/{place}/{id}", "media.full", .handle = full, .subject = &media_subject, .need = CAP_PUBLIC,
     .doc = "A picture"},
    {HTTP_GET, "/media/{place}/{id}/thumb", "media.thumb", .handle = thumb, .subject = &media_subject,
     .need = CAP_PUBLIC, .doc = "A small picture"},
};

const struct module media_module = {.name = "media", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
