/* routes_feed.c: /p/{place}/bulletin/{board}/feed.atom (RFC 4287): what everybody may read, and nothing else. */
#include "boards/bulletin/routes.h"

#include <stdlib.h>

#include "civic/media/media_document.h"
#include "civic/place/place_subject.h"
#include "engine/base/time.h"

enum { FEED_MAX = 30 };

/* Signs that XML 1.0 does not have are left out. */
static void xml(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        switch (s.ptr[i]) {
        case '&': buf_put(b, STR("&amp;")); break;
        case '<': buf_put(b, STR("&lt;")); break;
        case '>': buf_put(b, STR("&gt;")); break;
        case '"': buf_put(b, STR("&quot;")); break;
        default:
            if ((unsigned char)s.ptr[i] >= 0x20 || s.ptr[i] == '\n' || s.ptr[i] == '\t')
                buf_putc(b, s.ptr[i]);
        }
}

static void xml_time(struct buf *b, const char *name, int64_t t)
{
    buf_printf(b, "<%s>" STR_FMT "</%s>", name, STR_ARG(time_rfc3339(b->arena, t)), name);
}

static void enclosure(struct buf *b, struct str base, struct url url, const char *type, int64_t bytes, struct str title)
{
    buf_printf(b, "<link rel=\"enclosure\" type=\"%s\" length=\"%" PRId64 "\" href=\"", type, bytes);
    xml(b, base);
    xml(b, url.s);
    if (title.len) {
        buf_put(b, STR("\" title=\""));
        xml(b, title);
    }
    buf_put(b, STR("\"/>"));
}

/* Its documents and pictures: who reads the feed may fetch them. */
static enum result enclosures(struct request *rq, struct buf *b, struct str base, const struct sql_bulletin_page *e)
{
    struct document_list documents;
    struct media_list media = {NULL, 0};
    enum result r = document_of_subject(rq->db, e->community, STR("entry"), e->id, &documents);

    if (r == OK && e->photos)
        r = media_of_subject(rq->db, e->community, STR("entry"), e->id, &media);
    for (size_t i = 0; r == OK && i < documents.n; i++)
        if (!documents.document[i].hidden)
            enclosure(b, base,
                      url_path(rq->arena, "/document/%" PRId64 "/%" PRId64, e->community, documents.document[i].id),
                      "application/pdf", documents.document[i].bytes, documents.document[i].name);
    for (size_t i = 0; r == OK && i < media.n; i++)
        if (!media.media[i].hidden)
            enclosure(b, base, url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, e->community, media.media[i].id),
                      "image/jpeg", media.media[i].bytes, STR_NONE);
    return r;
}

static int64_t changed_at(const struct sql_bulletin_page *e)
{
    return e->edited_at > e->published_at ? e->edited_at : e->published_at;
}

enum result bulletin_feed(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct bulletin_rows rows, pinned;
    int64_t updated = 0;
    struct str base;
    struct buf b;
    enum result r;

    if (s->board.readers != READERS_EVERYBODY || s->board.state != BOARD_OPEN)
        return E_NOT_FOUND; /* a program that reads feeds is nobody's neighbour */
    r = place_public_address(rq, &base);
    if (r == OK)
        r = bulletin_out_at(rq, &s->board, false, INT64_MAX, INT64_MAX, FEED_MAX, &rows);
    if (r == OK)
        r = bulletin_out_at(rq, &s->board, true, INT64_MAX, INT64_MAX, BULLETIN_PINNED_MAX, &pinned);
    if (r != OK)
        return r;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct bulletin_rows all = {arena_array(rq->arena, struct sql_bulletin_page, rows.n + pinned.n + 1), 0};
    for (size_t i = 0; i < rows.n; i++)
        all.row[all.n++] = rows.row[i];
    for (size_t i = 0; i < pinned.n; i++)
        all.row[all.n++] = pinned.row[i];
    if (all.n)
        qsort(all.row, all.n, sizeof(*all.row), bulletin_newest_first);
    buf_init(&b, rq->arena, 16 * 1024, 4 << 20);
    buf_put(&b, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>"));
    xml(&b, board_name(&s->board, rq->lang));
    buf_put(&b, STR(" · "));
    xml(&b, s->place.name);
    buf_put(&b, STR("</title><id>"));
    xml(&b, str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(base), STR_ARG(here.s)));
    buf_put(&b, STR("</id><link rel=\"self\" type=\"application/atom+xml\" href=\""));
    xml(&b, str_printf(rq->arena, STR_FMT STR_FMT "/feed.atom", STR_ARG(base), STR_ARG(here.s)));
    buf_put(&b, STR("\"/><link rel=\"alternate\" type=\"text/html\" href=\""));
    xml(&b, str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(base), STR_ARG(here.s)));
    buf_put(&b, STR("\"/>"));
    for (size_t i = 0; i < all.n; i++)
        if (changed_at(&all.row[i]) > updated)
            updated = changed_at(&all.row[i]);
    xml_time(&b, "updated", all.n ? updated : s->board.changed_at);
    for (size_t i = 0; i < all.n; i++) {
        const struct sql_bulletin_page *e = &all.row[i];
        struct url one = entry_url(rq->arena, &s->board, e->community, e->id);

        buf_put(&b, STR("\n<entry><title>"));
        xml(&b, e->title);
        buf_put(&b, STR("</title><id>"));
        xml(&b, str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(base), STR_ARG(one.s)));
        buf_put(&b, STR("</id><link href=\""));
        xml(&b, str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(base), STR_ARG(one.s)));
        buf_put(&b, STR("\"/>"));
        if ((r = enclosures(rq, &b, base, e)) != OK)
            return r;
        xml_time(&b, "published", e->published_at);
        xml_time(&b, "updated", changed_at(e));
        buf_put(&b, STR("<author><name>"));
        xml(&b, e->author_from.len ? e->author_from : s->place.name);
        buf_put(&b, STR("</name></author><content type=\"html\">"));
        xml(&b, markdown_render(rq->arena, e->body).s);
        buf_put(&b, STR("</content></entry>"));
    }
    buf_put(&b, STR("\n</feed>\n"));
    return respond_bytes(rq, 200, STR("application/atom+xml; charset=utf-8"), buf_str(&b));
}
