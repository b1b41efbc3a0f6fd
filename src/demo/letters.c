/* letters.c: what people were told in four weeks is sent to nobody, and a few messages could not be delivered: something for the administrator. */
#include "demo/stage.h"

#include "civic/notify/notify.h"
#include "civic/outbox/outbox.h"
#include "civic/service/service.h"
#include "demo/cast.h"
#include "engine/base/time.h"

static enum outbox_verdict refuses(void *ctx, struct arena *a, const struct outbox_letter *letter,
                                   struct str *ret_reason)
{
    (void)ctx;
    (void)a;
    (void)letter;
    *ret_reason = STR("gateway 400");
    return OUTBOX_REFUSED;
}

static enum result write_letters(struct db *db, void *arg)
{
    struct stage *s = arg;
    enum result r = OK;

    /* One after the other through the day: the payload is nobody's. */
    for (int i = 3; r == OK && i > 0; i--)
        r = outbox_put(db, s->o->services->keys, STR("sms_notice"), STR("{}"), s->o->now - i * TIME_HOUR, 0, NULL);
    return r;
}

/* What the four weeks have gathered is past: nothing of it is sent when the server starts. */
static enum result drain(struct stage *s)
{
    const struct services services = {.keys = s->o->services->keys};
    struct notify_round round = {.left = true};
    enum result r = OK;

    while (r == OK && round.left)
        r = notify_send(s->o->database, &services, s->scratch, STR_NONE, s->o->now + TIME_DAY, &round);
    return r;
}

enum result demo_letters(struct stage *s)
{
    const struct outbox_kind kind = {
        .name = "sms_notice", .tries_max = 1, .first_wait_ms = TIME_MINUTE, .deliver = refuses};
    struct outbox_round round;
    enum result r = drain(s);

    if (r == OK)
        r = db_write_wait(s->o->database, s->scratch, write_letters, s);
    return r == OK ? outbox_deliver(s->o->database, s->o->services->keys, &kind, s->scratch, s->o->now, &round) : r;
}
