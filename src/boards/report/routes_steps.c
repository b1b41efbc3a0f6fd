/* routes_steps.c: care mode: a report is written by answering one question a screen: photos, place, sentence, category, is it the same as another.
 * Each answer is kept in the draft at once, so that nothing is lost when the phone rings; the preview and the sending are those of the form. */
#include "boards/report/draft.h"

#include "boards/report/similar.h"
#include "boards/report/views/report_step.html.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "engine/base/config.h"
#include "engine/base/ids.h"

static const char *const step_words[STEPS] = {"photos", "place", "words", "category", "similar"};

bool draft_by_steps(const struct request *rq)
{
    return !rq->wants_json && str_eq(viewer_of(rq)->mode, STR("care"));
}

struct url draft_step_url(struct request *rq, int64_t draft, enum draft_step step, bool only)
{
    struct url url = url_add(rq->arena, draft_url(rq, draft, "/step"), "step", str_from_cstr(step_words[step]));

    return only ? url_add(rq->arena, url, "only", STR("1")) : url;
}

enum draft_step draft_missing(const struct sql_report_draft_get *draft)
{
    return draft->spot.len == 0 ? STEP_PLACE : str_utf8_count(draft->title) < 2 ? STEP_WORDS : STEPS;
}

/* ---- the screens ---- */

enum {
    S_STEP,
    S_ONLY,
    S_SHOW_PARAMS,
    S_TITLE = S_SHOW_PARAMS,
    S_BODY,
    S_SPOT,
    S_CATEGORY,
    S_ESTATE,
    S_LATITUDE,
    S_LONGITUDE,
    S_PHOTOS,
    S_DROP,
    S_PARAMS
};
#define STEP_PARAM                                                                              \
    {                                                                                           \
        .name = "step", .kind = PARAM_CHOICE, .choices = "photos,place,words,category,similar", \
        .doc = "Which question"                                                                 \
    }
#define ONLY_PARAM                                                                                    \
    {                                                                                                 \
        .name = "only", .kind = PARAM_BOOL, .doc = "1: this answer only is changed, then the preview" \
    }
static const struct param show_params[S_SHOW_PARAMS] = {[S_STEP] = STEP_PARAM, [S_ONLY] = ONLY_PARAM};
static const struct param save_params[S_PARAMS] = {
    [S_STEP] = STEP_PARAM,
    [S_ONLY] = ONLY_PARAM,
    [S_TITLE] = {.name = "title", .kind = PARAM_TEXT, .max = DRAFT_TITLE_MAX, .doc = "What it is, in one sentence"},
    [S_BODY] = {.name = "body", .kind = PARAM_LINES, .max = DRAFT_BODY_MAX, .doc = "More about it"},
    [S_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .max = DRAFT_SPOT_MAX, .doc = "Where, in words"},
    [S_CATEGORY] = {.name = "category", .kind = PARAM_TEXT, .max = 40, .doc = "Code of a category"},
    [S_ESTATE] = {.name = "estate", .kind = PARAM_ID, .doc = "Estate of the community"},
    [S_LATITUDE] =
        {.name = "latitude", .kind = PARAM_REAL, .min = -90, .max = 90, .doc = "Position, when the phone may tell"},
    [S_LONGITUDE] =
        {.name = "longitude", .kind = PARAM_REAL, .min = -180, .max = 180, .doc = "Position, when the phone may tell"},
    [S_PHOTOS] = {.name = "photos",
                  .kind = PARAM_FILE,
                  .max = DRAFT_PHOTOS_MAX,
                  .max_bytes = 12 << 20,
                  .doc = "Pictures: JPEG, PNG or WebP"},
    [S_DROP] = {.name = "drop",
                .kind = PARAM_LIST,
                .max = DRAFT_PHOTOS_MAX,
                .doc = "Pictures of the draft to take away"},
};

static enum draft_step step_now(const struct request *rq)
{
    return param_given(rq, S_STEP) ? (enum draft_step)param_int(rq, S_STEP) : STEP_PHOTOS;
}

static bool only_this(const struct request *rq)
{
    return param_given(rq, S_ONLY) && param_int(rq, S_ONLY);
}

static enum result fill_photos(struct request *rq, int64_t draft, struct report_step_view *view)
{
    struct report_step_photos *photo;
    struct media_list media;
    enum result r = draft_photos(rq, draft, &media);

    if (r != OK)
        return r;
    photo = arena_array(rq->arena, struct report_step_photos, media.n ? media.n : 1);
    for (size_t i = 0; i < media.n; i++)
        photo[i] = (struct report_step_photos){
            media.media[i].id,
            url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, media.media[i].id)};
    view->photos.v = photo;
    view->photos.n = media.n;
    return OK;
}

static enum result fill_estates(struct request *rq, struct report_step_view *view)
{
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct report_step_estates *e;
    struct estate_names estates;
    enum result r = estate_names(rq->db, rq->place, &estates);

