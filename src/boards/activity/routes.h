/* routes.h: what the route files of this folder share. */
#ifndef LILONG_BOARDS_ACTIVITY_ROUTES_H
#define LILONG_BOARDS_ACTIVITY_ROUTES_H

#include "boards/activity/rules.h"
#include "civic/person/person.h"

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define ONE "/p/{place}/activity/{board:word}/{id}"

/* Like entry_subject, for what organising an activity takes: its author may, and whoever runs the board; for them the scope's author is the viewer, so that
 * CAP_OWN says yes. */
extern const struct subject_kind organised_subject;
bool activity_organises(struct request *rq, const struct entry *entry);

/* What it is called now, and the mark beside it. */
struct activity_now { enum text word; const char *mark; };
struct activity_now activity_now(int state, const struct sql_activity_coming *a, int64_t now);
struct activity_now activity_now_of(const struct entry *entry, const struct sql_activity_get *a, int64_t now);
/* 周六 9:00–11:30 with the day in front as people say it. */
struct str activity_when(struct arena *a, enum lang lang, int64_t now, int64_t starts_at, int64_t ends_at);
struct str activity_room(struct arena *a, enum lang lang, int64_t capacity, int64_t taken, int64_t waits); /* 还有 3 个名额 */
/* The rows of a list, with their pictures; an arena's array of n. */
struct activity_row_view;
enum result activity_rows_fill(struct request *rq, const struct board *board, const struct sql_activity_coming *rows, size_t n,
                               struct activity_row_view *ret_rows) MUST_USE;
/* Where the viewer lives at or below the place; 0: nowhere. */
int64_t activity_home_of(struct request *rq);
/* A refusal in words. */
enum result activity_refuse(struct request *rq, enum activity_no no);

enum result activity_show(struct request *rq);   /* the page of one */
enum result activity_roll(struct request *rq);   /* the organiser's page */

#endif
