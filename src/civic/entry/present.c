/* present.c: see entry_present.h. */
#include "civic/entry/entry_present.h"

#include "civic/entry/entry.sql.h"
#include "civic/media/media_document.h"
#include "civic/media/media.h"
#include "civic/moderation/moderation.h"
#include "civic/person/person.h"

enum { COMMENTS = 30, BEGINNING = 80 };

struct str entry_initial(struct str name)
{
    return str_utf8_cut(name, 1);
}

/* Bytes of a line that only draws: the rule below the head of a table, a line across. 0: it says something. */
static size_t drawn_line(struct str rest, size_t at)
{
    size_t i = at, dashes = 0;

    for (; i < rest.len && rest.ptr[i] != '\n'; i++) {
        if (rest.ptr[i] != '-' && rest.ptr[i] != '|' && rest.ptr[i] != ':' && rest.ptr[i] != ' ' && rest.ptr[i] != '\r')
            return 0;
        dashes += rest.ptr[i] == '-';
    }
    return dashes > 1 ? i - at : 0;
}

/* Whether it can stand as it is: no line ends, nothing of Markdown, as nearly all that neighbours write. */
static bool plain_words(struct str s)
{
    static const bool special[256] = {
        ['\n'] = true, ['\r'] = true, ['#'] = true, ['*'] = true, ['`'] = true, ['>'] = true, ['|'] = true};

    for (size_t i = 0; i < s.len; i++)
        if (special[(unsigned char)s.ptr[i]])
            return false;
    return drawn_line(s, 0) == 0;
}

struct str entry_beginning(struct arena *a, struct str body)
{
    struct str rest = str_utf8_cut(body, BEGINNING);
    struct buf b;

    if (plain_words(rest))
        return str_trim(rest);
    buf_init(&b, a, rest.len + 1, rest.len + 1);
    for (size_t i = 0; i < rest.len; i++) {
        size_t drawn = i == 0 || rest.ptr[i - 1] == '\n' ? drawn_line(rest, i) : 0;
        char c;

        i += drawn;
        if (i == rest.len)
            break;
        c = rest.ptr[i];

        if (c == '\n' || c == '\r')
            c = ' ';
        if (c == '#' || c == '*' || c == '`' || c == '>' || c == '|')
            continue;
        buf_putc(&b, c);
    }
    return str_trim(buf_str(&b));
}

static enum result add_covers(struct request *rq, int64_t place, const struct entry_rows *rows,
                              struct entry_row_view *view)
{
    int64_t ids[MEDIA_COVERS_MAX];
    struct media_covers covers;
    size_t n = 0;
    enum result r;

    for (size_t i = 0; i < rows->n && n < MEDIA_COVERS_MAX; i++)
        if (rows->row[i].community == place && rows->row[i].photos)
            ids[n++] = rows->row[i].id;
    if (n == 0)
        return OK;
    r = media_covers(rq->db, place, STR("entry"), ids, n, &covers);
    for (size_t k = 0; r == OK && k < covers.n; k++)
        for (size_t i = 0; i < rows->n; i++)
            if (rows->row[i].id == covers.cover[k].subject)
                view[i].photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", place, covers.cover[k].id);
    return r;
}

enum result entry_rows_fill(struct request *rq, const struct board *board, const struct entry_rows *rows,
                            struct entry_row_view **ret_rows)
{
    struct entry_row_view *view = arena_array(rq->arena, struct entry_row_view, rows->n ? rows->n : 1);
    int64_t chain[4];
    size_t n = place_chain(rq->place, chain);

    for (size_t i = 0; i < rows->n; i++) {
        const struct entry_row *row = &rows->row[i];

        view[i] = (struct entry_row_view){
            .id = row->id,
            .place = row->community,
            .title = row->title,
            .text = entry_beginning(rq->arena, row->body),
            .pinned = row->pinned,
            .author = row->organisation ? row->author_from : row->author_name,
            .from = row->organisation ? STR_NONE : row->author_from,
            .party_badge = row->party_badge && row->organisation == 0, /* of a person, not of an office */
            .official = row->organisation != 0,
            .at = row->published_at,
            .comments = row->comments,
            .thumbs = row->thumbs,
            .url = entry_url(rq->arena, board, row->community, row->id),
        };
    }
    *ret_rows = view;
    for (size_t i = 0; i < n; i++) {
        enum result r = add_covers(rq, chain[i], rows, view);

        if (r != OK)
            return r;
    }
    return OK;
}

static enum result fill_reply(struct request *rq, int64_t reply, struct entry_talk_view *view)
{
    struct sql_entry_comment_get comment;
    struct person_label label;
    enum result r = sql_entry_comment_get(rq->db, entry_of(rq)->community, reply, &comment);

    if (r == E_NOT_FOUND || (r == OK && (comment.hidden || comment.entry != entry_of(rq)->id)))
        return OK; /* gone meanwhile: a comment to the entry itself then */
    if (r == OK)
        r = person_label(rq->db, comment.author, rq->place, &label);
    if (r != OK)
        return r;
    view->reply = reply;
    view->reply_to = label.name;
    return OK;
}

