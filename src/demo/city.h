/* city.h: the year of a district (year.h) laid out over the whole city: each community of another district has the year of a community of that one, with
 * people, houses and numbers of its own. Rows go into PostgreSQL as they are, many at a time, so that a city takes minutes and not days. */
#ifndef LILONG_DEMO_CITY_H
#define LILONG_DEMO_CITY_H

#include "demo/year.h"

struct city_scale {
    const char *name;
    const char *year; /* the district's, of year_scales */
    int more;         /* communities beyond those of the district, in the order of their codes; 0: all of the city */
};
const struct city_scale *city_scale_named(const char *name); /* NULL: none */

struct city_options {
    const char *source;  /* the district's database, whole */
    const char *url;     /* of PostgreSQL */
    const struct crypto_keys *keys;
    const struct city_scale *scale;
    unsigned seed;
    int64_t now;
    FILE *progress;
};
struct city_figures {
    int64_t communities, rows, bytes; /* the last two: of this run */
    int64_t rows_ms;                  /* how long the rows took, without keys and indexes */
    bool before;                      /* it was there already */
};
/* Goes on where an earlier run has stopped. ret_why has words for what a person can mend. */
enum result city_fill(const struct city_options *o, struct arena *a, struct city_figures *ret, struct str *ret_why) MUST_USE;

#endif
