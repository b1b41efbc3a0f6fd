/* bells.c: what happens when a limit of an exchange passes. Nobody does it: it is asked for once more, passed on, or taken for a yes. */
#include "boards/exchange/rules.h"

/* What was there when the clock rang may be settled by now: then there is nothing to do. */
static enum result settled(enum result r)
{
    return r == E_CONFLICT || r == E_NOT_FOUND ? OK : r;
}

static enum result soon(struct db *db, const struct clock *clock, int64_t now)
{
    return settled(exchange_remind(db, clock->community, clock->subject, clock->stage, false, now));
}

static enum result late(struct db *db, const struct clock *clock, int64_t now)
{
    switch (flow_stage_of(&exchange_flow, clock->stage)) {
    case XS_OFFER: return settled(exchange_expire(db, clock->community, clock->subject, now));
    case XS_ANSWER:
    case XS_HANDING: return settled(exchange_pass_on(db, clock->community, clock->subject, now));
    case XS_CONFIRM: return settled(exchange_settle(db, clock->community, clock->subject, now));
    default: return settled(exchange_remind(db, clock->community, clock->subject, clock->stage, true, now));
    }
}

const struct clock_bell exchange_bell = {"exchange", soon, late};
