/* moderation.h: what keeps the boards civil: neighbours flag, staff decide with a reason, whoever is hit may appeal to somebody else, and watched words
 * are looked for before anything is read.
 *
 * Every text of residents goes through moderation_gate(), which stands in the rules that write (entry_write, entry_edit, entry_comment, report_write,
 * report_redact, report_comment, report_confirm, report_reject): a new kind of boards writes by them and cannot forget it. Hiding goes through the
 * rules that hide, and each of them calls moderation_hid(): so there is a measure, and an appeal, whoever has hidden it and from which page. */
#ifndef LILONG_CIVIC_MODERATION_H
#define LILONG_CIVIC_MODERATION_H

#include "civic/access/access.h"
#include "civic/flow/flow.h"
#include "civic/moderation/watch.h"
#include "engine/app/app.h"

/* ---- before it is written (gate.c) --------------------------------------------------------------------------------- */

/* Words that one kind of boards watches for besides those of the places, with its own words for what it says ({passage} in both). */
struct moderation_extra {
    const struct watch *watch;      /* its words are of the place 0 */
    enum text warned, blocked;
};
struct moderation_writer {
    struct request *rq;             /* told what is wrong and asked for the writer's "yes"; NULL: nobody is (tests, the demo world) */
    int64_t community, person;
    int64_t organisation;           /* not 0: staff write; their words are their own responsibility */
    bool problem;                   /* a report of a problem: possible for whoever may not write otherwise */
    bool at_once;                   /* it has nowhere to wait for staff: what they would have to look at first is refused */
    int64_t now;
    const struct moderation_extra *extra; /* NULL: none */
};
/* Looks at what is about to be written, masks it in place (memory of db_arena(db)), and says whether it waits for staff. E_INVALID: refused, and the
 * request has the message: a mute with its end and reason, the passage that cannot stand, or the question whether the writer means it. */
enum result moderation_gate(struct db *db, const struct moderation_writer *writer, struct str *const *texts, size_t n,
                            bool *ret_review) MUST_USE;
/* It was written and is hidden until staff have looked. */
enum result moderation_hold(struct db *db, const struct moderation_writer *writer, const char *thing_kind, int64_t thing) MUST_USE;

/* ---- the things that can be moderated: what the modules bring --------------------------------------------------------- */

struct moderation_thing {
    int64_t community, id, author, organisation;
    struct str kind;                /* "entry" */
    struct str title, body;
    bool hidden;
    bool others;                    /* whoever reads the place reads it: not a draft, not withdrawn */
    bool once;                      /* or has at some time, or could have */
    int64_t at;                     /* when it was written */
    struct url url;
};
/* A comment on `of`: sets what follows from that. Its number, author, kind, words and whether it is hidden are there. */
void moderation_comment_on(struct arena *a, const struct moderation_thing *of, struct moderation_thing *comment);
/* One version of it; more: what its kind has besides title and body. The newest first. */
struct moderation_text { int64_t version; struct str title, body, more; int64_t person, at; };
struct moderation_kind {
    const char *word;               /* "entry", as stored */
    enum text name;
    bool tells;                     /* the module tells the author itself that it was hidden */
    enum result (*get)(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret_thing);
    bool (*may_see)(struct request *rq, const struct moderation_thing *thing);   /* the viewer, as everybody else would */
    enum result (*hide)(struct db *db, const struct moderation_thing *thing, int64_t person, int64_t organisation, bool hidden,
                        struct str reason, int64_t now);
    enum result (*reason)(struct db *db, const struct moderation_thing *thing, struct str reason);   /* of what is hidden already */
    enum result (*texts)(struct db *db, const struct moderation_thing *thing, struct moderation_text **ret_text, size_t *ret_n); /* NULL: one only */
};
struct moderation_kinds { const struct moderation_kind *kind; size_t n; };
void moderation_use(const struct moderation_kinds *const *kinds, size_t n);      /* once, at start */
const struct moderation_kind *moderation_kind_of(struct str word);               /* NULL: unknown */

/* ---- rules (rules.c): inside a transaction; E_NOT_FOUND, E_DENIED, E_CONFLICT (it has been decided), E_INVALID ----------- */

struct moderation_actor { int64_t person, organisation, now; };

/* Once for each person and thing: E_CONFLICT. Of one's own, of what is hidden: E_DENIED. */
enum result moderation_flag(struct db *db, const struct moderation_actor *actor, const struct moderation_thing *thing, struct str reason,
                            struct str words) MUST_USE;
/* Called by whatever hides or shows a thing: keeps the measure, closes what was open about it. */
enum result moderation_hid(struct db *db, const struct moderation_actor *actor, int64_t community, const char *thing_kind, int64_t thing,
                           int64_t author, bool hidden, struct str reason) MUST_USE;
/* Nothing wrong with it; what was held back is shown. */
enum result moderation_fine(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result moderation_hide(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t id, struct str reason) MUST_USE;
enum { MUTE_DAYS_MAX = 30 };
enum result moderation_mute(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t person, int64_t days,
                            struct str reason) MUST_USE;
/* By whom it hits, once. The answer is due in so many work days, by somebody else. */
enum { APPEAL_WORK_DAYS = 3 };
enum result moderation_appeal(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t measure, struct str words) MUST_USE;
/* E_DENIED: the actor has taken the measure. */
enum result moderation_answer(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t measure, bool lift,
                              struct str words) MUST_USE;

/* A thing has gone to another community with its number: what was flagged, decided and appealed goes with it. */
enum result moderation_carry(struct db *db, int64_t from, int64_t to, const char *thing_kind, int64_t thing) MUST_USE;

/* The newest measure against somebody at a place. */
enum result moderation_last_of(struct db *db, int64_t community, int64_t person, int64_t *ret_measure) MUST_USE;
/* A word that is watched for at the place and below; OK also when it is there. E_INVALID: it is no word (watch_takes). */
enum result watch_word_add(struct db *db, int64_t place, struct str word, enum watch_action action, int64_t person, int64_t now) MUST_USE;

enum { MEASURE_STANDING, MEASURE_APPEALED, MEASURE_KEPT, MEASURE_LIFTED };
extern const struct flow measure_flow;

/* ---- pages ------------------------------------------------------------------------------------------------------------ */

/* Where every text that the thing ever had stands; empty: not for this viewer, who does not moderate the place. */
struct url moderation_history_url(struct request *rq, int64_t community, const char *thing_kind, int64_t thing);
struct url moderation_flag_url(struct arena *a, int64_t community, const char *thing_kind, int64_t thing);
extern const struct module moderation_module, moderation_desk_module, moderation_history_module;
struct notice_table;
extern const struct notice_table moderation_notices; /* what of it may leave the app */
struct desk_table;
extern const struct desk_table moderation_desk;
struct place_mover;
extern const struct place_mover moderation_mover; /* who may not write for a time may not do so in another community either */
struct me_table;
extern const struct me_table moderation_me;

#endif
