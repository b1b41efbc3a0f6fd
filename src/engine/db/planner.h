/* planner.h: what SQLite's planner is told about the tables.
 *
 * Without figures it takes `community = ?` alone for as good as a key and reads a whole community where an index leads to one row.
 * With figures counted from the data (ANALYZE) a plan would change with the data, at some night of some server. So the figures are the same
 * everywhere, made from the schema alone: a community has 1000 rows of anything, each further column of a key is worth a factor of 50, a whole unique key is
 * one row. The build looks at the plans with the same figures (tools/statements). */
#ifndef LILONG_DB_PLANNER_H
#define LILONG_DB_PLANNER_H

/* Rows of sqlite_stat1 as they should be. */
#define PLANNER_ROWS                                                                                                              \
    "WITH col(tbl, idx, uniq, at, of, name) AS ("                                                                                 \
    " SELECT m.name, CASE WHEN l.origin = 'pk' AND t.wr THEN m.name ELSE l.name END, l.\"unique\", x.seqno + 1,"                  \
    "  COUNT(*) OVER (PARTITION BY l.name), x.name"                                                                               \
    " FROM sqlite_schema AS m JOIN pragma_table_list(m.name) AS t JOIN pragma_index_list(m.name) AS l"                            \
    " JOIN pragma_index_info(l.name) AS x"                                                                                        \
    " WHERE m.type = 'table' AND t.type = 'table' AND t.schema = 'main' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'),"           \
    " part(tbl, idx, at, rows) AS ("                                                                                              \
    " SELECT tbl, idx, at, CASE WHEN uniq AND at = of THEN 1"                                                                     \
    "  WHEN at = 1 THEN CASE WHEN name = 'community' THEN 1000 WHEN of = 1 THEN 10 ELSE 100 END"                                  \
    "  WHEN at = 2 AND (SELECT name FROM col AS f WHERE f.tbl = col.tbl AND f.idx = col.idx AND f.at = 1) = 'community' THEN 20"  \
    "  ELSE 2 END FROM col)"                                                                                                      \
    " SELECT tbl, idx, '1000000 ' || group_concat(rows, ' ') AS stat"                                                             \
    " FROM (SELECT * FROM part ORDER BY tbl, idx, at) GROUP BY tbl, idx"

#endif
