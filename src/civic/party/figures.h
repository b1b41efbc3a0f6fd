/* figures.h: what is counted of branches, communities and the levels above them. */
#ifndef LILONG_CIVIC_PARTY_FIGURES_H
#define LILONG_CIVIC_PARTY_FIGURES_H

#include "civic/party/party.h"

struct party_figure {
    int64_t of;                    /* a branch, or a place */
    struct str name;               /* of a branch */
    int64_t members, shown, taken, done, thanks, ratings, stars;
    bool withheld;                 /* too few: nothing of it leaves the server */
};
struct party_figures {
    struct party_figure sum, *row;
    size_t n;
};
/* Of a place: its branches, or what lies directly below it. In db_arena(db). */
enum result party_figures(struct db *db, int64_t place, struct party_figures *ret) MUST_USE;

#endif
