/* present.h: a report as people read it: the state in words with its shape, the deadline as it is said, names as neighbours know them. */
#ifndef LILONG_BOARDS_REPORT_PRESENT_H
#define LILONG_BOARDS_REPORT_PRESENT_H

#include "boards/report/category.h"
#include "boards/report/rules.h"
#include "boards/report/views/report_clock.html.h"
#include "boards/report/views/report_row.html.h"
#include "boards/report/views/report_timeline.html.h"
#include "civic/access/access.h"
#include "engine/app/app.h"

struct report_mark {
    enum text word;   /* report.state.… */
    struct str mark;  /* the class of the state's shape */
    struct str card;  /* the class of the clock card */
    struct str clock; /* 今天 17:00 前; empty when there is no limit to speak of */
    int64_t due;
    bool late; /* now */
};
struct report_times {
    struct str state, outcome;
    int64_t answer_due, due_at, confirm_due, closed_at, reported_at;
};
struct report_mark report_mark(struct request *rq, const struct report_times *times);

enum text report_verb_text(struct str verb); /* of a step in the timeline */
struct str report_initial(struct str name);  /* first character, for the round picture */

/* Rows of a list, from any of the statements of pages: they all have the same columns. Covers are fetched in one go. */
enum result report_rows(struct request *rq, int64_t community, const struct sql_report_page_rows *rows,
                        const struct categories *categories, struct report_row_view **ret_rows) MUST_USE;

void report_clock_fill(struct request *rq, const struct sql_report_get *report,
                       const struct sql_work_order_of_report_rows *orders, struct report_clock_view *ret);
enum result report_timeline_fill(struct request *rq, int64_t community, int64_t report, bool staff,
                                 struct report_timeline_view *ret) MUST_USE;

/* What a subject_kind loads: begins with what access needs. */
struct report_subject {
    struct subject_scope scope;
    struct sql_report_get report;
    struct sql_work_order_of_report_rows orders;
    bool moved; /* the address names the community that it was in before a merger: its page leads on */
};
struct party_thing;
void report_party_thing(struct arena *a, int64_t community, const struct sql_report_get *report, struct party_thing *ret); /* party.c */
extern const struct subject_kind report_subject;   /* /…/{place}/…/{id} */
extern const struct subject_kind report_community; /* /p/{place}/…: a community that is there */

/* The actor that the viewer is towards this subject: bits of WHO_, and for which organisation. */
struct report_actor report_actor_of(struct request *rq, const struct subject_scope *scope);

struct url report_url(struct arena *a, int64_t community, int64_t id);

#endif
