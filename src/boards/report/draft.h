/* draft.h: what somebody has written and not sent yet. Shared by the form and by care mode's one question a screen. */
#ifndef LILONG_BOARDS_REPORT_DRAFT_H
#define LILONG_BOARDS_REPORT_DRAFT_H

#include "boards/report/routes.h"
#include "civic/media/media_form.h"

enum { DRAFT_TITLE_MAX = 40, DRAFT_BODY_MAX = 2000, DRAFT_SPOT_MAX = 80, DRAFT_PHOTOS_MAX = 9 };

/* /p/{place}/report/draft/{id}: one's own only. */
struct draft_subject {
    struct subject_scope scope;
    struct sql_report_draft_get draft;
};
extern const struct subject_kind draft_subject;

enum result draft_photos(struct request *rq, int64_t draft, struct media_list *ret) MUST_USE;
/* Takes `drop` away and adds what came with the form. Too many: the form again. */
enum result draft_keep_photos(struct request *rq, int64_t draft, const int64_t *drop, size_t n_drop,
                              const struct media_photos *photos) MUST_USE;
struct url draft_url(struct request *rq, int64_t draft, const char *below); /* "", "/preview" */

/* Care mode, in a browser: one question a screen. */
bool draft_by_steps(const struct request *rq);
enum draft_step { STEP_PHOTOS, STEP_PLACE, STEP_WORDS, STEP_CATEGORY, STEP_SIMILAR, STEPS };
struct url draft_step_url(struct request *rq, int64_t draft, enum draft_step step, bool only);
enum result draft_begin_steps(struct request *rq) MUST_USE; /* the first screen, before there is a draft */
/* What has to be there and is not: STEP_PLACE or STEP_WORDS; STEPS when it can be sent. */
enum draft_step draft_missing(const struct sql_report_draft_get *draft);

enum { REPORT_STEP_ROUTES = 3 };
extern const struct route report_step_routes[REPORT_STEP_ROUTES];

#endif
