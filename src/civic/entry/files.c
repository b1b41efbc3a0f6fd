/* files.c: see entry_files.h. */
#include "civic/entry/entry_files.h"

#include "civic/media/media_form.h"
#include "civic/person/person.h"

/* Where the route's table has this field; false: nowhere. */
static bool param_named(const struct request *rq, const char *name, size_t *ret_at)
{
    for (size_t i = 0; i < rq->route->n_params; i++)
        if (strcmp(rq->route->params[i].name, name) == 0) {
            *ret_at = i;
            return true;
        }
    return false;
}

enum result entry_files_prepare(struct request *rq)
{
    size_t at;
    enum result r = param_named(rq, "photos", &at) ? media_photos_prepare(rq, at) : OK;

    return r == OK && param_named(rq, "documents", &at) ? media_documents_prepare(rq, at) : r;
}

int64_t entry_files_photos(const struct request *rq)
{
    const struct media_photos *files = rq->prepared;

    return files ? (int64_t)files->n : 0;
}

size_t entry_files_names(struct request *rq, struct str *ret_names[DOCUMENTS_MAX])
{
    return media_document_names(rq->prepared, ret_names);
}

size_t entry_files_numbers(const struct request *rq)
{
    const struct media_photos *files = rq->prepared;
    size_t found = 0;

    for (size_t i = 0; files && i < files->n_documents; i++)
        found += person_numbers(files->document[i].name);
    return found;
}

/* The ids that are to go; the form may not have the field. */
static size_t dropped(const struct request *rq, const int64_t **ret_ids)
{
    size_t at;

    return param_named(rq, "drop", &at) ? param_list(rq, at, ret_ids) : 0;
}

static bool is_dropped(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

bool entry_files_changed(const struct request *rq)
{
    const struct media_photos *files = rq->prepared;
    const int64_t *ids;

    return (files && (files->n || files->n_documents)) || dropped(rq, &ids);
}

enum result entry_files_attach(struct request *rq, int64_t entry)
{
    enum result r = media_photos_attach(rq, rq->prepared, STR("entry"), entry, MEDIA_STAGE_REFERENCE, 0);

    return r == OK ? media_documents_attach(rq, rq->prepared, STR("entry"), entry, 0) : r;
}

/* ---- changing what is there ---------------------------------------------------------------------------------------------- */

/* What stays, what goes, and where new ones are put. */
struct change {
    int64_t have, gone, next;
};

static enum result drop_photos(struct request *rq, const struct entry *entry, enum media_stage stage,
                               const int64_t *ids, size_t n, struct change *to)
{
    struct media_list list;
    enum result r = media_of_subject(rq->db, entry->community, STR("entry"), entry->id, &list);

    for (size_t i = 0; r == OK && i < list.n; i++) {
        const struct media *one = &list.media[i];

        if (one->stage != stage)
            continue;
        if (one->position >= to->next)
            to->next = one->position + 1;
        if (is_dropped(ids, n, one->id)) {
            r = media_remove(rq->db, entry->community, one->id);
            to->gone++;
        } else
            to->have++;
    }
    return r;
}

static enum result drop_documents(struct request *rq, const struct entry *entry, const int64_t *ids, size_t n,
                                  struct change *to)
{
    struct document_list list;
    enum result r = document_of_subject(rq->db, entry->community, STR("entry"), entry->id, &list);

    for (size_t i = 0; r == OK && i < list.n; i++) {
        const struct media_document *one = &list.document[i];

        if (one->position >= to->next)
            to->next = one->position + 1;
        if (is_dropped(ids, n, one->id)) {
            r = document_remove(rq->db, entry->community, one->id);
            to->gone++;
        } else
            to->have++;
    }
    return r;
}

enum result entry_files_change(struct request *rq, const struct entry_actor *actor, const struct entry *entry,
                               enum media_stage stage, int64_t photos_max)
{
    static const struct media_photos none;
    const struct media_photos *files = rq->prepared ? rq->prepared : &none;
    const int64_t *ids = NULL;
    size_t n = dropped(rq, &ids);
    struct change photos = {0}, documents = {0};
    enum result r;

    if (!entry_files_changed(rq))
        return OK;
    r = drop_photos(rq, entry, stage, ids, n, &photos);
    if (r == OK)
        r = drop_documents(rq, entry, ids, n, &documents);
    if (r == OK && files->n && photos.have + (int64_t)files->n > photos_max)
        return request_invalid(rq, "photos", T_entry_photos_many);
    if (r == OK && files->n_documents && documents.have + (int64_t)files->n_documents > DOCUMENTS_MAX)
        return request_invalid(rq, "documents", T_document_many);
    if (r == OK)
        r = media_photos_attach(rq, files, STR("entry"), entry->id, stage, photos.next);
    if (r == OK)
        r = media_documents_attach(rq, files, STR("entry"), entry->id, documents.next);
    return r == OK ? entry_count_photos(rq->db, actor, entry, (int64_t)files->n - photos.gone) : r;
}

/* ---- the form --------------------------------------------------------------------------------------------------------------- */

/* What was ticked in a form that comes again. */
static bool was_ticked(const struct request *rq, int64_t id)
{
    struct str word = str_printf(rq->arena, "%" PRId64, id);

    for (size_t i = 0; i < rq->form.n_values; i++)
        if (str_eq(rq->form.value[i].name, STR("drop")) && str_eq(rq->form.value[i].value, word))
            return true;
    return false;
}

enum result entry_files_form(struct request *rq, const struct entry *entry, enum media_stage stage,
                             struct entry_attach_view *ret)
{
    struct media_list media;
    struct document_list list;
    size_t n = 0;
    enum result r;

    *ret = (struct entry_attach_view){.most = ENTRY_PHOTOS_MAX, .takes_documents = true};
    if (entry == NULL)
        return OK;
    r = media_of_subject(rq->db, entry->community, STR("entry"), entry->id, &media);
    if (r == OK)
        r = document_of_subject(rq->db, entry->community, STR("entry"), entry->id, &list);
    if (r != OK)
        return r;
    struct entry_attach_photos *photo = arena_array(rq->arena, struct entry_attach_photos, media.n ? media.n : 1);
    struct entry_attach_documents *d = arena_array(rq->arena, struct entry_attach_documents, list.n ? list.n : 1);
    for (size_t i = 0; i < media.n; i++)
        if (media.media[i].stage == stage) {
            photo[n] = (struct entry_attach_photos){
                .id = media.media[i].id,
                .thumb = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", entry->community,
                                  media.media[i].id),
                .number = (int64_t)n + 1,
                .gone = was_ticked(rq, media.media[i].id),
            };
            n++;
        }
    ret->photos.v = photo;
    ret->photos.n = n;
    for (size_t i = 0; i < list.n; i++)
        d[i] = (struct entry_attach_documents){.id = list.document[i].id,
                                               .name = list.document[i].name,
                                               .pages = list.document[i].pages,
                                               .gone = was_ticked(rq, list.document[i].id)};
    ret->documents.v = d;
    ret->documents.n = list.n;
    return OK;
}
