/* rules.h: what the files of this folder share: the rules of notices, without pages. */
#ifndef LILONG_BOARDS_BULLETIN_RULES_H
#define LILONG_BOARDS_BULLETIN_RULES_H

#include "boards/bulletin/bulletin.h"
#include "boards/bulletin/bulletin.sql.h"
#include "civic/entry/entry.h"
#include "civic/flow/flow.h"

enum bulletin_state {
    BULLETIN_DRAFT,
    BULLETIN_WAITING,   /* for somebody else's eyes */
    BULLETIN_SCHEDULED,
    BULLETIN_PUBLISHED,
    BULLETIN_PINNED,
    BULLETIN_EXPIRED,
    BULLETIN_WITHDRAWN,
    BULLETIN_STATES
};
enum bulletin_action {
    BULLETIN_SUBMIT,    /* to whoever reviews */
    BULLETIN_PUBLISH,
    BULLETIN_SCHEDULE,
    BULLETIN_RETURN,    /* to its author, with a reason */
    BULLETIN_RECALL,    /* back to a draft, by who wrote it or runs the board */
    BULLETIN_DUE,
    BULLETIN_PIN,
    BULLETIN_UNPIN,
    BULLETIN_CORRECT,   /* what is out was changed on a board with review: it is looked at again */
    BULLETIN_EXPIRE,
    BULLETIN_WITHDRAW,
    BULLETIN_ACTIONS
};
enum {
    BULLETIN_BY_RUNNER = 1,
    BULLETIN_BY_FREE = 2,     /* runs a board without review */
    BULLETIN_BY_REVIEWER = 4, /* runs a board with review, and has not written a word of this */
    BULLETIN_BY_CLOCK = 8
};
enum { BULLETIN_NEEDS_REASON = 1 };

enum bulletin_weight { BULLETIN_PLAIN, BULLETIN_MUST_READ, BULLETIN_EMERGENCY };
struct str bulletin_weight_word(enum bulletin_weight weight);
enum bulletin_weight bulletin_weight_of(struct str word); /* plain for a word that nobody knows */

struct bulletin_text {
    struct str title, body;
    struct str audience;        /* entry_audience() */
    enum bulletin_weight weight;
    int64_t publish_at;         /* 0: as soon as it may */
    int64_t ends_at;            /* 0: never */
    int32_t read_by;            /* a day; 0: none */
    struct str matter;          /* '' but on boards of open affairs */
    int64_t period;             /* 20263: the third quarter of 2026; 0: none */
    int64_t photos;
    struct str *const *names;   /* of the documents that come with it: as entry_new.more */
    size_t n_names;
    bool files_changed;         /* pictures or documents come, or go: a change like one of words */
};
enum { BULLETIN_BODY_MAX = 10000, BULLETIN_TITLE_MAX = 50, BULLETIN_PINNED_MAX = 5 /* of a page */ };

struct bulletin {
    struct entry entry;         /* first */
    enum bulletin_state state;
    enum bulletin_weight weight;
    struct sql_bulletin_get row;
};
enum result bulletin_load(struct db *db, const struct entry *entry, struct bulletin *ret) MUST_USE;
/* The notice of a place with this number, and the board that it stands on (NULL: not asked for). */
enum result bulletin_get(struct db *db, int64_t place, int64_t id, struct bulletin *ret, struct board *ret_board) MUST_USE;
bool bulletin_is_out(enum bulletin_state state);

/* Each in a transaction, each an event of the ledger. Results as those of civic/entry. */
enum result bulletin_write(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                           const struct bulletin_text *text, int64_t *ret_id) MUST_USE;
/* A new version, where words or files were changed. What is out keeps its audience and its hour; on a board with review it goes back to be looked at.
 * E_INVALID: the end lies behind. */
enum result bulletin_change(struct db *db, const struct entry_actor *actor, const struct board *board, const struct bulletin *b, int64_t version,
                            const struct bulletin_text *text) MUST_USE;
/* What the actor may do with it now: bits of BULLETIN_BY_… */
enum result bulletin_roles(struct db *db, const struct entry_actor *actor, const struct board *board, const struct bulletin *b,
                           uint32_t *ret_roles) MUST_USE;
enum result bulletin_act(struct db *db, const struct entry_actor *actor, const struct board *board, const struct bulletin *b,
                         enum bulletin_action action, uint32_t roles, struct str reason) MUST_USE;

/* The person has read it: a receipt for each of their homes that it is for. E_DENIED: none is. Twice is once. */
enum result bulletin_read(struct db *db, const struct entry_actor *actor, const struct viewer *viewer, const struct bulletin *b) MUST_USE;
/* Whether those who live in an estate of a community are asked to read it there: all are, but for what an heir has from a community that ended, which is
 * asked only of those who came from there. */
enum result bulletin_asks(struct db *db, int64_t community, int64_t entry, int64_t estate, bool *ret_asked) MUST_USE;
/* Households that have not read it are told once more, by the job. E_CONFLICT: it is over, or they were reminded less than a day ago. */
enum result bulletin_remind(struct db *db, const struct entry_actor *actor, int64_t community, int64_t entry) MUST_USE;
/* The same in every community that the notice is for; those that are not to be reminded now are passed by. E_CONFLICT: none is. */
enum result bulletin_remind_all(struct db *db, const struct entry_actor *actor, const struct entry *entry) MUST_USE;

/* Boards of open affairs (居务公开, 村务公开) are those whose word begins so. Accounts are made public at least once a quarter, at once what is of weight
 * (村民委员会组织法 31; 上海市居民委员会工作条例 17); ours are late from the sixteenth day after the quarter. */
bool bulletin_is_open_affairs(const struct board *board);
bool bulletin_period_known(int64_t period);         /* 20261 … 20794 */
int64_t bulletin_period_of(int64_t t);              /* the quarter of a moment */
int64_t bulletin_period_before(int64_t period);
int32_t bulletin_period_due(int64_t period);        /* the last day on which its accounts are in time */

/* Somebody asks about accounts that are public: a comment that is to be answered within 15 days. E_CONFLICT: there are no accounts in it, or it is not out;
 * E_DENIED: who runs the board does not ask itself. */
enum { BULLETIN_ANSWER_DAYS = 15 };
enum result bulletin_ask(struct db *db, const struct entry_actor *actor, const struct bulletin *b, struct str body, int64_t *ret_id) MUST_USE;
/* Who runs the board has replied to this comment: when it was a question, who asked it is told. */
enum result bulletin_answered(struct db *db, const struct entry_actor *actor, const struct board *board, const struct bulletin *b,
                              int64_t comment) MUST_USE;

/* What the jobs do; each opens its own writes. */
enum result bulletin_publish_due(struct database *database, struct arena *a, int64_t now) MUST_USE;
enum result bulletin_end_over(struct database *database, struct arena *a, int64_t now) MUST_USE;
enum result bulletin_tell(struct database *database, struct arena *a, int64_t now) MUST_USE;

#endif
