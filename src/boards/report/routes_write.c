/* routes_write.c: what residents do on the board: write, join, follow, comment, confirm. */
#include "boards/report/routes.h"

#include "boards/report/draft.h"
#include "boards/report/similar.h"
#include "boards/report/views/report_preview.html.h"
#include "boards/report/views/report_redact.html.h"
#include "boards/report/views/report_write.html.h"
#include "civic/access/access.h"
#include "civic/calendar/words.h"
#include "civic/media/media.h"
#include "civic/person/identity.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/service/service.h"
#include "engine/base/config.h"
#include "engine/base/ids.h"

/* ---- the form ---- */

static enum result load_draft(struct request *rq)
{
    struct draft_subject *subject = arena_new(rq->arena, struct draft_subject);
    enum result r = report_community.load(rq);

    if (r == OK)
        r = sql_report_draft_get(rq->db, rq->path_id[0], rq->path_id[1], &subject->draft);
    if (r != OK)
        return r;
    if (subject->draft.author != viewer_of(rq)->person) /* nobody else's business that it is there */
        return E_NOT_FOUND;
    subject->scope = (struct subject_scope){.place = rq->place, .author = subject->draft.author};
    rq->subject = subject;
    return OK;
}
const struct subject_kind draft_subject = {"draft", load_draft};

struct url draft_url(struct request *rq, int64_t draft, const char *below)
{
    return url_below(rq->arena, url_path(rq->arena, "/p/%" PRId64 "/report/draft/%" PRId64, rq->place, draft), below);
}

static struct str seen_as(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_residence *home = viewer_residence_in(viewer, rq->place);

    return home
             ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(viewer->shown_name), STR_ARG(home->building_name))
             : viewer->shown_name;
}

static enum result fill_write(struct request *rq, struct report_write_view *view)
{
    const struct categories *categories;
    struct report_write_categories *c;
    struct report_write_estates *e;
    struct estate_names estates;
    enum result r = categories_now(rq->db, &categories);

    if (r == OK)
        r = estate_names(rq->db, rq->place, &estates);
    if (r != OK)
        return r;
    c = arena_array(rq->arena, struct report_write_categories, categories->n ? categories->n : 1);
    for (size_t i = 0; i < categories->n; i++)
        c[i] = (struct report_write_categories){categories->category[i].code,
                                                category_name_in(&categories->category[i], rq->lang)};
    e = arena_array(rq->arena, struct report_write_estates, estates.n ? estates.n : 1);
    for (size_t i = 0; i < estates.n; i++)
        e[i] = (struct report_write_estates){estates.estate[i].id, estates.estate[i].name};
    view->place = rq->place;
    view->author = seen_as(rq);
    view->categories.v = c;
    view->categories.n = categories->n;
    view->estates.v = e;
    view->estates.n = estates.n;
    view->several = estates.n > 1;
    view->photos_max = DRAFT_PHOTOS_MAX;
    view->list = url_path(rq->arena, "/p/%" PRId64 "/report", rq->place);
    return OK;
}

enum result report_write_new(struct request *rq)
{
    struct report_write_view view = {.action = url_path(rq->arena, "/p/%" PRId64 "/report/draft", rq->place)};
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct sql_report_draft_latest latest;
    enum result r;

    if (draft_by_steps(rq))
        return draft_begin_steps(rq);
    if ((r = fill_write(rq, &view)) != OK)
        return r;
    if (home)
        form_default(rq, "estate", str_printf(rq->arena, "%" PRId64, home->estate));
    if (sql_report_draft_latest(rq->db, rq->place, viewer_of(rq)->person, &latest) == OK)
        view.later = url_path(rq->arena, "/p/%" PRId64 "/report/draft/%" PRId64, rq->place, latest.id);
    return respond_view(rq, report_write, &view);
}

enum result draft_photos(struct request *rq, int64_t draft, struct media_list *ret)
{
    return media_of_subject(rq->db, rq->place, STR("report_draft"), draft, ret);
}

