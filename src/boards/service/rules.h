/* rules.h: what the files of this folder share: opening hours, who may do what, booking. No HTTP, no HTML; what changes something runs inside a transaction. */
#ifndef LILONG_BOARDS_SERVICE_RULES_H
#define LILONG_BOARDS_SERVICE_RULES_H

#include "boards/service/service.h"
#include "boards/service/service.sql.h"
#include "civic/entry/entry.h"
#include "civic/flow/flow.h"
#include "civic/media/media_document.h"

/* ---- opening hours: pure (open.c) ------------------------------------------------------------------------------ */

enum { OPEN_SPANS = 3 };
struct open_span { int from, to; };                    /* minutes of the day, from < to <= 24:00 */
struct open_hours {
    struct { struct open_span span[OPEN_SPANS]; int n; } day[7]; /* Monday first */
    bool on_holidays;                                  /* they hold on public holidays too */
    int32_t shut_from, shut_to;                        /* shut for once on these days, both in; 0: none */
};
/* One day as it is typed: "9:00-11:30, 13:00-17:30", "9:00－18:00"; '' is shut. E_INVALID: not that, overlapping, not rising, more than OPEN_SPANS.
 * ret_text: as it is stored, 09:00-11:30,13:00-17:30. */
enum result open_day_parse(struct arena *a, struct str typed, struct str *ret_text) MUST_USE;
/* Seven of them with ';' between. A part that is no day counts as shut. */
struct open_hours open_hours_of(const struct sql_provider_get *row);
struct str open_day_of(struct str hours, int weekday); /* 1 Monday: the stored part */
/* Whether it is open at t; *ret_until: when that ends (open), or when it opens next (shut), at most a fortnight ahead; 0: not within it. */
bool open_at(const struct open_hours *h, int64_t t, int64_t *ret_until);
bool open_ever(const struct open_hours *h);            /* any hours at all */

/* ---- who offers something (provider.c) ------------------------------------------------------------------------------- */

enum { OFFER_DRAFT, OFFER_OFFERED, OFFER_ENDED };
enum { OFFER_PUBLISH, OFFER_END };
enum { OFFER_BY_RUNNER = 1 };

enum { OFFERS_MAX = 1000, PEOPLE_MAX = 100, PHONE_MAX = 40, ADDRESS_MAX = 80 };

struct provider_new {
    const struct board *board;
    int64_t community;
    struct str sort;                /* provider, project */
    struct str title, body;
    struct str offers, people, phone, address, hours;
    bool on_holidays;
    int32_t shut_from, shut_to;
    int64_t photos;
    struct str *names[DOCUMENTS_MAX]; /* of the documents that come with it: as entry_new.more */
    size_t n_names;
    bool publish;                   /* at once, or as a draft */
};
enum result provider_write(struct db *db, const struct entry_actor *actor, const struct provider_new *what, int64_t *ret_id) MUST_USE;
enum result provider_edit(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t version,
                          const struct provider_new *what) MUST_USE;
enum result provider_move(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int action) MUST_USE;

/* ---- times and bookings (slot.c) -------------------------------------------------------------------------------------- */

enum { BOOK_WAITING, BOOK_BOOKED, BOOK_CANCELLED, BOOK_CAME, BOOK_MISSED, BOOK_CALLED_OFF };
enum { BOOK_MOVE_UP, BOOK_CANCEL, BOOK_COME, BOOK_MISS, BOOK_CALL_OFF };
enum { BOOK_BY_HOLDER = 1, BOOK_BY_RUNNER = 2, BOOK_BY_CLOCK = 4 };

enum { SLOT_CAPACITY_MAX = 500, SLOT_NOTE_MAX = 200, SLOT_AHEAD_DAYS = 120, SLOT_HOURS_MAX = 24, SLOT_REPEAT_MAX = 12, BOOKINGS_OPEN_MAX = 20 };

struct slot_new {
    int64_t community, provider;
    struct str title;
    int64_t starts_at, ends_at, capacity, cancel_hours; /* cancel_hours before it starts */
    int64_t weeks;                  /* the same on so many weeks in a row, 1 … SLOT_REPEAT_MAX */
};
/* E_INVALID: in the past, too far ahead, ends before it starts or is longer than a day, a capacity out of range. ret_id: of the first. */
enum result slot_make(struct db *db, const struct entry_actor *actor, const struct slot_new *what, int64_t *ret_id) MUST_USE;
/* A place, or the end of the waiting list. E_CONFLICT: called off, begun, or has one already. E_BUSY: more than BOOKINGS_OPEN_MAX are open. */
enum result slot_book(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot, int64_t home, struct str note,
                      bool *ret_waits) MUST_USE;
/* Of the holder until cancel_until (E_DENIED after it; from the waiting list always), of the provider always. The first who waits moves up. */
enum result slot_cancel(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot, int64_t booking, bool by_runner) MUST_USE;
/* Who came and who did not, once it has begun. A shift that was served stands in the book of hours, and one that was marked wrongly is put right. */
enum result slot_mark(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot, int64_t booking, bool came) MUST_USE;
/* With a reason that everybody who has booked reads. */
enum result slot_off(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot, struct str reason) MUST_USE;
/* More places: who waits moves up. E_CONFLICT: more are taken. */
enum result slot_resize(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot, int64_t capacity) MUST_USE;

/* The job: a notice to everybody whose booking is near. */
enum result slot_remind(struct db *db, int64_t now, int64_t *ret_n) MUST_USE;

/* ---- shared by the pages (present.c) ------------------------------------------------------------------------------------ */

/* Who may see and do what belongs to one organisation: runs the board here, and acts for the organisation when there is one. */
bool provider_runs(struct request *rq, const struct sql_provider_get *provider);
struct str slot_when(struct request *rq, int64_t starts_at, int64_t ends_at);  /* 明天 9:00–10:00 */
struct str open_words(struct request *rq, const struct open_hours *h, bool *ret_open); /* 营业中，17:30 关门 */
const char *offer_state(int state);

/* Of "/p/{place}/service/{board:word}/{id}…": an entry with its row of `provider`. */
struct provider_subject {
    struct entry_subject of;         /* first */
    struct sql_provider_get provider;
};
extern const struct subject_kind provider_subject;
static inline const struct sql_provider_get *provider_of(const struct request *rq)
{
    return &((const struct provider_subject *)rq->subject)->provider;
}
/* Of "/p/{place}/service/{board:word}/slot/{slot}…": the same, with one of its times. */
struct slot_subject {
    struct provider_subject of;      /* first */
    struct sql_slot_get slot;
};
extern const struct subject_kind slot_subject;
static inline const struct sql_slot_get *slot_of(const struct request *rq)
{
    return &((const struct slot_subject *)rq->subject)->slot;
}

#endif
