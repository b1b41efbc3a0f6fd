/* entry_files.h: the pictures and PDF files of an entry in its form: how they come with it, and how they are taken away again.
 *
 * A kind puts ENTRY_PARAM_PHOTOS, ENTRY_PARAM_DOCUMENTS, where it edits ENTRY_PARAM_DROP too, into the table of its form; they are found by their names. Its
 * route has .before = entry_files_prepare. Who sees them: entry_guards. How they are shown: entry_files_fill() in entry_present.h. */
#ifndef LILONG_CIVIC_ENTRY_FILES_H
#define LILONG_CIVIC_ENTRY_FILES_H

#include "civic/entry/entry.h"
#include "civic/entry/views/entry_attach.html.h"
#include "civic/media/media_document.h"

enum { ENTRY_PHOTOS_MAX = 9 };

#define ENTRY_PARAM_PHOTOS                                                                                                       \
    {.name = "photos", .kind = PARAM_FILE, .max = ENTRY_PHOTOS_MAX, .max_bytes = 12 << 20, .doc = "Pictures: JPEG, PNG or WebP"}
#define ENTRY_PARAM_DOCUMENTS                                                                                                    \
    {.name = "documents", .kind = PARAM_FILE, .max = DOCUMENTS_MAX, .max_bytes = DOCUMENT_BYTES_MAX, .doc = "Documents: PDF"}
#define ENTRY_PARAM_DROP                                                                                                         \
    {.name = "drop", .kind = PARAM_LIST, .max = ENTRY_PHOTOS_MAX + DOCUMENTS_MAX,                                                \
     .doc = "Of the pictures and documents that it has, those to take away"}

enum result entry_files_prepare(struct request *rq) MUST_USE; /* for route.before */

/* What came with the form. Names of documents are texts that people read: they belong into entry_new.more, and numbers in them that find a person are counted
 * like those in the other texts. */
int64_t entry_files_photos(const struct request *rq);
size_t entry_files_names(struct request *rq, struct str *ret_names[DOCUMENTS_MAX]);
size_t entry_files_numbers(const struct request *rq);
bool entry_files_changed(const struct request *rq); /* something comes, or is to be taken away */

/* In the transaction: what came belongs to this new entry. */
enum result entry_files_attach(struct request *rq, int64_t entry) MUST_USE;
/* In the transaction: takes away what is to go, adds what came, and counts. Pictures of this stage only, at most `photos_max` of them. E_INVALID: there would be
 * too many; the field is named. */
enum result entry_files_change(struct request *rq, const struct entry_actor *actor, const struct entry *entry, enum media_stage stage,
                               int64_t photos_max) MUST_USE;

/* For {{> entry_attach attach}}: NULL: the form of a new one. */
enum result entry_files_form(struct request *rq, const struct entry *entry, enum media_stage stage, struct entry_attach_view *ret) MUST_USE;

#endif
