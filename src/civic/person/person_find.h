/* person_find.h: people among what is found, for the staff who answer for them. */
#ifndef LILONG_CIVIC_PERSON_FIND_H
#define LILONG_CIVIC_PERSON_FIND_H

#include "engine/app/app.h"

struct person_found {
    struct str name;            /* as neighbours see it: 周女士 */
    struct str home;            /* 海江路小区 3号楼 502室 */
    struct url url;             /* at the desk, where a look behind the name is written down */
};
struct people_found {
    struct person_found *person;
    size_t n;
    bool more;                  /* than that many */
};
enum { PEOPLE_FOUND_MAX = 10 };
/* Verified residents of the place with all the words in their shown name, or as the building or room where they live: 周, 3号楼, 502, 3号楼502室, 3-502.
 * Nobody for whoever does not work at this very place, with the rights to verify residents and to look at a person. Real names are sealed and are not
 * looked for: what is typed here stands in an address. */
enum result person_find(struct request *rq, int64_t place, struct str words, struct people_found *ret) MUST_USE;

#endif
