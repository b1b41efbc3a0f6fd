/* media_document.c: the rows of documents, and their names. */
#include "civic/media/media_document.h"

#include "civic/media/document.sql.h"
#include "engine/base/buf.h"
#include "engine/base/ids.h"

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* Invisible, turning the direction of writing, or of a meaning for some file system or shell; each becomes nothing or a blank. */
static bool is_unfit(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xffff) || (c >= 0xe0000 && c <= 0xe0fff) ||
           (c < 0x80 && strchr("<>:\"/\\|?*", (int)c));
}

static bool ends_in_pdf(struct str s)
{
    return s.len >= 4 && str_eq_ci(str_sub(s, s.len - 4, 4), STR(".pdf"));
}

struct str document_name(struct arena *a, struct str filename)
{
    struct buf b;

    for (size_t i = filename.len; i > 0; i--)
        if (filename.ptr[i - 1] == '/' || filename.ptr[i - 1] == '\\') {
            filename = str_sub(filename, i, filename.len - i);
            break;
        }
    buf_init(&b, a, filename.len + 1, filename.len + 1);
    for (struct str rest = filename; rest.len;) {
        struct str before = rest;
        uint32_t c = str_utf8_next(&rest);

        if (!is_unfit(c))
            buf_put(&b, str_sub(before, 0, before.len - rest.len));
    }
    struct str name = str_trim(buf_str(&b));
    while (ends_in_pdf(name))
        name = str_trim(str_sub(name, 0, name.len - 4));
    /* A name that begins with a dot is hidden where it is saved. */
    while (name.len && (name.ptr[0] == '.' || name.ptr[0] == ' '))
        name = str_sub(name, 1, name.len - 1);
    name = str_trim(str_utf8_cut(name, DOCUMENT_NAME_MAX - 4));
    return str_printf(a, STR_FMT ".pdf", STR_ARG(name.len ? name : STR("文件")));
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

enum result document_attach(struct db *db, struct media_document *d)
{
    if (d->subject_kind.len == 0 || d->subject <= 0 || d->community <= 0 || d->hash.len != MEDIA_HASH_LEN ||
        d->picture.len != MEDIA_HASH_LEN || d->name.len == 0 || d->pages <= 0)
        return E_INVALID;
    if (d->id == 0)
        d->id = id_new();
    return sql_document_put(db, d->community, d->id, d->subject_kind, d->subject, d->position, d->name, d->hash,
                            d->bytes, d->pages, d->picture, d->width, d->height, d->author, d->created_at);
}

/* The statements have the same columns, and so the generator's structs are alike. */
#define DOCUMENT_FROM(row)                                                                                         \
    {                                                                                                              \
        .community = (row)->community, .id = (row)->id, .subject_kind = (row)->subject_kind,                       \
        .subject = (row)->subject, .position = (row)->position, .name = (row)->name, .hash = (row)->hash,          \
        .bytes = (row)->bytes, .pages = (row)->pages, .picture = (row)->picture, .width = (row)->width,            \
        .height = (row)->height, .author = (row)->author, .created_at = (row)->created_at, .hidden = (row)->hidden \
    }

enum result document_get(struct db *db, int64_t community, int64_t id, struct media_document *ret_document)
{
    struct sql_document_get row;
    enum result r = sql_document_get(db, community, id, &row);

    if (r == OK)
        *ret_document = (struct media_document)DOCUMENT_FROM(&row);
    return r;
}

enum result document_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                                struct document_list *ret_list)
{
    struct sql_document_of_subject_rows rows;
    enum result r = sql_document_of_subject(db, community, subject_kind, subject, &rows);

    if (r != OK)
        return r;
    struct document_list list = {arena_array(db_arena(db), struct media_document, rows.n ? rows.n : 1), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.document[i] = (struct media_document)DOCUMENT_FROM(&rows.row[i]);
    *ret_list = list;
    return OK;
}

enum result document_of_subjects(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects,
                                 size_t n, struct document_list *ret_list)
{
    struct sql_document_of_subjects_rows rows;
    int64_t s[MEDIA_COVERS_MAX] = {0};
    enum result r;

    if (n > MEDIA_COVERS_MAX)
        return E_INVALID;
    for (size_t i = 0; i < n; i++)
        s[i] = subjects[i];
    r = sql_document_of_subjects(db, community, subject_kind, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8],
                                 s[9], s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17], s[18], s[19], s[20],
                                 s[21], s[22], s[23], &rows);
    if (r != OK)
        return r;
    struct document_list list = {arena_array(db_arena(db), struct media_document, rows.n ? rows.n : 1), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.document[i] = (struct media_document)DOCUMENT_FROM(&rows.row[i]);
    *ret_list = list;
    return OK;
}

static enum result one(enum result r, int64_t changed)
{
    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

enum result document_set_hidden(struct db *db, int64_t community, int64_t id, bool hidden)
{
    int64_t changed = 0;
    enum result r = sql_document_set_hidden(db, community, id, hidden, &changed);

    return one(r, changed);
}

enum result document_move(struct db *db, int64_t community, int64_t id, struct str subject_kind, int64_t subject)
{
    int64_t changed = 0;
    enum result r = sql_document_move(db, community, id, subject_kind, subject, &changed);

    return one(r, changed);
}

enum result document_remove(struct db *db, int64_t community, int64_t id)
{
    int64_t changed = 0;
    enum result r = sql_document_remove(db, community, id, &changed);

    return one(r, changed);
}
