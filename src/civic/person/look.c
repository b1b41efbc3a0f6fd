/* look.c: the person behind the name, for somebody with the right; each look stands in the ledger of the place. */
#include "civic/access/access.h"
#include "civic/ledger/ledger.h"
#include "civic/person/identity.h"
#include "civic/person/join.h"
#include "civic/person/look.sql.h"
#include "civic/person/person.sql.h"
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

    if (!access_allowed(viewer_of(rq), CAP_PERSON_LOOK, community, NULL))
        return E_DENIED;
    if (reason.len == 0)
        return E_INVALID;
    if ((r = person_open_identity(rq->db, services_of(rq)->keys, person, ret)) != OK)
        return r;
    r = sql_person_look_put(rq->db, community, id, person, rq->person, e.organisation, reason, rq->now);
    e.text_hash = ledger_text_hash(rq->arena, id, reason);
    return r == OK ? ledger_append(rq->db, &e) : r;
}

enum result person_own(struct request *rq, struct person_own *ret)
{
    struct person_identity who;
    enum result r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &who);

    if (r == OK)
        *ret = (struct person_own){who.name, who.name.len ? person_name_mask(rq->arena, who.name) : STR_NONE};
    return r;
}

enum result person_of_dwelling(struct db *db, int64_t community, int64_t dwelling, struct person_ids *ret)
{
    struct sql_residence_members_rows rows;
    enum result r = sql_residence_members(db, community, dwelling, &rows);

    if (r != OK)
        return r;
    ret->id = arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq(rows.row[i].state, STR("verified")))
            ret->id[ret->n++] = rows.row[i].person;
    return OK;
}
