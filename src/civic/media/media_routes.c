/* media_routes.c: see media_routes.h. */
#include "civic/media/media_routes.h"

#include <inttypes.h>

#include "civic/access/access.h"
#include "civic/media/views/media_photo.html.h"
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

bool media_may_see(struct request *rq, const struct media *media)
{
    const struct media_guard *guard = guard_of(media->subject_kind);

    return guard && guard->may_see(rq, media);
}

struct media_subject {
    struct subject_scope scope;
    struct media media;
    bool moved; /* to rq->place */
};

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return media_get(db, place, id, ret);
}

static enum result load(struct request *rq)
{
    struct media_subject *s = arena_new(rq->arena, struct media_subject);
    enum result r = media_get(rq->db, rq->path_id[0], rq->path_id[1], &s->media);

    rq->place = rq->path_id[0];
    if (r == E_NOT_FOUND) {
        r = place_follow(rq->db, rq->path_id[0], rq->path_id[1], get_at, &s->media, &rq->place);
        s->moved = r == OK;
    }
    if (r != OK)
        return r;
    s->scope.place = rq->place;
    rq->subject = s;
    return media_may_see(rq, &s->media) ? OK : E_NOT_FOUND;
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

/* ---- the large view: what the script shows over the page, as a page of its own ------------------------------------------ */

static struct url photo_url(struct request *rq, int64_t id)
{
    return url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/photo", rq->place, id);
}

/* Those of the same subject that the viewer may see, in their order; the last one leads to the first. */
static enum result fill_neighbours(struct request *rq, const struct media *media, struct media_photo_view *view)
{
    struct media_list list;
    size_t n = 0, at = 0;
    enum result r = media_of_subject(rq->db, rq->place, media->subject_kind, media->subject, &list);

    if (r != OK)
        return r;
    for (size_t i = 0; i < list.n; i++) {
        if (list.media[i].id != media->id && list.media[i].hidden && !media_may_see(rq, &list.media[i]))
            continue;
        if (list.media[i].id == media->id)
            at = n;
        list.media[n++] = list.media[i];
    }
    view->number = (int64_t)at + 1;
    view->total = (int64_t)n;
    if (n > 1) {
        view->previous = photo_url(rq, list.media[(at + n - 1) % n].id);
        view->next = photo_url(rq, list.media[(at + 1) % n].id);
    }
    return OK;
}

static enum result photo(struct request *rq)
{
    const struct media_subject *s = rq->subject;
    const struct media *media = &s->media;
    const struct media_guard *guard = guard_of(media->subject_kind);
    struct media_photo_view view = {
        .id = media->id,
        .full = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, rq->place, media->id),
        .width = media->width,
        .height = media->height,
    };
    enum result r;

    if (s->moved)
        return respond_see_other(rq, photo_url(rq, media->id), T_none);
    r = fill_neighbours(rq, media, &view);
    if (r == OK && guard->page)
        r = guard->page(rq, media, &view.back);
    return r == OK ? respond_view(rq, media_photo, &view) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/media/{place}/{id}", "media.full", .handle = full, .subject = &media_subject, .need = CAP_PUBLIC,
     .doc = "A picture"},
    {HTTP_GET, "/media/{place}/{id}/thumb", "media.thumb", .handle = thumb, .subject = &media_subject,
     .need = CAP_PUBLIC, .doc = "A small picture"},
    {HTTP_GET, "/media/{place}/{id}/photo", "media.photo", .handle = photo, .subject = &media_subject,
     .need = CAP_PUBLIC, .view = &media_photo_info, .doc = "A picture in full, with the way to the next one"},
};

const struct module media_module = {.name = "media", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
