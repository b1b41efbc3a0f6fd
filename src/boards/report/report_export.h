/* report_export.h: reports as rows for offices: without persons, without the text. */
#ifndef LILONG_BOARDS_REPORT_EXPORT_H
#define LILONG_BOARDS_REPORT_EXPORT_H

#include "boards/report/export.sql.h"

/* The community's reports with ids after `after`, rising. Titles have their private numbers blotted out; hidden ones have none. */
enum result report_export(struct db *db, int64_t community, int64_t after, int64_t limit, struct sql_report_export_rows *ret) MUST_USE;
/* The next community of the range that has reports; E_NOT_FOUND. */
enum result report_next_community(struct db *db, int64_t after, int64_t to, int64_t *ret_community) MUST_USE;

#endif
