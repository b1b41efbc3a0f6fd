/* media_form.c: see media_form.h. Files come before rows, so a row never points to a missing file; what never got a row is swept. */
#include "civic/media/media_form.h"

#include "civic/media/text.h"
#include "civic/person/person.h"
#include "civic/service/service.h"

enum result media_photos_prepare(struct request *rq, size_t param)
{
    const struct services *services = services_of(rq);
    struct media_photos *photos = arena_new(rq->arena, struct media_photos);
    const struct form_field *file;
    size_t n = param_files(rq, param, &file);

    rq->prepared = photos;
    for (size_t i = 0; i < n && i < 9; i++) {
        struct media_picture picture;
        struct str hash;
        enum result r = media_process(services->workers, file[i].value, rq->arena, &picture);

        if (r == E_INVALID || r == E_TOO_LARGE)
            return request_invalid(rq, "photos", media_refusal_text(picture.refusal));
        if (r == OK)
            r = media_store_put(services->store, rq->arena, picture.full, picture.thumb, &hash);
        if (r != OK)
            return r;
        photos->photo[photos->n].hash = hash;
        photos->photo[photos->n].width = picture.width;
        photos->photo[photos->n].height = picture.height;
        photos->photo[photos->n].bytes = (int64_t)picture.full.len;
        photos->n++;
    }
    return OK;
}

enum result media_photos_attach(struct request *rq, const struct media_photos *photos, struct str subject_kind,
                                int64_t subject, enum media_stage stage, int64_t position)
{
    enum result r = OK;

    for (size_t i = 0; photos && r == OK && i < photos->n; i++) {
        struct media media = {
            .community = rq->place,
            .subject_kind = subject_kind,
            .subject = subject,
            .stage = stage,
            .position = position + (int64_t)i,
            .hash = photos->photo[i].hash,
            .width = photos->photo[i].width,
            .height = photos->photo[i].height,
            .bytes = photos->photo[i].bytes,
            .author = rq->person,
            .created_at = rq->now,
        };

        r = media_attach(rq->db, &media);
    }
    return r;
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

static enum result take_document(struct request *rq, const struct form_field *file, const char *field,
                                 struct media_photos *photos)
{
    const struct services *services = services_of(rq);
    struct document_read read;
    struct str hash, picture;
    enum result r = document_process(services->workers, file->value, rq->arena, &read);

    if (r == E_INVALID || r == E_TOO_LARGE)
        return request_invalid(rq, field, document_refusal_text(read.refusal));
    if (r == OK)
        r = media_store_put(services->store, rq->arena, read.full, read.thumb, &picture);
    if (r == OK)
        r = media_store_put_document(services->store, rq->arena, file->value, &hash);
    if (r != OK)
        return r;
    size_t i = photos->n_documents++;
    photos->document[i].name = document_name(rq->arena, file->filename);
    photos->document[i].hash = hash;
    photos->document[i].picture = picture;
    photos->document[i].bytes = (int64_t)file->value.len;
    photos->document[i].pages = read.pages;
    photos->document[i].width = read.width;
    photos->document[i].height = read.height;
    return OK;
}

enum result media_documents_prepare(struct request *rq, size_t param)
{
    const struct form_field *file;
    const char *field = rq->route->params[param].name;
    size_t n = param_files(rq, param, &file);
    enum result r = OK;

    if (rq->prepared == NULL)
        rq->prepared = arena_new(rq->arena, struct media_photos);
    if (n > DOCUMENTS_MAX)
        return request_invalid(rq, field, T_document_many);
    for (size_t i = 0; r == OK && i < n; i++)
        r = take_document(rq, &file[i], field, rq->prepared);
    return r;
}

enum result media_documents_attach(struct request *rq, const struct media_photos *photos, struct str subject_kind,
                                   int64_t subject, int64_t position)
{
    enum result r = OK;

    for (size_t i = 0; photos && r == OK && i < photos->n_documents; i++) {
        struct media_document document = {
            .community = rq->place,
            .subject_kind = subject_kind,
            .subject = subject,
            .position = position + (int64_t)i,
            .name = photos->document[i].name,
            .hash = photos->document[i].hash,
            .bytes = photos->document[i].bytes,
            .pages = photos->document[i].pages,
            .picture = photos->document[i].picture,
            .width = photos->document[i].width,
            .height = photos->document[i].height,
            .author = rq->person,
            .created_at = rq->now,
        };

        r = document_attach(rq->db, &document);
    }
    return r;
}

size_t media_document_names(struct media_photos *photos, struct str *ret_names[DOCUMENTS_MAX])
{
    size_t n = photos ? photos->n_documents : 0;

    for (size_t i = 0; i < n; i++)
        ret_names[i] = &photos->document[i].name;
    return n;
}