static enum result draft_edit(struct request *rq)
{
    const struct draft_subject *subject = rq->subject;
    const struct sql_report_draft_get *d = &subject->draft;
    struct report_write_view view = {
        .draft = d->id,
        .action = url_path(rq->arena, "/p/%" PRId64 "/report/draft/%" PRId64, rq->place, d->id),
    };
    struct report_write_photos *photo;
    struct media_list media;
    enum result r;

    if (draft_by_steps(rq))
        return respond_see_other(rq, draft_step_url(rq, d->id, STEP_PHOTOS, false), T_none);
    r = fill_write(rq, &view);
    if (r == OK)
        r = draft_photos(rq, d->id, &media);
    if (r != OK)
        return r;
    photo = arena_array(rq->arena, struct report_write_photos, media.n ? media.n : 1);
    for (size_t i = 0; i < media.n; i++)
        photo[i] = (struct report_write_photos){
            media.media[i].id,
            url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, media.media[i].id)};
    view.photos.v = photo;
    view.photos.n = media.n;
    form_default(rq, "title", d->title);
    form_default(rq, "body", d->body);
    form_default(rq, "spot", d->spot);
    form_default(rq, "category", d->category);
    form_default(rq, "estate", str_printf(rq->arena, "%" PRId64, d->estate));
    if (d->latitude != 0 || d->longitude != 0) {
        form_default(rq, "latitude", str_printf(rq->arena, "%.6f", d->latitude));
        form_default(rq, "longitude", str_printf(rq->arena, "%.6f", d->longitude));
    }
    return respond_view(rq, report_write, &view);
}

/* ---- POST …/draft, …/draft/{id}: keeps what was written, with its pictures, and shows the preview ---- */

enum { W_TITLE, W_BODY, W_SPOT, W_CATEGORY, W_ESTATE, W_LATITUDE, W_LONGITUDE, W_PHOTOS, W_DROP, W_PARAMS };
static const struct param write_params[W_PARAMS] = {
    [W_TITLE] = {.name = "title",
                 .kind = PARAM_TEXT,
                 .required = true,
                 .min = 2,
                 .max = DRAFT_TITLE_MAX,
                 .doc = "What it is, in one sentence"},
    [W_BODY] = {.name = "body", .kind = PARAM_LINES, .max = DRAFT_BODY_MAX, .doc = "More about it"},
    [W_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .required = true, .max = DRAFT_SPOT_MAX, .doc = "Where, in words"},
    [W_CATEGORY] = {.name = "category",
                    .kind = PARAM_TEXT,
                    .max = 40,
                    .doc = "Code of a category; suggested from the words when left out"},
    [W_ESTATE] = {.name = "estate", .kind = PARAM_ID, .doc = "Estate of the community"},
    [W_LATITUDE] =
        {.name = "latitude", .kind = PARAM_REAL, .min = -90, .max = 90, .doc = "Position, when the phone may tell"},
    [W_LONGITUDE] =
        {.name = "longitude", .kind = PARAM_REAL, .min = -180, .max = 180, .doc = "Position, when the phone may tell"},
    [W_PHOTOS] = {.name = "photos",
                  .kind = PARAM_FILE,
                  .max = DRAFT_PHOTOS_MAX,
                  .max_bytes = 12 << 20,
                  .doc = "Pictures: JPEG, PNG or WebP"},
    [W_DROP] = {.name = "drop",
                .kind = PARAM_LIST,
                .max = DRAFT_PHOTOS_MAX,
                .doc = "Pictures of the draft to take away"},
};

/* Pictures are decoded and stored before the transaction: that takes long and needs nothing of it. */
static enum result prepare_photos(struct request *rq)
{
    return media_photos_prepare(rq, W_PHOTOS);
}

enum result draft_keep_photos(struct request *rq, int64_t draft, const int64_t *drop, size_t n_drop,
                              const struct media_photos *photos)
{
    struct media_list media;
    size_t have = 0;
    enum result r = draft_photos(rq, draft, &media);

    for (size_t i = 0; r == OK && i < media.n; i++) {
        bool dropped = false;

        for (size_t k = 0; k < n_drop; k++)
            dropped |= drop[k] == media.media[i].id;
        if (dropped)
            r = media_remove(rq->db, rq->place, media.media[i].id);
        have += !dropped;
    }
    if (r != OK)
        return r;
    if (have + (photos ? photos->n : 0) > DRAFT_PHOTOS_MAX)
        return request_invalid(rq, "photos", T_report_write_too_many_photos);
    return media_photos_attach(rq, photos, STR("report_draft"), draft, MEDIA_STAGE_BEFORE, (int64_t)have);
}

