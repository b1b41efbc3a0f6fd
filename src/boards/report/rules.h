/* rules.h: what may happen to a report, and what follows. No HTTP, no HTML: the routes, the clocks and the demo world call these,
 * each inside a transaction of theirs. Times come in as arguments, so that tests choose them.
 *
 * Every function returns E_NOT_FOUND when there is no such report in that community, E_DENIED when the actor may not,
 * E_CONFLICT when the state does not allow it (any more), E_INVALID when something that is needed is not given. */
#ifndef LILONG_BOARDS_REPORT_RULES_H
#define LILONG_BOARDS_REPORT_RULES_H

#include "boards/report/report.h"
#include "boards/report/report.sql.h"
#include "civic/flow/flow.h"
#include "civic/moderation/moderation.h"

/* Who an actor is towards a report: bits. */
enum {
    WHO_RESIDENT = 1, /* verified, in this community */
    WHO_AUTHOR = 2,   /* of this report */
    WHO_COMMITTEE = 4,
    WHO_HANDLER = 8,     /* of this work order */
    WHO_SUPERVISOR = 16, /* grid centre and street */
    WHO_CLOCK = 32,      /* nobody: it happens by itself */
};

/* What an action may ask for: bits. */
enum { NEED_TEXT = 1, NEED_LEAD = 2, NEED_RATING = 4, NEED_REASON = 8, NEED_PHOTO = 16, NEED_UNTIL = 32 };

struct report_actor {
    int64_t person;       /* 0: the clock */
    int64_t organisation; /* for which it acts; 0: as a resident */
    uint32_t who;
    int64_t now;
    struct request *rq;   /* told what is wrong with a text: civic/moderation; NULL: nobody is */
};

/* Limits in force: settings. Once for the process, at start. */
struct report_limits {
    int64_t answer_work_hours, solve_work_days, accept_work_days, handle_work_days, check_work_days, confirm_days;
};
extern const struct report_limits report_limits_usual; /* 2, 3, 1, 5, 1, 7 */
void report_use_limits(const struct report_limits *limits);
const struct report_limits *report_limits(void);

enum report_state { R_REPORTED, R_ANSWERED, R_HANDLING, R_CHECKING, R_CONFIRMING, R_CLOSED, R_VOIDED, R_MERGED };
enum report_action {
    A_ANSWER,
    A_HAND_OFF,
    A_SOLVE,
    A_EXPLAIN,
    A_ALL_DONE,
    A_PASS,
    A_FAIL,
    A_CONFIRM,
    A_REJECT,
    A_REJECT_SELF,
    A_EXPIRE,
    A_MERGE,
    A_VOID,
    A_TAKE_BACK,
};
extern const struct flow report_flow;
enum order_state { O_HANDED, O_ACCEPTED, O_SENT_BACK, O_DONE, O_PASSED, O_WITHDRAWN };
enum order_action {
    B_ACCEPT,
    B_SEND_BACK,
    B_ASK_EXTENSION,
    B_GRANT,
    B_REFUSE,
    B_DONE,
    B_WITHDRAW,
    B_PRESS,
    B_PASS,
    B_REWORK,
};
extern const struct flow order_flow;

/* ---- writing (rules.c) ---- */

struct report_draft {
    int64_t community, dwelling; /* of the author; 0 for staff */
    struct str author_from;      /* 3号楼, or the organisation */
    struct str title, body, category, spot;
    int64_t estate, building;
    double latitude, longitude;
    int64_t photos;    /* how many will be attached */
    int64_t committee; /* organisation that is asked first: place_committee() */
};
enum result report_write(struct db *db, const struct report_actor *actor, const struct report_draft *draft,
                         int64_t *ret_id) MUST_USE;
/* Takes private data out of one's own text; the original stays for staff. */
enum result report_redact(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str title, struct str body, struct str spot) MUST_USE;

enum result report_answer(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str text) MUST_USE;
enum result report_solve(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                         struct str text, bool explained, int64_t *ret_step) MUST_USE;
enum result report_check(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool passed,
                         struct str text) MUST_USE;
