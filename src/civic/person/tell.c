/* tell.c: tells people what has become of what they asked for, in the transaction in which it was decided. */
#include "civic/notify/notify.h"
#include "civic/person/person.sql.h"
#include "civic/person/room.h"

static enum result tell(struct db *db, const struct ledger_event *e, int64_t person, enum text text, const char *path)
{
    struct notice notice = {
        .person = person,
        .community = e->community,
        .text = text,
        .url = url_path(db_arena(db), "/%s", path + 1),
        .subject_kind = e->subject_kind,
        .subject = e->subject,
    };

    return notify_put(db, &notice, e->at);
}

static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct sql_correction_get correction;
    struct sql_residence_get residence;
    bool verified = str_eq(e->verb, STR("verified")), refused = str_eq(e->verb, STR("refused"));
    enum result r;

    if (str_eq(e->subject_kind, STR("residence")) && (verified || refused)) {
        r = sql_residence_get(db, e->community, e->subject, &residence);
        return r == OK ? tell(db, e, residence.person, verified ? T_person_notice_verified : T_person_notice_refused,
                              "/join/waiting")
                       : r;
    }
    if (str_eq(e->subject_kind, STR("correction")) && str_eq(e->verb, STR("correction_decided"))) {
        r = sql_correction_get(db, e->community, e->subject, &correction);
        return r == OK ? tell(db, e, correction.person, T_person_notice_correction, "/me/data") : r;
    }
    return OK;
}

const struct ledger_listener person_listener = {"person", appended};

static const struct notice_kind kinds[] = {
    {T_person_notice_verified, TOPIC_MINE, WAY_NOW, false, T_notify_away_joined},
    {T_person_notice_refused, TOPIC_MINE, WAY_NOW, false, T_notify_away_joined},
    {T_person_notice_correction, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_answer},
};
const struct notice_table person_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
