/* media.c: the rows of pictures, and the sweep of files that no row has. */
#include "civic/media/media.h"

#include "civic/media/document.sql.h"
#include "civic/media/media.sql.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

static const char *const stage_words[] = {
    [MEDIA_STAGE_NONE] = "",       [MEDIA_STAGE_BEFORE] = "before",       [MEDIA_STAGE_AFTER] = "after",
    [MEDIA_STAGE_PROOF] = "proof", [MEDIA_STAGE_REFERENCE] = "reference",
};
enum { STAGES = sizeof(stage_words) / sizeof(stage_words[0]) };

const char *media_stage_word(enum media_stage stage)
{
    return stage_words[stage];
}

enum media_stage media_stage_from_word(struct str word)
{
    for (int i = 1; i < STAGES; i++) {
        if (str_eq(word, str_from_cstr(stage_words[i])))
            return (enum media_stage)i;
    }
    return MEDIA_STAGE_NONE;
}

enum result media_attach(struct db *db, struct media *m)
{
    if (m->stage <= MEDIA_STAGE_NONE || (int)m->stage >= STAGES || m->subject_kind.len == 0 || m->subject <= 0 ||
        m->community <= 0 || m->hash.len != MEDIA_HASH_LEN)
        return E_INVALID;
    if (m->id == 0)
        m->id = id_new();
    return sql_media_put(db, m->community, m->id, m->subject_kind, m->subject, m->stage, m->position, m->hash, m->width,
                         m->height, m->bytes, m->author, m->created_at);
}

/* The three statements have the same columns, and so the generator three equal structs. */
#define MEDIA_FROM(row)                                                                                          \
    {                                                                                                            \
        .community = (row)->community, .id = (row)->id, .subject_kind = (row)->subject_kind,                     \
        .subject = (row)->subject,                                                                               \
        .stage = (row)->stage > 0 && (row)->stage < STAGES ? (enum media_stage)(row)->stage : MEDIA_STAGE_NONE,  \
        .position = (row)->position, .hash = (row)->hash, .width = (row)->width, .height = (row)->height,        \
        .bytes = (row)->bytes, .author = (row)->author, .created_at = (row)->created_at, .hidden = (row)->hidden \
    }

enum result media_get(struct db *db, int64_t community, int64_t id, struct media *ret_media)
{
    struct sql_media_get row;
    enum result r = sql_media_get(db, community, id, &row);
    if (r == OK)
        *ret_media = (struct media)MEDIA_FROM(&row);
    return r;
}

enum result media_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                             struct media_list *ret_list)
{
    struct sql_media_of_subject_rows rows;
    enum result r = sql_media_of_subject(db, community, subject_kind, subject, &rows);
    if (r != OK)
        return r;
    struct media_list list = {arena_array(db_arena(db), struct media, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.media[i] = (struct media)MEDIA_FROM(&rows.row[i]);
    *ret_list = list;
    return OK;
}

enum result media_covers(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects, size_t n,
                         struct media_covers *ret_covers)
{
    int64_t s[MEDIA_COVERS_MAX] = {0};
    struct sql_media_covers_rows rows;
    if (n > MEDIA_COVERS_MAX)
        return E_INVALID;
    if (n)
        memcpy(s, subjects, n * sizeof(*s));
    enum result r = sql_media_covers(db, community, subject_kind, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8],
                                     s[9], s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17], s[18], s[19], s[20],
                                     s[21], s[22], s[23], &rows);
    if (r != OK)
        return r;
    ret_covers->n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].id)
            ret_covers->cover[ret_covers->n++] = (struct media_cover){rows.row[i].subject, rows.row[i].id};
    return OK;
}

enum result media_of_subjects(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects,
                              size_t n, struct media_list *ret_list)
{
    int64_t s[MEDIA_COVERS_MAX] = {0};
    struct sql_media_of_subjects_rows rows;
    if (n > MEDIA_COVERS_MAX)
        return E_INVALID;
    if (n)
        memcpy(s, subjects, n * sizeof(*s));
    enum result r = sql_media_of_subjects(db, community, subject_kind, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7],
                                          s[8], s[9], s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17], s[18],
                                          s[19], s[20], s[21], s[22], s[23], &rows);
    if (r != OK)
        return r;
    struct media_list list = {arena_array(db_arena(db), struct media, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.media[i] = (struct media)MEDIA_FROM(&rows.row[i]);
    *ret_list = list;
    return OK;
}

enum result media_set_hidden(struct db *db, int64_t community, int64_t id, bool hidden)
{
    int64_t changed = 0;
    enum result r = sql_media_set_hidden(db, community, id, hidden, &changed);
    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

enum result media_remove(struct db *db, int64_t community, int64_t id)
{
    int64_t changed = 0;
    enum result r = sql_media_remove(db, community, id, &changed);
    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

/* ---- the sweep ------------------------------------------------------------------------------------------------ */

struct wanted {
    struct sql_media_hashes_between_rows rows; /* rising */
};

static bool is_wanted(void *ctx, struct str hash)
{
    const struct wanted *w = ctx;
    size_t low = 0, high = w->rows.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(hash, w->rows.row[middle].hash);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* A row that is written after the rows have been read belongs to a file that was put shortly before, and that is young. */
static enum result sweep_shelf(struct database *database, struct media_store *store, struct arena *a, int prefix,
                               int64_t before, int64_t *ret_deleted)
{
    struct wanted wanted;
    struct db *db;
    struct str first = str_printf(a, "%02x", (unsigned)prefix), last = str_printf(a, "%02xz", (unsigned)prefix);
    enum result r = db_read_begin(database, a, &db);
    if (r != OK)
        return r;
    r = sql_media_hashes_between(db, first, last, &wanted.rows);
    db_read_end(db);
    return r == OK ? media_store_sweep(store, prefix, before, is_wanted, &wanted, ret_deleted) : r;
}

enum result media_sweep(struct database *database, struct media_store *store, struct arena *a, int64_t now,
                        int64_t *ret_deleted)
{
    int64_t deleted = 0;
    enum result r = OK;
    for (int prefix = 0; prefix < 256 && r == OK; prefix++) {
        int64_t here = 0;
        arena_reset(a);
        r = sweep_shelf(database, store, a, prefix, now - TIME_DAY, &here);
        deleted += here;
    }
    if (deleted)
        log_info("media.swept", LOG_INT("files", deleted));
    *ret_deleted = deleted;
    return r;
}

enum result media_move(struct db *db, int64_t community, int64_t id, struct str subject_kind, int64_t subject)
{
    int64_t changed;
    enum result r = sql_media_move(db, community, id, subject_kind, subject, &changed);

    return r == OK && changed == 0 ? E_NOT_FOUND : r;
}

enum result media_carry(struct db *db, int64_t from, int64_t to, struct str subject_kind, int64_t subject)
{
    enum result r = sql_media_carry(db, from, to, subject_kind, subject);

    if (r == OK)
        r = sql_media_carried(db, from, subject_kind, subject);
    if (r == OK)
        r = sql_document_carry(db, from, to, subject_kind, subject);
    return r == OK ? sql_document_carried(db, from, subject_kind, subject) : r;
}
