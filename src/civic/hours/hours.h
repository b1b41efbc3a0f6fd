/* hours.h: the book of helpers' hours: how long somebody has helped, in which community, confirmed by the other side (志愿服务条例 19: what
 * volunteers do is recorded truthfully, and certified free of charge when they wish so).
 *
 * A line stands on two sides at once: minutes given by the helper are minutes received by who was helped, so that the two sides of
 * the book cannot drift apart. Lines are never changed. One that is wrong is put right by a counter-line with its reason, and both stay. Sums
 * are kept for each person and community, and equal a recount of the lines; each line equals an event of the ledger ("hours", verbs `added` and
 * `corrected`, amount: minutes), whose chain shows a change of the past. `lilong verify` compares all three.
 *
 * Who calls hours_add() answers for it that both sides have agreed: the one who helped by asking for it, the other by confirmed_by. */
#ifndef LILONG_CIVIC_HOURS_H
#define LILONG_CIVIC_HOURS_H

#include "engine/db/db.h"

enum { HOURS_LINE_MAX = 24 * 60, HOURS_WHAT_MAX = 300 /* bytes */, HOURS_WORDS_MAX = 1500 /* of who does not agree */ };

struct hours_new {
    int64_t community, helper;
    int64_t helped;           /* the neighbour; 0: the organisation, or all */
    int64_t organisation;     /* that called for it; 0: a neighbour */
    int64_t confirmed_by;     /* who has confirmed it: another person than the helper */
    int64_t minutes;          /* 1 … HOURS_LINE_MAX */
    int32_t day;              /* on which it was; not after today */
    struct str what;          /* a few words that name nobody: the helper shows them around on the certificate */
    struct str subject_kind;  /* "exchange", "activity" */
    int64_t subject;          /* one line for each helper and subject: of help on several days, each day (or shift) is a subject */
};

/* Enters a line, adds to both sums, tells the ledger; inside the caller's transaction. E_INVALID: see above. E_CONFLICT: the helper's time for this subject
 * stands in the book already. */
enum result hours_add(struct db *db, const struct hours_new *what, int64_t now, int64_t *ret_id) MUST_USE;

/* A counter-line, so that the line says `minutes` (0: it was nothing) from now on; certificates that say otherwise are void, and the helper is told. By
 * the committee: the caller has looked who may. E_NOT_FOUND; E_INVALID: no reason, a counter-line itself, minutes out of range; E_DENIED: a line of
 * one's own, on either side; E_CONFLICT: it says so already. */
enum result hours_correct(struct db *db, int64_t community, int64_t id, int64_t minutes, struct str reason, int64_t actor, int64_t organisation,
                          int64_t now) MUST_USE;

/* When a community ends, its lines stay in its book, whose ledger says the same. hours_add() writes into the book of its successor; hours_correct() beside the line
 * that it puts right, in whichever book that stands, so that each book goes on to add up by itself; and what is read of a community is read of those before it
 * too: nobody's hours are lost, and none counts twice. The committee of the successor keeps the old book: it puts lines right, answers, revokes certificates. */

struct hours_sum { int64_t given, received; };  /* minutes */
enum result hours_sum(struct db *db, int64_t community, int64_t person, struct hours_sum *ret_sum) MUST_USE; /* 0 and 0 without lines */

struct hours_line {
    int64_t id, minutes;      /* below 0 in a counter-line */
    int32_t day;
    struct str what, subject_kind;
    int64_t subject, corrects;
    struct str reason;
    int64_t at;
};
struct hours_lines { struct hours_line *line; size_t n; };
/* What somebody has given, newest first, ids below `before`. In the arena of db. */
enum result hours_list(struct db *db, int64_t community, int64_t person, int64_t before, int64_t limit, struct hours_lines *ret_lines) MUST_USE;

/* What stands in the book of a helper for a subject, as it was first entered: for the recount of the module that had it entered. E_NOT_FOUND: no line. */
enum result hours_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t helper,
                             int64_t *ret_minutes) MUST_USE;

/* ---- when the helper does not agree (contest.c) ------------------------------------------------------------------------------ */

/* Once for each counter-line. E_NOT_FOUND: not a counter-line on hours of this person; E_INVALID: no words; E_CONFLICT: said before. */
enum result hours_contest(struct db *db, int64_t community, int64_t counter, int64_t person, struct str words, int64_t now) MUST_USE;
/* By somebody else than who made the counter-line: E_DENIED, as for one's own line. Where the committee has nobody else, by the office above it that has:
 * the caller has looked (hours_answerer() in room.h). `restore`: another counter-line takes it back. E_NOT_FOUND;
 * E_INVALID: no words; E_CONFLICT: it was answered, or the line cannot be taken back to that any more. The helper is told. */
enum result hours_contest_answer(struct db *db, int64_t community, int64_t counter, bool restore, struct str words, int64_t actor, int64_t organisation,
                                 int64_t now) MUST_USE;

/* An account closes: certificates are void and name nobody, words go; the lines stay, under a number without a person. */
enum result hours_forget(struct db *db, int64_t person, int64_t now) MUST_USE;

/* Sums against lines, lines against the ledger. OK also when they differ: then ret_bad is the person (or the line that is missing). */
enum result hours_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

struct module;
extern const struct module hours_module;             /* /p/{place}/hours: 我的时长 */
extern const struct module hours_desk_module;        /* /desk/hours: putting lines right */
extern const struct module hours_contest_module;     /* /desk/contests: answering who does not agree */
extern const struct module hours_certificate_module; /* /me/hours, /certificate */
struct me_table;
extern const struct me_table hours_me;
struct desk_table;
extern const struct desk_table hours_desk;
struct notice_table;
extern const struct notice_table hours_notices;

#endif