static enum result save_draft(struct request *rq, int64_t id)
{
    const int64_t *drop = NULL;
    size_t n_drop = param_list(rq, W_DROP, &drop);
    struct str category = param_text(rq, W_CATEGORY);
    const struct category *known;
    enum result r = OK;

    if (category.len && category_get(rq->db, category, &known) != OK)
        return request_invalid(rq, "category", T_report_write_category_unknown);
    if (category.len == 0 &&
        (r = category_suggest(rq->db, param_text(rq, W_TITLE), param_text(rq, W_BODY), &category)) != OK)
        return r;
    if (param_given(rq, W_ESTATE)) {
        struct estate estate;

        if (estate_get(rq->db, rq->place, param_int(rq, W_ESTATE), &estate) != OK)
            return request_invalid(rq, "estate", T_report_write_estate_unknown);
    }
    if (id == 0)
        id = id_new();
    r = draft_keep_photos(rq, id, drop, n_drop, rq->prepared);
    if (r == OK)
        r = sql_report_draft_put(rq->db, rq->place, id, viewer_of(rq)->person, param_text(rq, W_TITLE),
                                 param_text(rq, W_BODY), category,
                                 param_given(rq, W_ESTATE) ? param_int(rq, W_ESTATE) : 0, 0, param_text(rq, W_SPOT),
                                 param_real(rq, W_LATITUDE), param_real(rq, W_LONGITUDE), rq->now);
    return r == OK ? respond_created(rq, draft_url(rq, id, "/preview"), id, T_none) : r;
}

static enum result draft_create(struct request *rq)
{
    return save_draft(rq, 0);
}

static enum result draft_update(struct request *rq)
{
    return save_draft(rq, ((const struct draft_subject *)rq->subject)->draft.id);
}

/* ---- the preview, as neighbours will see it ---- */

/* Where what is missing is asked for. */
static struct url unfinished(struct request *rq, const struct sql_report_draft_get *d)
{
    return draft_by_steps(rq) ? draft_step_url(rq, d->id, draft_missing(d), false) : draft_url(rq, d->id, "");
}

/* Care mode: each answer has its own way back. */
static void fill_changes(struct request *rq, int64_t draft, struct report_preview_view *view)
{
    static const enum text words[] = {T_report_step_change_photos, T_report_step_change_place,
                                      T_report_step_change_words, T_report_step_change_category};
    enum { CHANGES = sizeof(words) / sizeof(words[0]) };
    struct report_preview_changes *c = arena_array(rq->arena, struct report_preview_changes, CHANGES);

    for (int i = 0; i < CHANGES; i++)
        c[i] = (struct report_preview_changes){words[i], draft_step_url(rq, draft, (enum draft_step)i, true)};
    view->changes.v = c;
    view->changes.n = CHANGES;
}

static enum result draft_preview(struct request *rq)
{
    const struct sql_report_draft_get *d = &((const struct draft_subject *)rq->subject)->draft;
    struct url self = url_path(rq->arena, "/p/%" PRId64 "/report/draft/%" PRId64, rq->place, d->id);
    struct report_preview_view view = {
        .id = d->id,
        .place = rq->place,
        .title = d->title,
        .body = d->body,
        .author = seen_as(rq),
        .where = d->spot,
        .initial = report_initial(viewer_of(rq)->shown_name),
        .edit = self,
        .send = url_below(rq->arena, self, "/send"),
        .blot = url_below(rq->arena, self, "/blot"),
        .drop = url_below(rq->arena, self, "/drop"),
    };
    struct private_span spans[8];
    const struct categories *categories;
    struct report_similar similar;
    struct report_preview_similar *s;
    struct report_preview_photos *photo;
    struct media_list media;
    const struct category *category;
    int64_t due;
    enum result r;

