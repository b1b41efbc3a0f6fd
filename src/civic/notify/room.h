/* room.h: what the files of this room share. Nobody else includes it. */
#ifndef LILONG_CIVIC_NOTIFY_ROOM_H
#define LILONG_CIVIC_NOTIFY_ROOM_H

#include "civic/notify/notify.h"

const struct notice_limits *notify_limits(void);
const struct notice_kind *notify_kind(enum text text); /* NULL: no table has it, it stays in the app */
enum notice_way notify_way(const struct notice_choice *choice, const struct notice_kind *kind);
extern const char *const notice_topics[TOPIC_COUNT];

int64_t notify_after_quiet(const struct notice_choice *choice, int64_t t); /* t itself, or when the quiet hours that it falls into end */
int64_t notify_next_digest(const struct notice_choice *choice, int64_t now);

/* So many people are looked up in one statement. */
#define NOTIFY_AT_ONCE 8
/* notify_choice() of at most NOTIFY_AT_ONCE people, in their order. */
enum result notify_choices(struct db *db, const int64_t *person, size_t n, struct notice_choice *ret_choice) MUST_USE;

/* In the transaction of notify_put(): what may leave the app waits for notify_send(). `way` is notify_way() of both. */
enum result notify_leave(struct db *db, const struct notice *notice, int64_t person, const struct notice_kind *kind,
                         const struct notice_choice *choice, enum notice_way way, int64_t notification, int64_t now) MUST_USE;

/* The ways that there are, for the page of choices. */
size_t notify_carriers(const struct notice_carrier *const **ret_carriers);

#endif
