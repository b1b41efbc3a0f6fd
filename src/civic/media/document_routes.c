/* document_routes.c: /document/{place}/{id}: the file, to be saved; its first page as a picture. Seen by whoever may see what it belongs to. */
#include "civic/access/access.h"
#include "civic/media/media_document.h"
#include "civic/media/media_routes.h"
#include "civic/place/place.h"
#include "civic/service/service.h"
#include "engine/http/http.h"

struct document_subject {
    struct subject_scope scope;
    struct media_document document;
    bool moved; /* to rq->place */
};

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return document_get(db, place, id, ret);
}

static enum result load(struct request *rq)
{
    struct document_subject *s = arena_new(rq->arena, struct document_subject);
    enum result r = document_get(rq->db, rq->path_id[0], rq->path_id[1], &s->document);

    rq->place = rq->path_id[0];
    if (r == E_NOT_FOUND) {
        r = place_follow(rq->db, rq->path_id[0], rq->path_id[1], get_at, &s->document, &rq->place);
        s->moved = r == OK;
    }
    if (r != OK)
        return r;
    s->scope.place = rq->place;
    rq->subject = s;
    /* The guards know subjects; to them a document is one thing of it more. */
    const struct media as_media = {
        .community = s->document.community,
        .id = s->document.id,
        .subject_kind = s->document.subject_kind,
        .subject = s->document.subject,
        .stage = MEDIA_STAGE_REFERENCE,
        .author = s->document.author,
        .hidden = s->document.hidden,
    };
    return media_may_see(rq, &as_media) ? OK : E_NOT_FOUND;
}
static const struct subject_kind document_subject = {"document", load};

static const struct media_document *document_of(const struct request *rq)
{
    return &((const struct document_subject *)rq->subject)->document;
}

static enum result elsewhere(struct request *rq, const char *tail)
{
    return respond_see_other(
        rq, url_path(rq->arena, "/document/%" PRId64 "/%" PRId64 "%s", rq->place, document_of(rq)->id, tail), T_none);
}

/* The names of RFC 6266: the second is read by all browsers of today, the first by what is older. */
static struct str disposition(struct request *rq)
{
    struct str encoded = url_encode(rq->arena, document_of(rq)->name);

    return str_printf(rq->arena, "attachment; filename=\"document-%" PRId64 ".pdf\"; filename*=UTF-8''" STR_FMT,
                      document_of(rq)->id, STR_ARG(encoded));
}

/* To be saved, never shown by the server's name: a browser that shows it all the same gives it no scripts, forms or origin. */
static enum result file(struct request *rq)
{
    const struct document_subject *s = rq->subject;
    struct str mapped;
    enum result r;

    if (s->moved)
        return elsewhere(rq, "");
    r = media_store_map_document(services_of(rq)->store, s->document.hash, &mapped);
    if (r != OK)
        return r;
    respond_header(rq, STR("Cache-Control"), STR("private, max-age=86400, immutable"));
    respond_header(rq, STR("Content-Disposition"), disposition(rq));
    respond_header(rq, STR("Content-Security-Policy"), STR("sandbox; default-src 'none'; frame-ancestors 'none'"));
    respond_header(rq, STR("X-Download-Options"), STR("noopen"));
    return respond_mapped(rq, 200, STR("application/pdf"), mapped);
}

static enum result picture(struct request *rq, bool thumb)
{
    const struct document_subject *s = rq->subject;
    struct str jpeg;
    enum result r;

    if (s->moved)
        return elsewhere(rq, thumb ? "/thumb" : "/first");
    r = media_store_get(services_of(rq)->store, rq->arena, s->document.picture, thumb, &jpeg);
    if (r != OK)
        return r;
    respond_header(rq, STR("Cache-Control"), STR("private, max-age=86400, immutable"));
    respond_header(rq, STR("Content-Disposition"), STR("inline"));
    return respond_bytes(rq, 200, STR("image/jpeg"), jpeg);
}

static enum result first(struct request *rq)
{
    return picture(rq, false);
}

static enum result thumb(struct request *rq)
{
    return picture(rq, true);
}

static const struct route routes[] = {
    {HTTP_GET, "/document/{place}/{id}", "document.file", .handle = file, .subject = &document_subject,
     .need = CAP_PUBLIC, .doc = "A document (PDF), to be saved"},
    {HTTP_GET, "/document/{place}/{id}/first", "document.first", .handle = first, .subject = &document_subject,
     .need = CAP_PUBLIC, .doc = "The first page of a document as a picture"},
    {HTTP_GET, "/document/{place}/{id}/thumb", "document.thumb", .handle = thumb, .subject = &document_subject,
     .need = CAP_PUBLIC, .doc = "The first page of a document as a small picture"},
};

const struct module document_module = {
    .name = "document", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
