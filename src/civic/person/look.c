/* look.c: the person behind the name, for somebody with the right; each look stands in the ledger of the place. */
#include "civic/ledger/ledger.h"
#include "civic/person/join.h"
#include "civic/person/look.sql.h"
#include "civic/service/service.h"
#include "engine/base/ids.h"

enum result person_look(struct request *rq, int64_t person, int64_t community, struct str reason,
                        struct person_identity *ret)
{
    const struct viewer_post *post = viewer_post_over(viewer_of(rq), community);
    struct ledger_event e = {
        .community = community,
        .at = rq->now,
        .actor = rq->person,
        .organisation = post ? post->organisation : 0,
        .verb = STR("looked"),
        .subject_kind = STR("person"),
        .subject = person,
    };
    int64_t id = id_new();
    enum result r;

    if (reason.len == 0 || post == NULL)
        return reason.len ? E_DENIED : E_INVALID;
    if ((r = person_open_identity(rq->db, services_of(rq)->keys, person, ret)) != OK)
        return r;
    r = sql_person_look_put(rq->db, community, id, person, rq->person, e.organisation, reason, rq->now);
    e.text_hash = ledger_text_hash(rq->arena, id, reason);
    return r == OK ? ledger_append(rq->db, &e) : r;
}