    if (draft_missing(d) != STEPS)
        return respond_see_other(rq, unfinished(rq, d), T_none);
    r = categories_now(rq->db, &categories);
    if (r == OK)
        r = draft_photos(rq, d->id, &media);
    if (r == OK)
        r = report_find_similar(rq->db, rq->place, d->category, d->title, d->body, d->spot,
                                rq->now - app_config(rq->app)->report.similar_days * TIME_DAY, &similar);
    if (r == OK)
        r = category_get(rq->db, d->category, &category);
    if (r != OK)
        return r;
    view.category = category_name(categories, rq->lang, d->category);
    photo = arena_array(rq->arena, struct report_preview_photos, media.n ? media.n : 1);
    for (size_t i = 0; i < media.n; i++)
        photo[i] = (struct report_preview_photos){
            url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, rq->place, media.media[i].id),
            url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, media.media[i].id)};
    view.photos.v = photo;
    view.photos.n = media.n;
    s = arena_array(rq->arena, struct report_preview_similar, similar.n ? similar.n : 1);
    for (size_t i = 0; i < similar.n; i++) {
        struct report_times times = {.state = similar.row[i].state};

        s[i] = (struct report_preview_similar){
            .id = similar.row[i].id,
            .title = similar.row[i].title,
            .reported = similar.row[i].reported_at,
            .where = similar.row[i].spot,
            .joined = similar.row[i].joined,
            .url = report_url(rq->arena, rq->place, similar.row[i].id),
            .join = url_path(rq->arena, "/p/%" PRId64 "/report/%" PRId64 "/join", rq->place, similar.row[i].id),
            .state = report_mark(rq, &times).word,
        };
    }
    view.similar.v = s;
    view.similar.n = draft_by_steps(rq) ? 0 : similar.n; /* there it was a question of its own */
    if (draft_by_steps(rq))
        fill_changes(rq, d->id, &view);
    view.private_data = private_find(d->title, spans, 8) + private_find(d->body, spans, 8) +
                            private_find(d->spot, spans, 8) >
                        0;
    view.emergency = category->grade == 0 || report_emergency(d->title) || report_emergency(d->body);
    due = calendar_add(calendar_now(), rq->now, view.emergency ? LIMIT_CLOCK_HOUR : LIMIT_WORK_HOUR,
                       view.emergency ? 1 : report_limits()->answer_work_hours);
    view.answer_words = text_format(
        rq->arena, rq->lang, T_report_preview_answer,
        TEXT_STR("when", calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, due, LIMIT_WORK_HOUR)));
    return respond_view(rq, report_preview, &view);
}

static enum result draft_blot(struct request *rq)
{
    const struct sql_report_draft_get *d = &((const struct draft_subject *)rq->subject)->draft;
    enum result r = sql_report_draft_put(rq->db, rq->place, d->id, d->author, private_blot(rq->arena, d->title),
                                         private_blot(rq->arena, d->body), d->category, d->estate, d->building,
                                         private_blot(rq->arena, d->spot), d->latitude, d->longitude, rq->now);

    return r == OK
             ? respond_see_other(
                   rq, url_path(rq->arena, "/p/%" PRId64 "/report/draft/%" PRId64 "/preview", rq->place, d->id), T_none)
             : r;
}

/* The draft with its pictures. E_NOT_FOUND: somebody was quicker. */
static enum result throw_away(struct request *rq, int64_t draft)
{
    struct media_list media;
    int64_t gone;
    enum result r = sql_report_draft_drop(rq->db, rq->place, draft, &gone);

    if (r == OK)
        r = gone ? draft_photos(rq, draft, &media) : E_NOT_FOUND;
    for (size_t i = 0; r == OK && i < media.n; i++)
        r = media_remove(rq->db, rq->place, media.media[i].id);
    return r;
}

static enum result draft_drop(struct request *rq)
{
    const struct sql_report_draft_get *d = &((const struct draft_subject *)rq->subject)->draft;
    enum result r = throw_away(rq, d->id);

