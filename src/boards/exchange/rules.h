/* rules.h: what may happen to an exchange, and what follows. No HTTP, no HTML: the routes, the clocks and the demo world call these, each inside a
 * transaction of theirs.
 *
 * Every function returns E_NOT_FOUND when there is no such exchange in that community, E_DENIED when the actor may not, E_CONFLICT when the state does not
 * allow it (any more), E_INVALID when something is missing or out of range. Each takes the exchange's row first, so that of several at once one
 * after the other reads how it stands then. */
#ifndef LILONG_BOARDS_EXCHANGE_RULES_H
#define LILONG_BOARDS_EXCHANGE_RULES_H

#include "boards/exchange/exchange.h"
#include "boards/exchange/exchange.sql.h"
#include "civic/entry/entry.h"
#include "civic/flow/clock.h"
#include "civic/flow/flow.h"
#include "civic/moderation/moderation.h"

enum exchange_sort { SORT_ASK, SORT_OFFER, SORT_GIVE, SORT_LEND, SORT_SWAP, SORT_SELL, SORT_WISH, SORT_COUNT };
#define EXCHANGE_SORTS "ask,offer,give,lend,swap,sell,wish"
const char *exchange_sort_word(enum exchange_sort sort);
enum exchange_sort exchange_sort_of(struct str word);   /* SORT_COUNT: unknown */
static inline bool sort_is_help(enum exchange_sort sort)
{
    return sort == SORT_ASK || sort == SORT_OFFER || sort == SORT_WISH;
}
/* What is offered on a board: 互助 asks and offers, 微心愿 wishes, 闲置物品 the rest; any other board of the kind has all. A bit each. */
uint32_t exchange_sorts_on(const struct board *board);

enum exchange_state {
    X_WAITING,   /* the committee looks at it first */
    X_OPEN,
    X_ASKED,     /* the next in the queue is asked */
    X_TAKEN,     /* somebody took it up */
    X_HALF,      /* one of the two has said that it was handed over, or done */
    X_LENT,
    X_RETURNING, /* the borrower has said that it is back */
    X_DONE,
    X_DECLINED,
    X_WITHDRAWN,
    X_EXPIRED,
};
enum exchange_action {
    XA_ACCEPT,
    XA_DECLINE,
    XA_TAKE,
    XA_AGREE,
    XA_PASS,  /* the next in the queue is asked */
    XA_FREE,  /* nobody waits: everybody may take it up again */
    XA_CONFIRM,
    XA_CORRECT,
    XA_DENY,
    XA_FINISH,
    XA_LEND,
    XA_BACK,
    XA_EXTEND,
    XA_THANK,
    XA_WITHDRAW,
    XA_EXPIRE,
    XA_AGAIN,
};
enum { XS_OFFER, XS_ANSWER, XS_HANDING, XS_CONFIRM, XS_RETURN, XS_OVERDUE };
enum turn_state { T_WAITING, T_ASKED, T_HOLDING, T_DONE, T_LEFT, T_DECLINED, T_EXPIRED, T_RELEASED, T_GONE };
enum turn_action { TA_ASK, TA_AGREE, TA_DECLINE, TA_EXPIRE, TA_LEAVE, TA_RELEASE, TA_FINISH, TA_GONE };

/* Who an actor is towards an exchange: bits. */
enum { BY_AUTHOR = 1, BY_TAKER = 2, BY_ASKED = 4, BY_QUEUED = 8, BY_NEIGHBOUR = 16, BY_RUNNER = 32, BY_CLOCK = 64 };
enum { NEEDS_REASON = 1 };

enum {
    EXCHANGE_TITLE_MAX = 40,
    EXCHANGE_BODY_MAX = 1000,
    EXCHANGE_SPOT_MAX = 40,
    EXCHANGE_WORD_MAX = 300,
    EXCHANGE_PRICE_MAX = 500000, /* fen: what is worth more is not sold over the garden fence */
    EXCHANGE_MINUTES_MAX = 720,
    EXCHANGE_LEND_MAX = 90,      /* days */
    EXCHANGE_QUEUE_MAX = 20,
    EXCHANGE_UNTIL_MAX = 60,     /* days */
};

