/* service.h: the kind of boards on which something is offered: 社区服务, 物业之窗, 家庭医生, 公益组织. What an entry offers stands in a row beside it (a provider, or
 * a charity's project); times with so many places can be booked with it. */
#ifndef LILONG_BOARDS_SERVICE_H
#define LILONG_BOARDS_SERVICE_H

#include "civic/board/board.h"

extern const struct board_kind provider_kind;
extern const struct module provider_module;        /* who offers something */
extern const struct module slot_module;            /* times that can be booked, the clock that reminds */
extern const struct module property_module;        /* repairs, accounts, the yearly rating */
extern const struct module doctor_module;          /* signing up with a family doctor, asking in private */
extern const struct flow sign_flow, ask_flow;
extern const struct flow provider_flow, booking_flow, account_flow;
struct home_table;
extern const struct home_table slot_home;          /* what I have booked for today and tomorrow; civic/home */
struct me_table;
extern const struct me_table slot_me, doctor_me;   /* my bookings, what I have asked */
struct notice_table;
extern const struct notice_table slot_notices, doctor_notices; /* what of it may leave the app */
struct measure_table;
extern const struct measure_table slot_measures;   /* what the figures of a place count */

/* Places that are taken, against the bookings. OK also when they differ: then ret_bad is the slot. */
enum result slot_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;
/* Totals of accounts against their lines. OK also when they differ: then ret_bad is the entry. */
enum result account_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;
struct place_mover;
extern const struct place_mover service_mover; /* what follows its people, or its committee, into another community */
extern const struct module service_desk_module;   /* /desk/service */
struct desk_table;
extern const struct desk_table service_desk;       /* its lines in the desk's left column */

#endif
