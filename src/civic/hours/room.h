/* room.h: for the room itself: which books a community reads and keeps, and who answers a helper who does not agree. */
#ifndef LILONG_HOURS_ROOM_H
#define LILONG_HOURS_ROOM_H

#include "civic/hours/hours.h"
#include "civic/hours/hours.sql.h"
#include "engine/app/app.h"

enum { HOURS_BOOKS_MAX = 64, HOURS_CONTESTS_MAX = 200 };

/* ---- books.c ---- */

/* The community's book, and those of the communities before it: what its residents read. */
enum result hours_books(struct db *db, int64_t community, int64_t ret_book[HOURS_BOOKS_MAX], size_t *ret_n) MUST_USE;
/* The books that a community's committee answers for (place_heir): its own, and those of the communities that it stands for. Of a community that has only
 * lost an estate the book stays with it. */
enum result hours_kept(struct db *db, int64_t community, int64_t ret_book[HOURS_BOOKS_MAX], size_t *ret_n) MUST_USE;
/* A line in one of these. */
enum result hours_find(struct db *db, int64_t community, int64_t line, int64_t *ret_book, struct sql_hours_line_get *ret) MUST_USE;

/* ---- contest.c ---- */

/* Whoever has a part in a correction does not answer for it: the helper, whom they helped, who made it. */
struct hours_part { int64_t helper, helped, confirmed_by; };
bool hours_has_part(const struct hours_part *part, int64_t person);
/* Who answers: the committee that keeps the book, where it has somebody with the right and without a part; else the street, the district, the city.
 * ret_somebody false: nobody anywhere, and it stays with the committee. */
enum result hours_answerer(struct db *db, int64_t book, const struct hours_part *part, int64_t now, int64_t *ret_place, bool *ret_somebody) MUST_USE;

struct hours_contested {
    int64_t book, counter, line, at, minutes;   /* minutes: of the counter-line */
    int32_t day;
    struct str words, what, person;
};
/* What waits for an answer of somebody who works for the place, the oldest first; at most HOURS_CONTESTS_MAX. */
enum result hours_contests_of(struct db *db, int64_t place, int64_t person, int64_t now, struct hours_contested **ret, size_t *ret_n) MUST_USE;

/* ---- routes_contest.c ---- */

/* Who answers what waits, in words; and where, when the viewer may: else empty. */
enum result hours_waits_for(struct request *rq, int64_t book, int64_t counter, const struct hours_part *part, struct str *ret_who,
                            struct url *ret_url) MUST_USE;
struct viewer_post;
enum result hours_count_contests(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting, int64_t *ret_late) MUST_USE;

#endif