    return r == OK
             ? respond_see_other(rq, url_path(rq->arena, "/p/%" PRId64 "/report", rq->place), T_report_flash_dropped)
             : r;
}

static enum result draft_send(struct request *rq)
{
    const struct draft_subject *subject = rq->subject;
    const struct sql_report_draft_get *d = &subject->draft;
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    struct organisation committee;
    struct media_list media;
    struct report_draft draft = {
        .community = rq->place,
        .dwelling = home ? home->dwelling : 0,
        .author_from = home ? home->building_name : STR_NONE,
        .title = d->title,
        .body = d->body,
        .category = report_emergency(d->title) || report_emergency(d->body) ? STR("emergency") : d->category,
        .spot = d->spot,
        .estate = d->estate,
        .building = d->building,
        .latitude = d->latitude,
        .longitude = d->longitude,
    };
    int64_t id, mine;
    enum result r;

    if (draft_missing(d) != STEPS)
        return respond_see_other(rq, unfinished(rq, d), T_none);
    /* Taken first: of two that send it at once, with different keys, one is too late. */
    r = sql_report_draft_drop(rq->db, rq->place, d->id, &mine);
    if (r == OK)
        r = mine ? draft_photos(rq, d->id, &media) : E_NOT_FOUND;
    if (r != OK)
        return r;
    draft.photos = (int64_t)media.n;
    if (organisation_head_of(rq->db, rq->place, &committee) == OK)
        draft.committee = committee.id;
    if ((r = report_write(rq->db, &actor, &draft, &id)) != OK)
        return r;
    for (size_t i = 0; r == OK && i < media.n; i++)
        r = media_move(rq->db, rq->place, media.media[i].id, STR("report"), id);
    return r == OK ? respond_created(rq, url_path(rq->arena, "/p/%" PRId64 "/report/%" PRId64 "/sent", rq->place, id),
                                     id, T_none)
                   : r;
}

/* ---- taps ---- */

enum { ON_ON, ON_PARAMS };
static const struct param on_params[ON_PARAMS] = {
    [ON_ON] = {.name = "on", .kind = PARAM_BOOL, .doc = "1 to do it, 0 to take it back"},
};

static enum result back_to(struct request *rq, enum text flash)
{
    const struct report_subject *subject = rq->subject;

    return respond_see_other(rq, report_url(rq->arena, rq->place, subject->report.id), flash);
}

enum { JOIN_DRAFT, JOIN_PARAMS };
static const struct param join_params[JOIN_PARAMS] = {
    [JOIN_DRAFT] = {.name = "draft", .kind = PARAM_ID, .doc = "One's own draft of the same matter: it is thrown away"},
};

/* Somebody who joins instead of sending needs the draft no more. */
static enum result settle_draft(struct request *rq)
{
    struct sql_report_draft_get draft;
    enum result r;

    if (!param_given(rq, JOIN_DRAFT))
        return OK;
    r = sql_report_draft_get(rq->db, rq->place, param_int(rq, JOIN_DRAFT), &draft);
    if (r == OK && draft.author == viewer_of(rq)->person)
        r = throw_away(rq, draft.id);
    return r == E_NOT_FOUND ? OK : r;
}

static enum result tap_join(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    enum result r = report_join(rq->db, &actor, rq->place, subject->report.id,
                                home && home->verified ? home->dwelling : 0);

    if (r == OK)
        r = settle_draft(rq);
    return r == OK ? back_to(rq, T_report_flash_joined) : r;
}

static enum result tap_follow(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    bool on = param_int(rq, ON_ON);
    enum result r = report_follow(rq->db, &actor, rq->place, subject->report.id, on);

    return r == OK ? back_to(rq, on ? T_report_flash_followed : T_report_flash_unfollowed) : r;
}

static enum result tap_thumb(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    enum result r = report_thumb(rq->db, &actor, rq->place, subject->report.id, param_int(rq, ON_ON));

    return r == OK ? back_to(rq, T_none) : r;
}

