/* year_private.h: what year.c (what happens) and year_settle.c (who lives there) share. */
#ifndef LILONG_DEMO_YEAR_PRIVATE_H
#define LILONG_DEMO_YEAR_PRIVATE_H

#include "civic/board/board.h"
#include "demo/year.h"

enum { STREETS_MAX = 64, CADRES = 3 };

struct dweller {
    int64_t person, dwelling, estate, building;
    int house;
};

struct home { /* a community */
    int64_t code, committee, property, cadre[CADRES], manager;
    int street, households, people;
    struct dweller *dweller;
    int n;
};

struct street {
    int64_t code, office, squad, grid, officer, captain;
};

struct step {
    int64_t at;
    int32_t report, order;
    uint8_t deed, n; /* n: stars, or which text */
    int32_t who;     /* dweller */
};

struct matter { /* a report that is planned; behind all of them the entries of 邻里交流 */
    int64_t at, id;
    int32_t home, author;
    uint8_t small; /* which of the small stories it is like, or of the chats */
    bool squad;    /* handed to the street's squad, not to the property company */
};

struct year {
    const struct year_options *o;
    struct arena *a, *scratch;
    int64_t begin;
    struct home *home;
    int homes;
    struct street street[STREETS_MAX];
    int streets;
    struct matter *matter;
    struct board board; /* 邻里交流 */
    struct step *step;  /* of malloc: it grows to some hundred megabytes */
    size_t n, room;
    bool full; /* no memory for more steps */
    int64_t done, total, skipped;
    struct str mark; /* under which name the progress stands */
    int at_home;     /* what the job that runs is about */
    size_t from, to;
};

double year_spread(const struct year *y, unsigned a, unsigned b); /* 0 to 1, the same for the same numbers */
enum result year_advance(struct db *db, const struct year *y, int64_t done); /* how far it has come, in the transaction of what it counts */
enum result year_settle(struct db *db, void *year);                /* the community y->at_home: its offices, houses, people */

/* The office of that kind at a place, and up to so many of its staff; 0: there is none. */
enum result year_office(struct db *db, int64_t place, const char *kind, int64_t *ret_office, int64_t *ret_staff, size_t most);

#endif
