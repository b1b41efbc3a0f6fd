/* verify.c: do the files of the store belong to the rows. */
#include <sys/mman.h>

#include "civic/media/document.sql.h"
#include "civic/media/media.h"
#include "civic/media/media.sql.h"
#include "engine/base/crypto.h"

enum { BATCH = 64 };

/* Is the file of a row there, and does its content give its name? */
static enum result look(struct media_store *store, struct arena *a, const struct sql_media_walk *row,
                        struct media_verdict *v)
{
    struct str full, thumb;
    struct hash hash;
    enum result r = media_store_get(store, a, row->hash, false, &full);

    if (r == OK)
        r = media_store_get(store, a, row->hash, true, &thumb);
    if (r == E_NOT_FOUND) {
        v->id = row->id;
        return OK;
    }
    if (r != OK)
        return r;
    v->pictures++;
    hash = hash_of(full);
    v->damaged = !str_eq(str_hex(a, hash_str(&hash)), row->hash);
    if (v->damaged)
        v->id = row->id;
    return OK;
}

/* The file, and the picture of its first page. */
static enum result look_document(struct media_store *store, struct arena *a, const struct sql_document_walk *row,
                                 struct media_verdict *v)
{
    struct str file, full, thumb;
    struct hash hash;
    enum result r = media_store_map_document(store, row->hash, &file);

    if (r == OK) {
        hash = hash_of(file);
        munmap((void *)(uintptr_t)file.ptr, file.len);
        v->damaged = !str_eq(str_hex(a, hash_str(&hash)), row->hash);
        r = media_store_get(store, a, row->picture, false, &full);
    }
    if (r == OK)
        r = media_store_get(store, a, row->picture, true, &thumb);
    if (r == E_NOT_FOUND || (r == OK && v->damaged)) {
        v->id = row->id;
        return OK;
    }
    if (r != OK)
        return r;
    hash = hash_of(full);
    v->documents++;
    v->damaged = !str_eq(str_hex(a, hash_str(&hash)), row->picture);
    if (v->damaged)
        v->id = row->id;
    return OK;
}

static enum result walk_documents(struct database *database, struct media_store *store, struct arena *a,
                                  struct media_verdict *v)
{
    int64_t after = 0;
    size_t n = BATCH;
    enum result r = OK;

    while (r == OK && n == BATCH && v->id == 0) {
        struct sql_document_walk_rows rows;
        struct db *db;

        if ((r = db_read_begin(database, a, &db)) != OK)
            return r;
        r = sql_document_walk(db, v->community, after, BATCH, &rows);
        db_read_end(db);
        n = r == OK ? rows.n : 0;
        for (size_t i = 0; r == OK && i < n && v->id == 0; i++) {
            r = look_document(store, a, &rows.row[i], v);
            after = rows.row[i].id;
        }
        arena_reset(a);
    }
    return r;
}

static enum result walk(struct database *database, struct media_store *store, struct arena *a, struct media_verdict *v)
{
    int64_t after = 0;
    size_t n = BATCH;
    enum result r = OK;

    while (r == OK && n == BATCH && v->id == 0) {
        struct sql_media_walk_rows rows;
        struct db *db;

        if ((r = db_read_begin(database, a, &db)) != OK)
            return r;
        r = sql_media_walk(db, v->community, after, BATCH, &rows);
        db_read_end(db);
        n = r == OK ? rows.n : 0;
        for (size_t i = 0; r == OK && i < n && v->id == 0; i++) {
            r = look(store, a, &rows.row[i], v);
            after = rows.row[i].id;
        }
        arena_reset(a);
    }
    return r == OK && v->id == 0 ? walk_documents(database, store, a, v) : r;
}

enum result media_verify(struct database *database, struct media_store *store, struct arena *a, int64_t community,
                         struct media_verdict *ret)
{
    struct media_verdict v = {.community = community};
    enum result r = OK;

    if (community) {
        r = walk(database, store, a, &v);
    } else {
        while (r == OK && v.id == 0) {
            struct sql_media_next_community next;
            struct db *db;

            if ((r = db_read_begin(database, a, &db)) != OK)
                return r;
            r = sql_media_next_community(db, v.community, &next);
            db_read_end(db);
            if (r == OK) {
                v.community = next.community;
                r = walk(database, store, a, &v);
            }
        }
        if (r == E_NOT_FOUND)
            r = OK;
    }
    if (r == OK)
        *ret = v;
    return r;
}