enum result report_confirm(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                           int64_t rating, struct str text) MUST_USE;
enum result report_reject(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str reason) MUST_USE;
enum result report_expire(struct db *db, const struct report_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result report_merge(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                         int64_t into) MUST_USE;
enum result report_void(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                        struct str reason) MUST_USE;

/* Hands on. `text` is the public answer, needed while nothing has been answered. The lead may stay as it is when one is there. */
struct report_hand_off {
    struct {
        int64_t organisation;
        struct str task;
        int64_t due_at; /* 0: from the category */
        bool lead, fast_track;
    } to[8];
    size_t n;
    struct str text;
    struct str due_reason; /* why a limit is not the category's; needed when a due_at is given */
};
enum result report_hand_off(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                            const struct report_hand_off *hand_off) MUST_USE;

/* ---- a handler's work order (orders.c) ---- */

enum result order_accept(struct db *db, const struct report_actor *actor, int64_t community, int64_t order) MUST_USE;
enum result order_send_back(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                            struct str reason) MUST_USE;
enum result order_ask_extension(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                                int64_t until, struct str reason) MUST_USE;
enum result order_decide_extension(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                                   bool granted, struct str reason) MUST_USE;
/* photos: how many proof pictures come with it. ret_step: what they are attached to. */
enum result order_done(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                       struct str text, int64_t photos, int64_t *ret_step) MUST_USE;
enum result order_withdraw(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                           struct str reason) MUST_USE;
enum result order_press(struct db *db, const struct report_actor *actor, int64_t community, int64_t order,
                        struct str text) MUST_USE;

/* ---- residents' taps (taps.c): each once; doing it again changes nothing and is OK ---- */

enum result report_join(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                        int64_t dwelling) MUST_USE;
enum result report_follow(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          bool follow) MUST_USE;
enum result report_thumb(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                         bool up) MUST_USE;
enum result report_comment(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                           struct str body, int64_t *ret_id) MUST_USE;
enum result report_note(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                        struct str body) MUST_USE;
enum result report_hide(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool hidden,
                        struct str reason) MUST_USE;
/* E_NOT_FOUND: the comment is not one of this report. */
enum result report_comment_hide(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                                int64_t comment, bool hidden, struct str reason) MUST_USE;

/* ---- shared by the files of this folder (steps.c) ---- */

/* A step that people can read: the row with its words, and the ledger event with their hash. body may be empty. */
struct report_event {
    const char *verb;
    int64_t report, order;
    struct str body, before, after, detail;
    int64_t amount;
    bool silent; /* no row in the timeline: thumbs, follows */
    bool staff;  /* the row is for staff only */
};
enum result report_record(struct db *db, const struct report_actor *actor, int64_t community,
                          const struct report_event *event, int64_t *ret_step) MUST_USE;
/* Takes the step of the flow, or says why not. `given`: NEED_ bits. */
enum result report_take(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, int action,
                        uint32_t given, struct sql_report_get *ret_report, const struct flow_step **ret_step) MUST_USE;
/* Starts the clocks that a step starts and stops those that it stops. ret_due: of the last one started; may be NULL. */
enum result report_clocks(struct db *db, const struct report_actor *actor, int64_t community, const struct flow *flow,
                          const char *kind, int64_t subject, const struct flow_step *step, int64_t *ret_due) MUST_USE;
/* Puts the report's public words into the search index. */
enum result report_index(struct db *db, int64_t community, int64_t id, struct str title, struct str body,
                         struct str spot) MUST_USE;
/* What the gate is told of the writer. problem: a report, which stays possible for whoever may not write otherwise. */
struct moderation_writer report_writer(const struct report_actor *actor, int64_t community, bool problem);
enum limit_unit report_stage_limit(int stage, int64_t *ret_amount); /* settings over the table's defaults */

/* Orders after a check failed or the reporter said no: back to their handlers, with a new limit. Returns how many in ret_n. */
enum result orders_rework(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                          struct str reason, int64_t *ret_n) MUST_USE;
enum result orders_pass(struct db *db, const struct report_actor *actor, int64_t community, int64_t report) MUST_USE;
enum result orders_withdraw_all(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                                struct str reason) MUST_USE;
/* When no order is open any more: to checking when one is done, back to the committee when none is. */
enum result orders_settle(struct db *db, const struct report_actor *actor, int64_t community, int64_t report) MUST_USE;

extern const struct clock_bell report_bell, order_bell; /* bells.c */

#endif
