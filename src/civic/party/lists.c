/* lists.c: what the secretary of a branch and the one of the community both read of transfers. */
#include "civic/party/room.h"
#include "civic/party/views/party_coming.html.h"
#include "civic/party/views/party_gone.html.h"
#include "civic/place/place.h"

enum { COMING = 500, GONE = 50 };

enum result party_coming(struct request *rq, int64_t community, int64_t branch, const struct party_coming_view **ret,
                         size_t *ret_n)
{
    struct url take_in = url_below(rq->arena, party_place_url(rq->arena, community), "/transfer");
    struct sql_party_transfers_open_rows rows;
    struct party_coming_view *to;
    size_t n = 0;
    enum result r = sql_party_transfers_open(rq->db, community, COMING, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct party_coming_view, rows.n + 1);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_party_transfers_open *row = &rows.row[i];
        struct place place;

        if (branch && (row->branch != branch || row->person == rq->person))
            continue;
        r = place_get(rq->db, row->from_community, &place);
        if (r == OK)
            to[n++] = (struct party_coming_view){.id = row->id,
                                                 .name = row->shown_name,
                                                 .from = place_short_name(place.name),
                                                 .branch = branch ? STR_NONE : row->branch_name,
                                                 .asked_at = row->asked_at,
                                                 .take_in = take_in};
    }
    *ret = to;
    *ret_n = n;
    return r;
}

enum result party_gone(struct request *rq, int64_t community, int64_t branch, const struct party_gone_view **ret,
                       size_t *ret_n)
{
    struct sql_party_transfers_out_rows rows;
    struct party_gone_view *to;
    size_t n = 0;
    enum result r = sql_party_transfers_out(rq->db, community, GONE, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct party_gone_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (branch == 0 || rows.row[i].from_branch == branch)
            to[n++] = (struct party_gone_view){rows.row[i].shown_name, rows.row[i].branch_name, rows.row[i].decided_at};
    *ret = to;
    *ret_n = n;
    return OK;
}
