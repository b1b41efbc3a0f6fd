/* property.h: 物业之窗: accounts that have to be published, and the rating of the year. Rules without HTTP. */
#ifndef LILONG_BOARDS_SERVICE_PROPERTY_H
#define LILONG_BOARDS_SERVICE_PROPERTY_H

#include "boards/service/rules.h"

/* What has to be published, and how often: the repair fund every half year, the income of the common parts every quarter (上海市住宅物业管理规定); income and spending
 * of fees once a year (物业服务收费管理办法 12). The law says how often and not how soon after: we give ACCOUNT_DUE_DAYS. */
enum account_kind { ACCOUNT_FEES, ACCOUNT_FUND, ACCOUNT_INCOME, ACCOUNT_KINDS };
enum { ACCOUNT_DUE_DAYS = 30, ACCOUNT_PERIODS = 4, ACCOUNT_LINES_MAX = 60 };
const char *account_kind_word(enum account_kind kind);
/* year * 10 + part; part 0: the year, 1-2 halves, 1-4 quarters. E_INVALID: the kind has no such part, or years outside 2000 … 2100. */
enum result account_period_days(enum account_kind kind, int64_t period, int32_t *ret_first, int32_t *ret_last) MUST_USE;
/* The last one that is over on this day, and the one before another. */
int64_t account_period_over(enum account_kind kind, int32_t day);
int64_t account_period_before(enum account_kind kind, int64_t period);

/* "停车费 12,000.50": words, then an amount in yuan with at most two decimals. E_INVALID with *ret_line, from 1, that is none. */
struct account_line { bool spent; struct str what; int64_t amount; };
enum result account_lines_parse(struct str typed, bool spent, struct account_line *line, size_t max, size_t *n, int *ret_line) MUST_USE;
enum result account_amount_parse(struct str typed, int64_t *ret_fen) MUST_USE;    /* may be below 0 */

struct account_new {
    const struct board *board;
    int64_t community;
    enum account_kind kind;
    int64_t period, opening;
    const struct account_line *line; size_t n;
    struct str title, notes;
    int64_t photos;
    struct str *const *names;   /* of the documents that come with it: as entry_new.more */
    size_t n_names;
};
/* E_DENIED: not for an organisation. E_INVALID: the period is not over, or there is no line. E_CONFLICT: it stands there already. */
enum result account_publish(struct db *db, const struct entry_actor *actor, const struct account_new *what, int64_t *ret_id) MUST_USE;
enum result account_recall(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, struct str reason) MUST_USE;

enum { ACCOUNT_DISCLOSED, ACCOUNT_RECALLED };

/* The rating of a year is given from 1 November to its end, and shown when it is over: nobody sees how it stands before. */
enum { RATING_FIRST_MONTH = 11, RATING_FEWEST = 5 };
bool rating_open(int64_t now, int *ret_year);
/* One for each household; another one before the end replaces it. E_CONFLICT: it is not open. */
enum result rating_give(struct db *db, const struct entry_actor *actor, int64_t community, int64_t organisation, int64_t dwelling, int64_t stars) MUST_USE;

#endif
