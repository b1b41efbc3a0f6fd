/* store.h: the files of pictures and documents. One driver so far: a folder, which may be shared storage for several servers. */
#ifndef LILONG_MEDIA_STORE_H
#define LILONG_MEDIA_STORE_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MEDIA_HASH_LEN 64 /* BLAKE2b-256 of the full picture in lower-case hex */

struct media_store;

/* DATA/media, made when missing. E_NOT_FOUND: there is no such data folder. */
enum result media_store_open(const char *data_dir, struct media_store **ret_store) MUST_USE;
void media_store_close(struct media_store *store); /* NULL does nothing */

/* Both files are on stable storage when it returns, under the hash of the full one; the same picture twice is one file. From any
 * thread. E_BUSY: the disk is full. */
enum result media_store_put(struct media_store *store, struct arena *a, struct str full, struct str thumb,
                            struct str *ret_hash) MUST_USE;
/* E_NOT_FOUND also for what is not a hash. */
enum result media_store_get(struct media_store *store, struct arena *a, struct str hash, bool thumb, struct str *ret_jpeg) MUST_USE;
/* A document, as it came, under its own hash; the file is mapped, for respond_mapped() or munmap(). */
enum result media_store_put_document(struct media_store *store, struct arena *a, struct str pdf, struct str *ret_hash) MUST_USE;
enum result media_store_map_document(struct media_store *store, struct str hash, struct str *ret_mapped) MUST_USE;
/* The picture and the document of that name. E_NOT_FOUND: there is neither. */
enum result media_store_delete(struct media_store *store, struct str hash) MUST_USE;

/* Deletes the files whose hash begins with these two digits (0-255), whose file is older than `before` (ms) and which nobody wants, and
 * what a crash left half-made. One that is put again while this runs stays. `wanted` must not jump away. */
enum result media_store_sweep(struct media_store *store, int prefix, int64_t before, bool (*wanted)(void *ctx, struct str hash),
                              void *ctx, int64_t *ret_deleted) MUST_USE;

#endif
