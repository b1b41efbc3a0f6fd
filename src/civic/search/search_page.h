/* search_page.h: the page that searches a community, over everything that can be found there. Each kind of rows brings one function that says where a hit
 * leads, and whether this viewer may see it: a hit that nobody vouches for is not shown. */
#ifndef LILONG_CIVIC_SEARCH_PAGE_H
#define LILONG_CIVIC_SEARCH_PAGE_H

#include "civic/search/search.h"
#include "engine/app/app.h"

struct search_found {
    struct url url;
    struct str board;           /* what it stands on: 邻里交流 */
    int64_t at;                 /* published; 0: not said */
};
struct search_finder {
    const char *kind;           /* subject_kind of the index; NULL: every kind of boards whose rows are entries */
    /* E_NOT_FOUND: not there, or not for the viewer at this place: hidden, a draft, for others, of a board that they may not read. */
    enum result (*open)(struct request *rq, int64_t place, const struct search_entry *hit, struct search_found *ret_found);
};
void search_use(const struct search_finder *const *finders, size_t n);   /* once, at start */

/* Some kinds are found by more than the words in them: 「小孩上户口」 is 出生登记. What an adviser means stands first, once; whether the viewer may see it
 * is its finder's word, as with every hit. */
struct search_adviser {
    const char *kind;           /* of boards: not asked when the search is for another */
    /* At most `most` into ret, the best first: community, kind, id, title, text. None is OK. */
    enum result (*ask)(struct request *rq, int64_t place, struct str words, size_t most, struct search_entry *ret, size_t *ret_n);
};
void search_use_advisers(const struct search_adviser *const *advisers, size_t n);   /* once, at start */

extern const struct module search_module;      /* /p/{place}/search */

#endif
