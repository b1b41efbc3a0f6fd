/* similar.h: what the words of a report suggest: an emergency, another report of the same matter. */
#ifndef LILONG_BOARDS_REPORT_SIMILAR_H
#define LILONG_BOARDS_REPORT_SIMILAR_H

#include "boards/report/rules.h"

/* Words that mean danger to somebody now (火, 煤气, 救命 …): 110/119/120 come first. Not certain: sending stays possible. */
bool report_emergency(struct str text);

/* How alike two texts are, in percent: the share of two-character pieces of the shorter one that the other has as well. Pure. */
int report_likeness(struct arena *a, struct str one, struct str other);

/* Open reports since `since` that may be the same matter, the likest first, at most five. */
struct report_similar {
    struct sql_report_similar *row;
    size_t n;
};
enum result report_find_similar(struct db *db, int64_t community, struct str category, struct str title,
                                struct str body, struct str spot, int64_t since, struct report_similar *ret) MUST_USE;

#endif
