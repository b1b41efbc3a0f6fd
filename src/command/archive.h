/* archive.h: the file of a backup: a plain POSIX tar, or the same sealed with a passphrase.
 *
 * The last entry is MANIFEST: a line `BLAKE2b-256 hex, two blanks, name` for each file before it. A sealed one begins with a magic, salt and header
 * and goes on in chunks (libsodium's secretstream), so that changed, swapped and missing chunks are found. Both are read and written in one pass. */
#ifndef LILONG_COMMAND_ARCHIVE_H
#define LILONG_COMMAND_ARCHIVE_H

#include "engine/base/arena.h"
#include "engine/base/crypto.h"

struct archive;

/* Writing. `path` must not be there: it is written beside and takes its name at the end. passphrase empty: not sealed. E_CONFLICT: it is there. */
enum result archive_create(struct arena *a, const char *path, struct str passphrase, struct archive **ret) MUST_USE;
enum result archive_put_file(struct archive *ar, const char *name, const char *from) MUST_USE; /* a regular file */
enum result archive_put_bytes(struct archive *ar, const char *name, struct str bytes) MUST_USE;
enum result archive_finish(struct archive *ar) MUST_USE; /* writes the manifest, to stable storage */
void archive_abandon(struct archive *ar);                /* removes what was written; NULL does nothing */

/* Reading. E_DENIED: sealed, and no or a wrong passphrase. E_INVALID: no archive of ours, or damaged. */
enum result archive_open(struct arena *a, const char *path, struct str passphrase, struct archive **ret) MUST_USE;
/* The next entry; E_NOT_FOUND after the manifest, which has been compared with all that was read by then: E_INVALID, archive_why() says what. */
enum result archive_next(struct archive *ar, struct str *ret_name, int64_t *ret_size) MUST_USE;
/* Writes the content of the entry that was named last into a new file (0600, on stable storage). */
enum result archive_extract(struct archive *ar, const char *to) MUST_USE;
/* The same into memory that grows as it is needed and is used again for the next one; *ret_bytes is in it. */
enum result archive_read(struct archive *ar, char **memory, size_t *room, struct str *ret_bytes) MUST_USE;
void archive_close(struct archive *ar);
const char *archive_why(const struct archive *ar);
int64_t archive_entries(const struct archive *ar);

#endif