enum { COMMENT_BODY, COMMENT_PARAMS };
static const struct param comment_params[COMMENT_PARAMS] = {
    [COMMENT_BODY] = {.name = "body", .kind = PARAM_LINES, .required = true, .max = 1000, .doc = "The comment"},
};

static enum result comment_post(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    int64_t id;
    enum result r;

    if (actor.who & WHO_RESIDENT && !(actor.who & (WHO_COMMITTEE | WHO_HANDLER | WHO_SUPERVISOR)))
        actor.organisation = 0;
    r = report_comment(rq->db, &actor, rq->place, subject->report.id, param_text(rq, COMMENT_BODY), &id);
    return r == OK ? respond_created(rq,
                                     url_path(rq->arena, "/p/%" PRId64 "/report/%" PRId64 "#comment-%" PRId64,
                                              rq->place, subject->report.id, id),
                                     id, T_report_flash_commented)
                   : r;
}

enum { CONFIRM_SOLVED, CONFIRM_RATING, CONFIRM_WORDS, CONFIRM_PARAMS };
static const struct param confirm_params[CONFIRM_PARAMS] = {
    [CONFIRM_SOLVED] =
        {.name = "solved", .kind = PARAM_CHOICE, .choices = "yes,no", .required = true, .doc = "Is it solved?"},
    [CONFIRM_RATING] = {.name = "rating", .kind = PARAM_INT, .min = 1, .max = 5, .doc = "Stars, when it is solved"},
    [CONFIRM_WORDS] = {.name = "words",
                       .kind = PARAM_LINES,
                       .max = 500,
                       .doc = "Words; the reason when it is not solved"},
};

static enum result confirm_post(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    bool solved = param_int(rq, CONFIRM_SOLVED) == 0;
    enum result r;

    if (!solved && param_text(rq, CONFIRM_WORDS).len == 0)
        return request_invalid(rq, "words", T_report_confirm_why_not);
    if (solved && !param_given(rq, CONFIRM_RATING))
        return request_invalid(rq, "rating", T_report_confirm_need_stars);
    r = solved ? report_confirm(rq->db, &actor, rq->place, subject->report.id, param_int(rq, CONFIRM_RATING),
                                param_text(rq, CONFIRM_WORDS))
               : report_reject(rq->db, &actor, rq->place, subject->report.id, param_text(rq, CONFIRM_WORDS));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_report_confirm_too_late);
    return r == OK ? back_to(rq, solved ? T_report_flash_confirmed : T_report_flash_rejected) : r;
}

/* ---- private data out ---- */

enum { REDACT_TITLE, REDACT_BODY, REDACT_SPOT, REDACT_PARAMS };
static const struct param redact_params[REDACT_PARAMS] = {
    [REDACT_TITLE] = {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = DRAFT_TITLE_MAX},
    [REDACT_BODY] = {.name = "body", .kind = PARAM_LINES, .max = DRAFT_BODY_MAX},
    [REDACT_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .max = DRAFT_SPOT_MAX},
};

/* Two windows, or the committee's hand in between: what is taken out shall stay out. */
static struct str redact_version(struct request *rq)
{
    const struct report_subject *subject = rq->subject;

    return str_printf(rq->arena, STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(subject->report.title),
                      STR_ARG(subject->report.body), STR_ARG(subject->report.spot));
}

static enum result redact_form(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct url back = report_url(rq->arena, rq->place, subject->report.id);
    struct report_redact_view view = {
        .id = subject->report.id, .back = back, .action = url_below(rq->arena, back, "/redact")};

    form_default(rq, "title", subject->report.title);
    form_default(rq, "body", subject->report.body);
    form_default(rq, "spot", subject->report.spot);
    return respond_view(rq, report_redact, &view);
}

static enum result redact_post(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    enum result r = report_redact(rq->db, &actor, rq->place, subject->report.id, param_text(rq, REDACT_TITLE),
                                  param_text(rq, REDACT_BODY), param_text(rq, REDACT_SPOT));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_report_redact_too_late);
    return r == OK ? back_to(rq, T_report_flash_redacted) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define UPLOAD .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD
#define WRITE .flags = ROUTE_WRITE, .rate = RATE_WRITE

