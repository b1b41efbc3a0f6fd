/* city_private.h: what city.c (who gets whose year), city_rows.c (rows of a place, read once) and city_copy.c (written under other numbers) share. */
#ifndef LILONG_DEMO_CITY_PRIVATE_H
#define LILONG_DEMO_CITY_PRIVATE_H

#include "civic/ledger/ledger.h"
#include "civic/person/join.h"
#include "demo/city.h"

/* Each run of `lilong generate` on a year names its rows as another node; so many may have made it. A copy's nodes are so far from those of the one before. */
enum { CITY_NODES = 8 };

/* Whose number something has: of the place that is copied itself, of its street or its district; the city's stay. */
enum whose { OWN, OF_STREET, OF_DISTRICT, LEVELS };

/* What a cell is: numbers of rows and codes of places become others, everything else stays. */
enum cell { CELL_AS_IT_IS, CELL_ID, CELL_CODE = CELL_ID + LEVELS, CELL_TEXT = CELL_CODE + LEVELS /* with numbers in it */ };

struct rows {
    struct db_raw raw;
    uint8_t *cell;
    const struct str *columns; /* with commas between: of raw */
    struct person_plain *plain; /* of table person */
    int32_t *words;            /* of the ledger: which text its hash stands for; -1: none */
    bool *before;              /* of the ledger: the hash has the number before its own as salt (city_before) */
    struct str *tokens;        /* of search_entry */
};

/* A place of the district, all that belongs to it. */
struct leaf {
    int64_t code[LEVELS];
    struct rows *rows;
    size_t n, room;
    const struct str *text; /* that ledgers have hashes of */
    size_t texts;
};

/* Where it goes. */
struct target {
    int64_t code[LEVELS];
    int copy[LEVELS]; /* 0: the district's own */
    int home;         /* of city.home */
};

struct owned { /* numbers that do not belong to a community */
    int64_t id, place;
};

struct city {
    const struct city_options *o;
    struct arena *a, *leaf_arena, *scratch;
    struct db_source *source;
    struct db_fill *fill;
    struct str *why;
    int64_t first, last;   /* numbers of rows lie between these */
    struct owned *owned;   /* a table with open places; id 0: free */
    size_t owned_room, owned_n;
    int64_t district;
    int64_t *home;         /* communities of the district that have a year */
    int homes;
    struct target *target; /* communities of the city, in the order in which they are written */
    int targets;
    struct target *above;  /* streets and districts */
    int aboves;
    struct city_figures figures;
};

int64_t city_street(int64_t code);
int64_t city_district(int64_t code);
/* The number that was given out before this one: a hash of words has the number of the row they stand in as salt, which is the event's own, or the one before. */
int64_t city_before(int64_t id);
void city_own(struct city *c, int64_t id, int64_t place);
int64_t city_owner(const struct city *c, int64_t id); /* 0: a community */

/* city_rows.c */
enum result city_read(struct city *c, int64_t place, struct leaf *ret) MUST_USE;   /* everything of a place of the district, or of the city itself */
enum result city_read_once(struct city *c, struct leaf *ret) MUST_USE;             /* what the whole city has once */
enum cell city_cell(const struct city *c, const struct leaf *leaf, int64_t n);
/* city_copy.c */
enum result city_write(struct city *c, const struct leaf *leaf, const struct target *to) MUST_USE;

#endif