struct exchange {
    struct entry entry;
    struct board board;
    enum exchange_sort sort;
    int64_t price, minutes, days;
    struct str spot;
    int64_t until, queue, due_at, return_at;
    struct sql_exchange_turn_get turn; /* id 0: nobody's */
};

enum result exchange_read(struct db *db, int64_t community, int64_t id, struct exchange *ret) MUST_USE;
enum exchange_state exchange_state(const struct exchange *x);
/* mine: the person's last turn, id 0: none. */
uint32_t exchange_roles(const struct exchange *x, int64_t person, const struct sql_exchange_turn_of *mine);

/* ---- what the author does ---- */

struct exchange_new {
    const struct board *board;
    int64_t community;
    enum exchange_sort sort;
    struct str title, body, spot;
    int64_t price, minutes, days;
    int64_t until_days;      /* 1 … EXCHANGE_UNTIL_MAX */
    int64_t photos;
};
enum result exchange_write(struct db *db, const struct entry_actor *actor, const struct exchange_new *what, int64_t *ret_id) MUST_USE;
/* While nobody has taken it up. The sort stays. */
enum result exchange_edit(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, int64_t version,
                          const struct exchange_new *what) MUST_USE;
enum result exchange_review(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, bool accept, struct str reason) MUST_USE;
enum result exchange_withdraw(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result exchange_again(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
/* Not this one: the next is asked. */
enum result exchange_release(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result exchange_extend(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, int32_t day) MUST_USE;

/* ---- what the neighbours do ---- */

enum result exchange_take_up(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result exchange_queue(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result exchange_answer_turn(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, bool yes) MUST_USE;
/* Out of the queue, or gives back what they had taken up. */
enum result exchange_leave(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;

/* ---- what both do ---- */

/* Handed over, or done. minutes: how long the help took, 0: it is not written into the book. Whoever comes second agrees with it; another
 * number is a question back to the first. ret_done: both agree. */
enum result exchange_confirm(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, int64_t minutes, bool *ret_done) MUST_USE;
enum result exchange_deny(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, struct str reason) MUST_USE;
/* What was lent is back: the lender's word ends it, the borrower's asks for it. */
enum result exchange_back(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id) MUST_USE;
/* To each other. ret_held: a watched word holds it back until staff have looked. */
enum result exchange_say(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, struct str body, bool *ret_held) MUST_USE;
enum result exchange_thank(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, struct str body, bool shown) MUST_USE;

/* ---- what happens by itself (bells.c) ---- */

extern const struct clock_bell exchange_bell;
enum result exchange_expire(struct db *db, int64_t community, int64_t id, int64_t now) MUST_USE;
enum result exchange_pass_on(struct db *db, int64_t community, int64_t id, int64_t now) MUST_USE;       /* the one asked, or the one who holds it, let it pass */
enum result exchange_settle(struct db *db, int64_t community, int64_t id, int64_t now) MUST_USE;        /* no answer is a yes; without hours */
enum result exchange_remind(struct db *db, int64_t community, int64_t id, struct str stage, bool late, int64_t now) MUST_USE;

/* ---- telling (tell.c) ---- */

enum result exchange_tell(struct db *db, const struct exchange *x, int64_t person, enum text words, int64_t now) MUST_USE;

/* ---- party.c ---- */

struct party_thing;
void exchange_party_thing(struct arena *a, const struct exchange *x, struct party_thing *ret);
/* A turn of a wish has become, or was, somebody's. */
enum result exchange_party_turn(struct db *db, const struct exchange *x, int64_t person, struct str before, struct str after, int64_t now) MUST_USE;

/* ---- pure (goods.c) ---- */

/* "20", "19.9", "1,200.00": fen. E_INVALID: no amount of money; E_TOO_LARGE: above EXCHANGE_PRICE_MAX. */
enum result exchange_price_parse(struct str words, int64_t *ret_fen) MUST_USE;
struct str exchange_price_words(struct arena *a, int64_t fen); /* 20, 19.90 */
/* What may not be given or sold on, or only by whoever has a licence: asked about, or refused. */
const struct moderation_extra *exchange_goods(void);

#endif
