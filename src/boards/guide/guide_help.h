/* guide_help.h: a request to the committee to help with a matter, as a flow: asked, taken, an appointment, done, confirmed. Private to the resident and
 * the committee: it is in no list of others, no search, no ledger, and no notification says what it is about. */
#ifndef LILONG_BOARDS_GUIDE_HELP_H
#define LILONG_BOARDS_GUIDE_HELP_H

#include "civic/flow/clock.h"
#include "civic/flow/flow.h"
#include "engine/db/db.h"

enum guide_help_state { HELP_ASKED, HELP_TAKEN, HELP_MEETING, HELP_DONE, HELP_CONFIRMED, HELP_WITHDRAWN, HELP_DECLINED };
enum guide_help_action { HELP_TAKE, HELP_MEET, HELP_FINISH, HELP_CONFIRM, HELP_AGAIN, HELP_SAY, HELP_WITHDRAW, HELP_DECLINE, HELP_EXPIRE };
enum { HELP_BY_ASKER = 1, HELP_BY_COMMITTEE = 2, HELP_BY_CLOCK = 4 };
enum { HELP_NEEDS_WORDS = 1, HELP_NEEDS_TIME = 2 };

struct guide_help_new {
    int64_t community, board;
    int64_t item, item_place;        /* 0: not in the guide */
    struct str title, body, phone, wish; /* wish: office, home */
    int64_t person;
    struct str person_from;
    int64_t estate;                  /* where they live; 0: none */
    int64_t organisation;            /* the committee */
    int64_t now;
};
enum result guide_help_ask(struct db *db, const struct guide_help_new *what, int64_t *ret_id) MUST_USE;

/* One step. E_CONFLICT: the state does not have it any more; E_DENIED: not for these roles; E_INVALID: words or time are missing, or the time has
 * passed. */
struct guide_help_act {
    int64_t community, id;
    enum guide_help_action action;
    uint32_t roles;
    int64_t person, organisation;
    struct str words;
    int64_t meet_at;
    struct str meet_where;
    int64_t now;
};
enum result guide_help_do(struct db *db, const struct guide_help_act *act) MUST_USE;

extern const struct clock_bell guide_help_bell;

#endif
