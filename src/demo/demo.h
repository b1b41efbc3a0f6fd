/* demo.h: the demo world: one neighbourhood with its people and four weeks of its life, lived through the real rules.
 *
 * Nothing in it is random: the same moment gives the same story. Nobody in it is real, and the ID numbers, though well formed, belong to a
 * region's number range that was never given out. Used by `lilong demo` only; the server never calls it. */
#ifndef LILONG_DEMO_H
#define LILONG_DEMO_H

#include <stdio.h>

#include "civic/service/service.h"

#define DEMO_COMMUNITY INT64_C(310113007011) /* 吴淞新城, where the story plays */
#define DEMO_SAME_STREET INT64_C(310113007020)
#define DEMO_OTHER_STREET INT64_C(310113003005)

struct demo_options {
    struct database *database;
    const struct services *services;
    int64_t now;         /* the moment at which the story ends */
    int64_t city_office; /* organisation */
    FILE *progress;      /* lines for people; NULL: none */
};

/* When the world begins: everything that `lilong init` writes is dated so. */
int64_t demo_beginning(int64_t now);

/* Builds it all in a database that `lilong init` has filled. Moves the process's clock while it runs and sets it free again. *ret_skipped: steps of
 * the story that the rules refused, which is a mistake in the story; 0 is right. */
enum result demo_build(const struct demo_options *options, struct arena *a, int64_t *ret_skipped) MUST_USE;

/* Who is who, for the console: read from the database, residents first. At most `max`. */
struct demo_line {
    int64_t person;
    struct str name, role, place, title; /* role: the word of the table of rights, or resident, party_member */
};
enum result demo_who(struct db *db, const struct crypto_keys *keys, struct demo_line *ret_lines, size_t max, size_t *ret_n) MUST_USE;
/* The code on the poster of the story's estate. */
enum result demo_code(struct db *db, struct str *ret_code) MUST_USE;

#endif
