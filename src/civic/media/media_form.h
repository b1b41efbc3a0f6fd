/* media_form.h: pictures that come with a form: decoded and stored before the transaction, tied to their subject inside it. */
#ifndef LILONG_CIVIC_MEDIA_FORM_H
#define LILONG_CIVIC_MEDIA_FORM_H

#include "civic/media/media.h"
#include "engine/app/app.h"

struct media_photos {
    struct {
        struct str hash;
        int64_t width, height, bytes;
    } photo[9];
    size_t n;
};

/* For route.before: takes the files of the parameter at that index through the worker into the store; leaves a struct media_photos in
 * rq->prepared. A picture that cannot be used is an error of the field "photos" that says why. */
enum result media_photos_prepare(struct request *rq, size_t param) MUST_USE;
/* In the transaction: rows for them, from `position` on. */
enum result media_photos_attach(struct request *rq, const struct media_photos *photos, struct str subject_kind,
                                 int64_t subject, enum media_stage stage, int64_t position) MUST_USE;

#endif
