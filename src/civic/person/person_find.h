/* person_find.h: looking for people, for the staff who answer for them. */
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
/* Whether the viewer may look for residents of the place: whoever works at this very place, with the rights to verify residents and to look at a person. */
bool person_may_find(struct request *rq, int64_t place);
/* Verified residents of the place with all the words in their shown name, or as the building or room where they live: 周, 3号楼, 502, 3号楼502室, 3-502.
 * In a write: that it was looked for, by whom and how many were found is an event of the ledger (个人信息保护法 51, 54). E_DENIED for everybody else. Real names
 * are sealed and are not looked for. */
enum result person_find(struct request *rq, int64_t place, struct str words, struct people_found *ret) MUST_USE;

#endif
