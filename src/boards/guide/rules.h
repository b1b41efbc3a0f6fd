/* rules.h: what the files of this folder share. */
#ifndef LILONG_BOARDS_GUIDE_RULES_H
#define LILONG_BOARDS_GUIDE_RULES_H

#include "boards/guide/guide.h"
#include "boards/guide/guide.sql.h"
#include "boards/guide/guide_help.h"
#include "civic/calendar/calendar.h"
#include "civic/entry/entry.h"

/* ---- a matter's facts ------------------------------------------------------------------------------------------ */

struct guide_material { struct str name, form; int64_t copies; struct str note; };
struct guide_facts {
    struct str name, who;
    struct str counter, address, hours, phone, online;
    struct str steps;                       /* one a line */
    int64_t promised_amount, legal_amount;  /* 0: at once; the law sets none */
    struct str promised_unit, legal_unit;   /* work_day, calendar_day */
    struct str fee, basis, reach, related, changes;
    int32_t valid_from;
    const struct guide_material *material;
    size_t n_materials;
    int64_t version;                        /* guide_facts_get() */
};
enum { GUIDE_NAME_MAX = 40, GUIDE_LINES_MAX = 2000, GUIDE_LINE_MAX = 200, GUIDE_MATERIALS_MAX = 30, GUIDE_SYNONYMS_MAX = 40 };

struct guide_word { const char *word; enum text text; };
extern const struct guide_word guide_themes[], guide_reaches[], guide_forms[];
extern const size_t guide_themes_n, guide_reaches_n, guide_forms_n;
enum text guide_word_text(const struct guide_word *table, size_t n, struct str word); /* T_none when unknown */

/* Materials as staff write them, one a line: 身份证｜原件｜1｜验看后退还. ret_line is the bad one, from 1. E_INVALID. */
enum result guide_materials_parse(struct arena *a, struct str lines, struct guide_material *ret, size_t *ret_n, size_t *ret_line) MUST_USE;
struct str guide_materials_words(struct arena *a, enum lang lang, const struct guide_material *material, size_t n); /* the other way */

/* All of it as words: for the search. */
struct str guide_summary(struct arena *a, const struct guide_facts *facts);

struct guide_new {
    const struct board *board;
    int64_t place;
    struct str code, theme, audience;
    bool published, unchecked;
    const struct guide_facts *facts;
};
enum result guide_write(struct db *db, const struct entry_actor *actor, const struct guide_new *what, int64_t *ret_id) MUST_USE;
/* A version on top of `newest`; in force at once, or from its day on (guide_take_effect). E_CONFLICT: another was written meanwhile; E_INVALID:
 * its day is before that of the version before it. */
enum result guide_revise(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t newest,
                         struct str theme, bool unchecked, const struct guide_facts *facts) MUST_USE;
enum result guide_facts_get(struct db *db, int64_t place, int64_t item, int64_t version, struct guide_facts *ret) MUST_USE;
/* Everything that is due on the day of `now`. At most max; ret_n says how many. */
enum result guide_take_effect(struct db *db, int64_t now, int64_t max, int64_t *ret_n) MUST_USE;
enum result guide_vote(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool useful, struct str words) MUST_USE;

/* ---- finding: pure -------------------------------------------------------------------------------------------------- */

struct guide_candidate {
    int64_t place, id;
    struct str name, text;
    const struct str *said;      /* what people say for it */
    size_t n_said;
    double score;                /* of guide_rank: 0 … 1 */
};
struct guide_meaning { struct str said, means; };
#define GUIDE_FITS 0.34          /* from here on it is an answer; below it, down to GUIDE_NEAR, perhaps what was meant */
#define GUIDE_NEAR 0.16
#define GUIDE_SURE 0.5           /* an answer also where nobody has asked the guide */
/* Scores the candidates for a question in everyday words and puts them in order, the fitting first. */
void guide_rank(struct arena *a, struct str question, const struct guide_meaning *meaning, size_t n_meanings, struct guide_candidate *candidate, size_t n);

/* ---- what a place's page shows ------------------------------------------------------------------------------------------ */

struct guide_row { struct sql_guide_list of; };
struct guide_rows { struct sql_guide_list *row; size_t n; };
enum { GUIDE_ROWS_MAX = 600 };
enum result guide_rows(struct db *db, const struct board *board, int64_t place, struct guide_rows *ret) MUST_USE;
/* Of those, the ones that answer a question in everyday words, the best first; without fits (the best is worth less than `least`): which may have been
 * meant. */
enum result guide_answers(struct db *db, int64_t place, struct str question, const struct guide_rows *all, double least, struct guide_rows *ret,
                          bool *ret_fits) MUST_USE;

#endif
