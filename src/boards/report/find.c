/* find.c: reports among what is found. */
#include "boards/report/present.h"

#include "civic/search/search_page.h"

static enum result open_report(struct request *rq, int64_t place, const struct search_entry *hit,
                               struct search_found *ret)
{
    struct sql_report_get report;
    enum result r = sql_report_get(rq->db, hit->community, hit->subject, &report);

    if (r != OK)
        return r;
    if (hit->community != place || report.hidden)
        return E_NOT_FOUND;
    *ret = (struct search_found){
        .url = report_url(rq->arena, hit->community, hit->subject),
        .board = text(rq->lang, T_frame_report),
        .at = report.reported_at,
    };
    return OK;
}

const struct search_finder report_finder = {"report", open_report};
