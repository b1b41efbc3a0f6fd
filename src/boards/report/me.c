/* me.c: what of the reports stands on a person's own page, and what the person has left there (个人信息保护法 45). */
#include "boards/report/present.h"

#include "civic/person/person.h"

static enum result count_mine(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_report_count_mine row;
    enum result r = sql_report_count_mine(rq->db, community, rq->person, &row);

    if (r == OK)
        *ret_n = row.mine;
    return r;
}

static enum result count_followed(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_report_count_mine row;
    enum result r = sql_report_count_mine(rq->db, community, rq->person, &row);

    if (r == OK)
        *ret_n = row.followed;
    return r;
}

static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 }; /* of each kind */
    struct sql_report_left_by_rows reports;
    struct sql_report_comments_left_by_rows comments;
    enum result r = sql_report_left_by(rq->db, rq->person, MOST, &reports);

    if (r == OK)
        r = sql_report_comments_left_by(rq->db, rq->person, MOST, &comments);
    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, reports.n + comments.n + 1);
    ret->n = 0;
    for (size_t i = 0, k = 0; i < reports.n || k < comments.n;) { /* both are newest first */
        if (k == comments.n || (i < reports.n && reports.row[i].reported_at >= comments.row[k].created_at)) {
            const struct sql_report_left_by *row = &reports.row[i++];

            ret->record[ret->n++] = (struct me_record){
                T_report_me_reported, row->reported_at,
                row->body.len ? str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(row->title), STR_ARG(row->body))
                              : row->title,
                report_url(rq->arena, row->community, row->id)};
        } else {
            const struct sql_report_comments_left_by *row = &comments.row[k++];

            ret->record[ret->n++] = (struct me_record){T_report_me_said, row->created_at, row->body,
                                                       report_url(rq->arena, row->community, row->report)};
        }
    }
    return OK;
}

static const struct me_item items[] = {
    {T_report_me_mine, "report", "/report?state=mine", true, count_mine},
    {T_report_me_followed, "follow", "/report?state=followed", true, count_followed},
};
const struct me_table report_me = {items, sizeof(items) / sizeof(items[0]), records};