    if (r != OK)
        return r;
    e = arena_array(rq->arena, struct report_step_estates, estates.n ? estates.n : 1);
    for (size_t i = 0; i < estates.n; i++)
        e[i] = (struct report_step_estates){estates.estate[i].id, estates.estate[i].name};
    view->estates.v = e;
    view->estates.n = estates.n;
    view->several = estates.n > 1;
    if (home)
        form_default(rq, "estate", str_printf(rq->arena, "%" PRId64, home->estate));
    return OK;
}

/* What the words suggest comes first and is chosen already; the others are one tap away. */
static enum result fill_categories(struct request *rq, const struct sql_report_draft_get *d,
                                   struct report_step_view *view)
{
    const struct categories *categories;
    struct report_step_categories *c;
    size_t n = 0;
    enum result r = categories_now(rq->db, &categories);

    if (r == OK)
        r = category_suggest(rq->db, d->title, d->body, &view->suggested);
    if (r != OK)
        return r;
    c = arena_array(rq->arena, struct report_step_categories, categories->n ? categories->n : 1);
    for (size_t i = 0; i < categories->n; i++) {
        if (str_eq(categories->category[i].code, view->suggested))
            view->suggested_name = category_name_in(&categories->category[i], rq->lang);
        else
            c[n++] = (struct report_step_categories){categories->category[i].code,
                                                     category_name_in(&categories->category[i], rq->lang)};
    }
    view->categories.v = c;
    view->categories.n = n;
    form_default(rq, "category", d->category.len ? d->category : view->suggested);
    return OK;
}

static enum result fill_similar(struct request *rq, const struct sql_report_draft_get *d, struct report_step_view *view)
{
    struct report_step_similar *s;
    struct report_similar similar;
    enum result r = report_find_similar(rq->db, rq->place, d->category, d->title, d->body, d->spot,
                                        rq->now - app_config(rq->app)->report.similar_days * TIME_DAY, &similar);

    if (r != OK)
        return r;
    s = arena_array(rq->arena, struct report_step_similar, similar.n ? similar.n : 1);
    for (size_t i = 0; i < similar.n; i++) {
        struct report_times times = {.state = similar.row[i].state};

        s[i] = (struct report_step_similar){
            .id = similar.row[i].id,
            .title = similar.row[i].title,
            .reported = similar.row[i].reported_at,
            .where = similar.row[i].spot,
            .joined = similar.row[i].joined,
            .url = report_url(rq->arena, rq->place, similar.row[i].id),
            .join = url_below(rq->arena, report_url(rq->arena, rq->place, similar.row[i].id), "/join"),
            .state = report_mark(rq, &times).word,
        };
    }
    view->similar.v = s;
    view->similar.n = similar.n;
    return OK;
}

static enum result show(struct request *rq, const struct sql_report_draft_get *d, enum draft_step step)
{
    static const enum text headings[STEPS] = {T_report_step_photos, T_report_step_place, T_report_step_words,
                                              T_report_step_category, T_report_preview_similar};
    struct report_step_view view = {
        .place = rq->place,
        .draft = d ? d->id : 0,
        .step = headings[step],
        .photos_now = step == STEP_PHOTOS,
        .place_now = step == STEP_PLACE,
        .words_now = step == STEP_WORDS,
        .category_now = step == STEP_CATEGORY,
        .similar_now = step == STEP_SIMILAR,
        .photos_past = step > STEP_PHOTOS,
        .place_past = step > STEP_PLACE,
        .words_past = step > STEP_WORDS,
        .category_past = step > STEP_CATEGORY,
        .photos_max = DRAFT_PHOTOS_MAX,
        .only = d && only_this(rq),
    };
    struct sql_report_draft_latest latest;
    enum result r = OK;

    if (d) {
        view.action = draft_url(rq, d->id, "/step");
        view.preview = draft_url(rq, d->id, "/preview");
        view.back = view.only           ? view.preview
                  : step == STEP_PHOTOS ? url_path(rq->arena, "/p/%" PRId64 "/report", rq->place)
                                        : draft_step_url(rq, d->id, (enum draft_step)(step - 1), false);
    } else {
        view.action = url_path(rq->arena, "/p/%" PRId64 "/report/step", rq->place);
        view.back = url_path(rq->arena, "/p/%" PRId64 "/report", rq->place);
        if (sql_report_draft_latest(rq->db, rq->place, viewer_of(rq)->person, &latest) == OK)
            view.later = draft_url(rq, latest.id, "");
    }
    if (d == NULL) /* it begins with the photos: there is nothing to show yet */
        step = STEP_PHOTOS;
    switch (step) {
    case STEP_PHOTOS: r = d ? fill_photos(rq, d->id, &view) : OK; break;
    case STEP_PLACE:
        if (d->estate)
            form_default(rq, "estate", str_printf(rq->arena, "%" PRId64, d->estate));
        form_default(rq, "spot", d->spot);
        if (d->latitude != 0 || d->longitude != 0) {
            form_default(rq, "latitude", str_printf(rq->arena, "%.6f", d->latitude));
            form_default(rq, "longitude", str_printf(rq->arena, "%.6f", d->longitude));
        }
        r = fill_estates(rq, &view);
        break;
    case STEP_WORDS:
        form_default(rq, "title", d->title);
        form_default(rq, "body", d->body);
        break;
    case STEP_CATEGORY: r = fill_categories(rq, d, &view); break;
    default:
        r = fill_similar(rq, d, &view);
        if (r == OK && view.similar.n == 0) /* nothing to ask */
            return respond_see_other(rq, view.preview, T_none);
    }
    return r == OK ? respond_view(rq, report_step, &view) : r;
}

