/* category.h: the city's categories of problems, in the memory of the process.
 *
 * Every list, form and report asks for them, and they change a few times a year: each request asks the database for their version alone, in its own snapshot, and
 * reads them when that is not the one in memory. */
#ifndef LILONG_BOARDS_REPORT_CATEGORY_H
#define LILONG_BOARDS_REPORT_CATEGORY_H

#include "engine/db/db.h"
#include "engine/page/page.h"

struct category {
    struct str code, name, name_en;
    int64_t grade;        /* 0 (emergency) to 3 (a case) */
    int64_t limit_amount; /* for handling, in limit_unit */
    struct str limit_unit;
};
struct categories {
    const struct category *category; /* in their order */
    size_t n;
    const struct category_words *words;
};

/* As this transaction sees them. They live as long as the process; nobody frees them. */
enum result categories_now(struct db *db, const struct categories **ret) MUST_USE;
void categories_ahead(struct db *db); /* this read will ask for them (docs/statements.md) */

/* NULL: there is none of this code. */
const struct category *category_find(const struct categories *all, struct str code);
/* Both in one. E_NOT_FOUND. */
enum result category_get(struct db *db, struct str code, const struct category **ret) MUST_USE;

struct str category_name_in(const struct category *category, enum lang lang);
/* The code itself where the table has lost it. */
struct str category_name(const struct categories *all, enum lang lang, struct str code);

/* The category whose words occur most in the text, longer words and those of the title weighing more; "other" when none does. An emergency is never
 * guessed from a category's words: see report_emergency(). */
enum result category_suggest(struct db *db, struct str title, struct str body, struct str *ret_code) MUST_USE;

#endif
