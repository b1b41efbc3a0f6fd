/* year_private.h: what the files of the year share: year.c (the whole), year_settle.c (who lives there), and what happens: year_reports.c, year_neighbours.c, year_swaps.c, year_offices.c. */
#ifndef LILONG_DEMO_YEAR_PRIVATE_H
#define LILONG_DEMO_YEAR_PRIVATE_H

#include "civic/entry/entry.h"
#include "demo/year.h"

#define YEAR_CITY INT64_C(310000000000)

enum { STREETS_MAX = 64, CADRES = 3, SETTLING_DAYS = 14 };

/* What things of the year are about. */
enum year_kind {
    OF_REPORT,
    OF_TALK,
    OF_NOTICE,
    OF_SWAP,    /* 互助, 闲置物品 */
    OF_DAY,     /* an activity */
    OF_OFFER,   /* a service of the committee, one in each community */
    OF_SLOT,    /* a time of it that can be booked */
    OF_VOTE,    /* whether a matter of the guide was of use */
    OF_QUESTION,/* to the police */
    YEAR_KINDS
};
enum year_board { TALK, ANNOUNCEMENT, IDLE_ITEM, MUTUAL_HELP, ACTIVITY, SERVICE, POLICE_LINE, YEAR_BOARDS };

enum deed {
    /* reports */
    WRITE, ANSWER, HAND, ACCEPT, DONE, CHECK, FAIL, SOLVE, EXPLAIN, VOID, REJECT, CONFIRM, COMMENT, THUMB, FOLLOW, JOIN,
    /* entries of any board */
    REPLY, LIKE,
    SAY,
    PUBLISH, READ,
    PUT_UP, TAKE_UP, QUEUE, WORD, HANDED, RECEIVED, THANKS, BACK,
    ANNOUNCE, SIGN_UP, SIGN_OFF, COME, CLOSE,
    OFFER, OPEN_SLOT, BOOK, BOOKED_CAME, BOOKED_MISSED,
    VOTE,
    ASK, ASK_ANSWER, ASK_MORE, ASK_CLOSE, ASK_RATE,
};

struct dweller {
    int64_t person, dwelling, estate, building;
    int house;
};

struct home { /* a community */
    int64_t code, committee, property, police, cadre[CADRES], manager, constable;
    struct str office; /* the committee's name */
    int street, households, people;
    struct dweller *dweller;
    int n;
};

struct street {
    int64_t code, office, squad, grid, officer, captain;
};

struct step {
    int64_t at;
    int32_t matter, order;
    uint8_t deed, n; /* n: stars, or which text */
    int32_t who;     /* dweller */
};

struct matter { /* that is planned; those of a kind stand together: year.first */
    int64_t at, id;
    int32_t home, author; /* author: a dweller; below 0: the cadre -1 - author */
    uint8_t kind, small; /* small: which of the small stories it is like, or of the texts of its kind */
    bool squad;    /* a report: handed to the street's squad, not to the property company. A notice: everybody must read it */
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
    int first[YEAR_KINDS + 1]; /* matters of a kind: from first[kind] to before first[kind + 1] */
    struct board board[YEAR_BOARDS];
    int64_t *guide; /* matters of the guide */
    size_t guides;
    struct step *step;  /* of malloc: it grows to some hundred megabytes */
    size_t n, room;
    bool full; /* no memory for more steps */
    bool whole; /* an earlier run has done all of it */
    int64_t done, total, skipped;
    struct str mark; /* under which name the progress stands */
    int at_home;     /* what the job that runs is about */
    size_t from, to;
};

double year_spread(const struct year *y, unsigned a, unsigned b); /* 0 to 1, the same for the same numbers */
enum result year_advance(struct db *db, const struct year *y, int64_t done); /* how far it has come, in the transaction of what it counts */
enum result year_settle(struct db *db, void *year);                /* the community y->at_home: its offices, houses, people */

void year_plan(struct year *y, int64_t at, int matter, enum deed deed, int n, int who);
int64_t year_moment(const struct year *y, unsigned u, int from_hour, int hours); /* of some day after the settling, between these hours */
struct matter *year_begin_matter(struct year *y, int matter, unsigned u, int from_hour, int hours); /* its home, its author: a dweller, its moment */

/* A year's things of each kind: planned one by one, and the steps taken when their time has come. */
void year_plan_report(struct year *y, int matter);
void year_plan_talk(struct year *y, int matter);
void year_plan_swap(struct year *y, int matter);
void year_plan_vote(struct year *y, int matter);
void year_plan_question(struct year *y, int matter);
void year_plan_notice(struct year *y, int matter);
void year_plan_day(struct year *y, int matter);
void year_plan_offer(struct year *y, int matter);
void year_plan_slot(struct year *y, int matter);
enum result year_take_report(struct db *db, struct year *y, const struct step *s);
enum result year_take_neighbours(struct db *db, struct year *y, const struct step *s); /* talk, votes, questions */
enum result year_take_swap(struct db *db, struct year *y, const struct step *s);
enum result year_take_office(struct db *db, struct year *y, const struct step *s);     /* notices, activities, services */
/* What the clocks do. */
enum result year_ring_reports(struct year *y, int64_t now);
enum result year_ring_swaps(struct year *y, int64_t now);
enum result year_ring_questions(struct year *y, int64_t now);
enum result year_ring_offices(struct year *y, int64_t now);
/* What anybody does below an entry: so many thumbs and comments, most within a day. */
void year_plan_taps(struct year *y, int matter, int64_t at, unsigned u, int most);
enum result year_tap(struct db *db, struct year *y, const struct step *s, const struct entry *entry);

struct entry_actor year_dweller(struct db *db, const struct home *h, int who, int64_t now);
struct entry_actor year_cadre(const struct home *h, int matter, int64_t now);
enum result year_entry(struct db *db, struct year *y, struct matter *m, struct entry *ret); /* of a matter, also when an earlier run has written it */

/* The office of that kind at a place, and up to so many of its staff; 0: there is none. */
enum result year_office(struct db *db, int64_t place, const char *kind, int64_t *ret_office, int64_t *ret_staff, size_t most);

#endif