enum result entry_talk_fill(struct request *rq, int64_t before, int64_t reply, struct entry_talk_view *ret)
{
    const struct entry_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, s->entry.id);
    struct sql_entry_comments_rows rows;
    struct entry_talk_comments *c;
    enum result r = sql_entry_comments(rq->db, rq->place, s->entry.id, before ? before : INT64_MAX, COMMENTS + 1,
                                       &rows);

    if (r != OK)
        return r;
    *ret = (struct entry_talk_view){
        .total = s->entry.comments,
        .thumbs = s->entry.thumbs,
        .may = s->entry.listed && access_allowed(viewer, CAP_BOARD_TAKE_PART, rq->place, &s->of.scope),
        .runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->of.scope),
        .self = self,
        .thumb = url_below(rq->arena, self, "/thumb"),
        .follow = url_below(rq->arena, self, "/follow"),
        .comment = url_below(rq->arena, self, "/comment"),
        .hide_comment = url_below(rq->arena, self, "/comment/hide"),
    };
    ret->held = s->entry.hidden && s->entry.hidden_reason.len == 0;
    if (s->entry.hidden && !ret->held && viewer->person == s->entry.author)
        ret->appeal = url_path(rq->arena, "/me/measures");
    ret->history = moderation_history_url(rq, rq->place, "entry", s->entry.id);
    /* Residents flag; whoever runs the board decides there and then. */
    bool flags = ret->may && access_allowed(viewer, CAP_BOARD_TAKE_PART, rq->place,
                                            &(struct subject_scope){.place = rq->place, .board = true});
    if (flags && viewer->person != s->entry.author)
        ret->flag = moderation_flag_url(rq->arena, rq->place, "entry", s->entry.id);
    if (rows.n > COMMENTS) {
        rows.n = COMMENTS;
        ret->older = url_add(rq->arena, self, "before", str_printf(rq->arena, "%" PRId64, rows.row[COMMENTS - 1].id));
    }
    c = arena_array(rq->arena, struct entry_talk_comments, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) { /* oldest first on the page, as people talk */
        const struct sql_entry_comments *row = &rows.row[rows.n - 1 - i];
        bool mine = viewer->person && viewer->person == row->author;
        bool shows = !row->hidden || mine || ret->runs;

        c[i] = (struct entry_talk_comments){
            .id = row->id,
            .author = row->organisation ? row->author_from : row->shown_name,
            .from = row->organisation ? STR_NONE : row->author_from,
            .party_badge = row->party_badge && row->organisation == 0, /* of a person, not of an office */
            .official = row->organisation != 0,
            .reply_name = row->reply_to ? row->reply_name : STR_NONE,
            .body = row->hidden ? STR_NONE : row->body, /* hidden words are in no answer, not even as JSON */
            .hidden = row->hidden,
            .hidden_reason = shows ? row->hidden_reason : STR_NONE,
            .at = row->created_at,
            .mine = mine,
            .answer = url_below(
                rq->arena, url_add(rq->arena, self, "reply", str_printf(rq->arena, "%" PRId64, row->id)), "#write"),
            .initial = entry_initial(row->organisation ? row->author_from : row->shown_name),
            .history = moderation_history_url(rq, rq->place, "entry_comment", row->id),
        };
        if (flags && !mine && !row->hidden)
            c[i].flag = moderation_flag_url(rq->arena, rq->place, "entry_comment", row->id);
    }
    ret->comments.v = c;
    ret->comments.n = rows.n;
    if (viewer->person) {
        struct sql_entry_mine mine;

        if ((r = sql_entry_mine(rq->db, rq->place, s->entry.id, viewer->person, &mine)) != OK)
            return r;
        ret->has_thumb = mine.thumbs > 0;
        ret->follows = mine.follows > 0;
    }
    return reply && ret->may ? fill_reply(rq, reply, ret) : OK;
}

/* ---- pictures and documents ------------------------------------------------------------------------------------------ */

static struct str size_words(struct arena *a, int64_t bytes)
{
    if (bytes < 1000 * 1000)
        return str_printf(a, "%" PRId64 " KB", (bytes + 999) / 1000);
    return str_printf(a, "%" PRId64 ".%" PRId64 " MB", bytes / 1000000, bytes / 100000 % 10);
}

void entry_files_of(struct request *rq, int64_t community, const struct media_list *media,
                    const struct document_list *list, int64_t subject, struct entry_files_view *ret)
{
    struct entry_files_photos *photo = arena_array(rq->arena, struct entry_files_photos, media->n ? media->n : 1);
    struct entry_files_documents *d = arena_array(rq->arena, struct entry_files_documents, list->n ? list->n : 1);
    size_t n_photos = 0, n_documents = 0;

    for (size_t i = 0; i < media->n; i++) {
        const struct media *one = &media->media[i];

        if (one->subject == subject && !one->hidden && one->stage != MEDIA_STAGE_AFTER)
            photo[n_photos++] = (struct entry_files_photos){
                .full = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, community, one->id),
                .thumb = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", community, one->id),
                .page = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/photo", community, one->id),
            };
    }
    for (size_t i = 0; i < list->n; i++) {
        const struct media_document *one = &list->document[i];

        if (one->subject == subject && !one->hidden)
            d[n_documents++] = (struct entry_files_documents){
                .id = one->id,
                .name = one->name,
                .pages = one->pages,
                .bytes = one->bytes,
                .url = url_path(rq->arena, "/document/%" PRId64 "/%" PRId64, community, one->id),
                .first = url_path(rq->arena, "/document/%" PRId64 "/%" PRId64 "/first", community, one->id),
                .thumb = url_path(rq->arena, "/document/%" PRId64 "/%" PRId64 "/thumb", community, one->id),
                .size = size_words(rq->arena, one->bytes),
            };
    }
    ret->photos.v = photo;
    ret->photos.n = n_photos;
    ret->documents.v = d;
    ret->documents.n = n_documents;
}

enum result entry_files_fill(struct request *rq, struct entry_files_view *ret)
{
    const struct entry *e = entry_of(rq);
    struct document_list documents;
    struct media_list media;
    enum result r = media_of_subject(rq->db, rq->place, STR("entry"), e->id, &media);

    if (r == OK)
        r = document_of_subject(rq->db, rq->place, STR("entry"), e->id, &documents);
    if (r == OK)
        entry_files_of(rq, rq->place, &media, &documents, e->id, ret);
    return r;
}