enum result draft_begin_steps(struct request *rq)
{
    return show(rq, NULL, STEP_PHOTOS);
}

static enum result step_show(struct request *rq)
{
    return show(rq, &((const struct draft_subject *)rq->subject)->draft, step_now(rq));
}

/* ---- an answer ---- */

static enum result prepare_photos(struct request *rq)
{
    return media_photos_prepare(rq, S_PHOTOS);
}

static enum result keep(struct request *rq, const struct sql_report_draft_get *d)
{
    return sql_report_draft_put(rq->db, rq->place, d->id, viewer_of(rq)->person, d->title, d->body, d->category,
                                d->estate, d->building, d->spot, d->latitude, d->longitude, rq->now);
}

static enum result take_place(struct request *rq, struct sql_report_draft_get *d)
{
    struct estate estate;

    if (param_text(rq, S_SPOT).len == 0)
        return request_invalid(rq, "spot", T_app_field_required);
    if (param_given(rq, S_ESTATE) && estate_get(rq->db, rq->place, param_int(rq, S_ESTATE), &estate) != OK)
        return request_invalid(rq, "estate", T_report_write_estate_unknown);
    d->spot = param_text(rq, S_SPOT);
    if (param_given(rq, S_ESTATE))
        d->estate = param_int(rq, S_ESTATE);
    d->latitude = param_real(rq, S_LATITUDE);
    d->longitude = param_real(rq, S_LONGITUDE);
    return OK;
}

static enum result take_category(struct request *rq, struct sql_report_draft_get *d)
{
    const struct category *known;

    if (param_text(rq, S_CATEGORY).len == 0)
        return category_suggest(rq->db, d->title, d->body, &d->category);
    if (category_get(rq->db, param_text(rq, S_CATEGORY), &known) != OK)
        return request_invalid(rq, "category", T_report_write_category_unknown);
    d->category = param_text(rq, S_CATEGORY);
    return OK;
}

static enum result save(struct request *rq, struct sql_report_draft_get *d, enum draft_step step)
{
    const int64_t *drop = NULL;
    size_t n_drop;
    enum result r = OK;

    switch (step) {
    case STEP_PHOTOS: break;
    case STEP_PLACE: r = take_place(rq, d); break;
    case STEP_WORDS:
        if (str_utf8_count(param_text(rq, S_TITLE)) < 2)
            return request_invalid(rq, "title", T_report_step_title_needed);
        d->title = param_text(rq, S_TITLE);
        d->body = param_text(rq, S_BODY);
        break;
    case STEP_CATEGORY: r = take_category(rq, d); break;
    default: break;
    }
    if (r == OK && d->title.len && d->category.len == 0) /* whoever goes no further has one as well */
        r = category_suggest(rq->db, d->title, d->body, &d->category);
    if (r == OK)
        r = keep(rq, d);
    if (r == OK && step == STEP_PHOTOS) {
        n_drop = param_list(rq, S_DROP, &drop);
        r = draft_keep_photos(rq, d->id, drop, n_drop, rq->prepared);
    }
    if (r != OK)
        return r;
    return respond_created(rq,
                           only_this(rq) || step >= STEP_SIMILAR
                               ? draft_url(rq, d->id, "/preview")
                               : draft_step_url(rq, d->id, (enum draft_step)(step + 1), false),
                           d->id, T_none);
}

static enum result step_create(struct request *rq)
{
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct sql_report_draft_get d = {.id = id_new(), .estate = home ? home->estate : 0};

    return save(rq, &d, STEP_PHOTOS);
}

static enum result step_save(struct request *rq)
{
    struct sql_report_draft_get d = ((const struct draft_subject *)rq->subject)->draft;

    return save(rq, &d, step_now(rq));
}

const struct route report_step_routes[REPORT_STEP_ROUTES] = {
    {HTTP_POST, "/p/{place}/report/step", "report.step.begin", step_create, .before = prepare_photos,
     .subject = &report_community, .need = CAP_RESIDENT, .params = save_params, .n_params = S_PARAMS,
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = report_write_new,
     .doc = "Care mode: photos, and a draft for what comes next"},
    {HTTP_GET, "/p/{place}/report/draft/{id}/step", "report.step.show", step_show, .subject = &draft_subject,
     .need = CAP_OWN, .params = show_params, .n_params = S_SHOW_PARAMS, .flags = ROUTE_PERSONAL,
     .view = &report_step_info, .doc = "Care mode: one question about the draft"},
    {HTTP_POST, "/p/{place}/report/draft/{id}/step", "report.step.save", step_save, .before = prepare_photos,
     .subject = &draft_subject, .need = CAP_OWN, .params = save_params, .n_params = S_PARAMS,
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = step_show,
     .doc = "Keeps the answer to one question"},
};
