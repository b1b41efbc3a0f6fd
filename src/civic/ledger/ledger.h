/* ledger.h: what was done, by whom, on what, when: append-only, hash-chained per community.
 *
 * Every action appends one event in its own transaction. Timelines, notifications, statistics and audit read it. Personal text
 * stays out: only its hash is in, so that it can be erased by law. A place above a community has a ledger of its own; its code
 * stands in the column `community`.
 *
 * The chain: hash = BLAKE2b-256(previous hash, then every field in a fixed order, numbers as 8 bytes, texts with their length in
 * front). ledger_head holds the last number and hash of each chain, ledger_day those at the end of each day, to be published. */
#ifndef LILONG_CIVIC_LEDGER_H
#define LILONG_CIVIC_LEDGER_H

#include "engine/db/db.h"

struct ledger_event {
    int64_t community;        /* or a place above */
    int64_t seq;              /* set by ledger_append: 1, 2, 3 … in the community */
    int64_t id;               /* 0: ledger_append makes one */
    int64_t at;               /* UTC ms */
    int64_t actor;            /* person; 0: by the clock */
    int64_t organisation;     /* for which the actor acted; 0: as a resident */
    struct str verb;          /* "answered": a word of the module, past tense, snake_case */
    struct str subject_kind;  /* "report" */
    int64_t subject;
    struct str before, after; /* states, or '' */
    int64_t amount;           /* what statistics sum: minutes, stars, fen; 0 when the verb has none */
    struct str detail;        /* JSON object of ids and words, never personal text; '' when there is nothing to say; <= 2000 bytes */
    struct str text_hash;     /* ledger_text_hash() of the words that belong to it, or '' */
};

/* Appends, sets e->seq (and id), and tells the listeners, all in the transaction of db. E_INVALID: verb, kind or place missing,
 * or detail too long. On PostgreSQL the head row of the community is locked until commit. */
enum result ledger_append(struct db *db, struct ledger_event *e) MUST_USE;
/* The same with the words that belong to it, of which the chain has the hash alone; no words: none. */
enum result ledger_append_words(struct db *db, struct ledger_event *e, struct str words) MUST_USE;

/* How many different people did something as residents in a community on a day. */
enum result ledger_active(struct db *db, int64_t community, int32_t day, int64_t *ret_people) MUST_USE;

/* 32 bytes that stand for a text: BLAKE2b-256 with the row's id as salt, so that equal words do not look equal. */
struct str ledger_text_hash(struct arena *a, int64_t id, struct str text);

/* A chain of its own making, for whoever lays rows out anew under other numbers (demo/city.c): the hash of each row in turn; e->seq must rise by one from 1. */
struct ledger_chain { unsigned char hash[32]; };
void ledger_chain_begin(struct ledger_chain *chain, int64_t community);
void ledger_chain_add(struct ledger_chain *chain, const struct ledger_event *e);

/* Who wants to know of every event, inside its transaction (statistics, notifications). Set once at start, before the first
 * thread, by the list of modules; the array must live for ever. */
struct ledger_listener {
    const char *name;
    enum result (*appended)(struct db *db, const struct ledger_event *e);
};
void ledger_listen(const struct ledger_listener *const *listeners, size_t n);

/* Reading. Rows and texts are in db_arena(db). */
struct ledger_events { struct ledger_event *event; size_t n; };
/* Oldest first; `after_seq` 0 for all. At most limit. */
enum result ledger_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t after_seq,
                              int64_t limit, struct ledger_events *ret_events) MUST_USE;
/* Newest first: only those by which it came from one state into another, or from one community into this one. */
enum result ledger_turns_of(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t limit,
                            struct ledger_events *ret_events) MUST_USE;
enum result ledger_since(struct db *db, int64_t community, int64_t after_seq, int64_t limit, struct ledger_events *ret_events) MUST_USE;
enum result ledger_by_actor(struct db *db, int64_t community, int64_t actor, int64_t before_seq, int64_t limit,
                            struct ledger_events *ret_events) MUST_USE; /* newest first; before_seq 0: from the end */

/* What happened on the days from..to (both in), the newest first; before_seq 0: from the end. */
enum result ledger_between(struct db *db, int64_t community, struct str subject_kind, struct str verb, int32_t from, int32_t to,
                           int64_t before_seq, int64_t limit, struct ledger_events *ret_events) MUST_USE;

/* Writes the heads of the day that ended (day number) for every community that has moved since its last one. For the daily job. */
enum result ledger_close_day(struct database *database, struct arena *a, int32_t day) MUST_USE;
struct ledger_heads { struct ledger_head { int64_t community, day, seq; struct str hash; } *head; size_t n; };
enum result ledger_heads_of_day(struct db *db, int32_t day, int64_t after_community, int64_t limit, struct ledger_heads *ret) MUST_USE;

enum ledger_fault {
    LEDGER_WHOLE = 0,
    LEDGER_CHANGED,      /* the row does not give its hash, or does not follow the row before it */
    LEDGER_MISSING,      /* a row was removed */
    LEDGER_EXTRA,        /* a row that the head does not know */
    LEDGER_HEAD,         /* the head is missing or does not have the last row's hash */
    LEDGER_DAY,          /* a published daily head says otherwise */
};
struct ledger_verdict {
    enum ledger_fault fault;
    int64_t community, seq;  /* of the first bad row */
    int64_t chains, rows;    /* how much was read */
};
/* Reads chains from the beginning: of one community, or of all (0). OK also when something is wrong: see ret_verdict->fault. The arena
 * is reset between batches: it must be the caller's own. */
enum result ledger_verify(struct database *database, struct arena *a, int64_t community, struct ledger_verdict *ret_verdict) MUST_USE;
const char *ledger_fault_words(enum ledger_fault fault);     /* English, for the command line */
/* The next community that has a ledger, rising; E_NOT_FOUND after the last. */
enum result ledger_next_community(struct db *db, int64_t after, int64_t *ret_community) MUST_USE;

struct module; /* engine/app */
extern const struct module ledger_module; /* its jobs */

#endif