const struct route report_write_routes[REPORT_WRITE_ROUTES] = {
    {HTTP_GET, "/p/{place}/report/new", "report.new", report_write_new, .subject = &report_community,
     .need = CAP_RESIDENT, .flags = ROUTE_PERSONAL, .view = &report_write_info, .doc = "The form for a new report"},
    {HTTP_POST, "/p/{place}/report/draft", "report.draft.create", draft_create, .before = prepare_photos,
     .subject = &report_community, .need = CAP_RESIDENT, PARAMS(write_params), UPLOAD, .again = report_write_new,
     .doc = "Keeps a draft; it is sent by …/draft/{id}/send"},
    {HTTP_GET, "/p/{place}/report/draft/{id}", "report.draft.edit", draft_edit, .subject = &draft_subject,
     .need = CAP_OWN, .flags = ROUTE_PERSONAL, .view = &report_write_info, .doc = "A draft, to go on writing"},
    {HTTP_POST, "/p/{place}/report/draft/{id}", "report.draft.update", draft_update, .before = prepare_photos,
     .subject = &draft_subject, .need = CAP_OWN, PARAMS(write_params), UPLOAD, .again = draft_edit,
     .doc = "Changes a draft"},
    {HTTP_GET, "/p/{place}/report/draft/{id}/preview", "report.draft.preview", draft_preview, .subject = &draft_subject,
     .need = CAP_OWN, .flags = ROUTE_PERSONAL, .view = &report_preview_info,
     .doc = "The draft as neighbours will see it, with similar reports"},
    {HTTP_POST, "/p/{place}/report/draft/{id}/blot", "report.draft.blot", draft_blot, .subject = &draft_subject,
     .need = CAP_OWN, WRITE, .doc = "Makes phone, document and plate numbers of the draft unreadable"},
    {HTTP_POST, "/p/{place}/report/draft/{id}/drop", "report.draft.drop", draft_drop, .subject = &draft_subject,
     .need = CAP_OWN, WRITE, .doc = "Throws the draft away"},
    {HTTP_POST, "/p/{place}/report/draft/{id}/send", "report.send", draft_send, .subject = &draft_subject,
     .need = CAP_RESIDENT, WRITE, .again = draft_preview, .doc = "Sends the draft: it becomes a report"},
    {HTTP_POST, "/p/{place}/report/{id}/join", "report.join", tap_join, .subject = &report_subject,
     .need = CAP_RESIDENT, PARAMS(join_params), WRITE, .doc = "Met it too: once per household"},
    {HTTP_POST, "/p/{place}/report/{id}/follow", "report.follow", tap_follow, .subject = &report_subject,
     .need = CAP_RESIDENT, PARAMS(on_params), WRITE, .doc = "Follows, or stops following"},
    {HTTP_POST, "/p/{place}/report/{id}/thumb", "report.thumb", tap_thumb, .subject = &report_subject,
     .need = CAP_RESIDENT, PARAMS(on_params), WRITE, .doc = "Thumbs up, or takes it back"},
    {HTTP_POST, "/p/{place}/report/{id}/comment", "report.comment", comment_post, .subject = &report_subject,
     .need = CAP_COMMENT, PARAMS(comment_params), WRITE, .again = report_show, .doc = "Comments"},
    {HTTP_POST, "/p/{place}/report/{id}/confirm", "report.confirm", confirm_post, .subject = &report_subject,
     .need = CAP_OWN, PARAMS(confirm_params), WRITE, .again = report_show,
     .doc = "The reporter says whether it is solved"},
    {HTTP_GET, "/p/{place}/report/{id}/redact", "report.redact.form", redact_form, .subject = &report_subject,
     .need = CAP_OWN, .flags = ROUTE_PERSONAL, .version = redact_version, .view = &report_redact_info,
     .doc = "The form to take private data out"},
    {HTTP_POST, "/p/{place}/report/{id}/redact", "report.redact", redact_post, .subject = &report_subject,
     .need = CAP_OWN, PARAMS(redact_params), WRITE, .again = redact_form, .version = redact_version,
     .doc = "Takes private data out of one's own report"},
};
