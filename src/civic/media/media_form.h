/* media_form.h: pictures and documents that come with a form: decoded and stored before the transaction, tied to their subject inside it. */
#ifndef LILONG_CIVIC_MEDIA_FORM_H
#define LILONG_CIVIC_MEDIA_FORM_H

#include "civic/media/media_document.h"
#include "engine/app/app.h"

struct media_photos {
    struct {
        struct str hash;
        int64_t width, height, bytes;
    } photo[9];
    size_t n;
    struct {
        struct str name, hash, picture;
        int64_t bytes, pages, width, height;
    } document[DOCUMENTS_MAX];
    size_t n_documents;
};

/* For route.before: takes the files of the parameter at that index through the worker into the store; leaves a struct media_photos in
 * rq->prepared. A picture that cannot be used is an error of the field "photos" that says why. */
enum result media_photos_prepare(struct request *rq, size_t param) MUST_USE;
/* In the transaction: rows for them, from `position` on. */
enum result media_photos_attach(struct request *rq, const struct media_photos *photos, struct str subject_kind,
                                 int64_t subject, enum media_stage stage, int64_t position) MUST_USE;

/* The same for PDF files, after the pictures and into the same rq->prepared; more than DOCUMENTS_MAX, and what cannot be used, is an error of the
 * parameter's field that says why. */
enum result media_documents_prepare(struct request *rq, size_t param) MUST_USE;
enum result media_documents_attach(struct request *rq, const struct media_photos *photos, struct str subject_kind,
                                   int64_t subject, int64_t position) MUST_USE;
/* What people will read of them: for entry_new.more, which passes moderation and may mask it in place. Returns how many. */
size_t media_document_names(struct media_photos *photos, struct str *ret_names[DOCUMENTS_MAX]);

#endif
