/* export.c: see report_export.h. */
#include "boards/report/report_export.h"
#include "civic/person/identity.h"

enum result report_export(struct db *db, int64_t community, int64_t after, int64_t limit,
                          struct sql_report_export_rows *ret)
{
    enum result r = sql_report_export(db, community, after, limit, ret);

    for (size_t i = 0; r == OK && i < ret->n; i++)
        ret->row[i].title = ret->row[i].hidden ? STR_NONE : private_blot(db_arena(db), ret->row[i].title);
    return r;
}

enum result report_next_community(struct db *db, int64_t after, int64_t to, int64_t *ret_community)
{
    struct sql_report_next_community row;
    enum result r = sql_report_next_community(db, after, to, &row);

    if (r == OK)
        *ret_community = row.community;
    return r;
}
