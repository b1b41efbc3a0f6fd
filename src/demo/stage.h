/* stage.h: what the files of this folder share while the world is built. */
#ifndef LILONG_DEMO_STAGE_H
#define LILONG_DEMO_STAGE_H

#include "civic/media/media_document.h"
#include "demo/stories.h"

enum { RESIDENTS_A = 60, RESIDENTS_B = 12, RESIDENTS_C = 10, RESIDENTS = RESIDENTS_A + RESIDENTS_B + RESIDENTS_C };
enum { DEMO_DAYS = 5 };
enum { BUILDINGS_MAX = 6, FLOORS_MAX = 11, ROOMS_MAX = 4 };

struct demo_dweller {
    int estate, house, floor, room; /* where, as in demo_residents */
    bool male, party;
    struct str name;
    int32_t born;
    int64_t person, community, dwelling;
    struct str from;                /* 3号楼 */
    bool here;                      /* verified */
};

struct demo_picture {
    char hash[MEDIA_HASH_LEN + 1];
    int64_t width, height, bytes;
};

enum demo_paper_kind { PAPER_LIFT, PAPER_ACCOUNTS, DEMO_PAPERS };

struct stage {
    const struct demo_options *o;
    struct arena *a;       /* until the end */
    struct arena *scratch; /* of one step */
    int64_t org[DEMO_ORGS], staff[DEMO_STAFF];
    int64_t estate[DEMO_ESTATES], building[DEMO_ESTATES][BUILDINGS_MAX];
    int64_t dwelling[DEMO_ESTATES][BUILDINGS_MAX][FLOORS_MAX][ROOMS_MAX];
    struct demo_dweller resident[RESIDENTS];
    struct demo_picture picture[SCENE_COUNT];
    struct media_document paper[DEMO_PAPERS]; /* paper.c: without subject; their texts in `a` */
    int64_t now;           /* of the step */
    int64_t skipped;
    int64_t day_entry[DEMO_DAYS]; /* days.c: the activities, and how far it is */
    size_t days_done;
};

/* settle.c: places, organisations, staff, rosters; then people join one by one. */
enum result demo_settle(struct stage *s) MUST_USE;
enum result demo_move_in(struct db *db, struct stage *s, int resident) MUST_USE;
enum result demo_decide(struct db *db, struct stage *s, int resident, bool verified, const char *reason) MUST_USE;
enum { NOT_ON_ROSTER = 5 };
extern const int demo_not_on_roster[NOT_ON_ROSTER]; /* residents: decided by a cadre, refused, or still waiting */

/* pictures.c: every scene through the sandboxed worker into the store. */
enum result demo_pictures(struct stage *s) MUST_USE;
/* One of them, to what `media` says; sets the rest of it, and media->id. */
enum result demo_attach_picture(struct db *db, const struct stage *s, enum scene scene, struct media *media) MUST_USE;

/* paper.c: a PDF through the sandboxed worker into the store; and as one of an entry's. */
enum result demo_paper(struct stage *s, enum demo_paper_kind kind) MUST_USE;
enum result demo_attach_paper(struct db *db, const struct stage *s, enum demo_paper_kind kind, int64_t community, int64_t entry,
                              int64_t author) MUST_USE;

/* life.c: the four weeks. */
enum result demo_live(struct stage *s) MUST_USE;

/* days.c: what the committee calls its residents together for: what has its moment now. */
enum result demo_days_pass(struct stage *s) MUST_USE;

/* lane.c: neighbours talk. */
enum result demo_talk(struct stage *s) MUST_USE;

/* services.c: who offers something nearby, times to book, what has been booked. */
enum result demo_services(struct stage *s) MUST_USE;

/* inquiries.c: what residents ask the police and the doctor, and who is responsible for them. */
enum result demo_inquiries(struct stage *s) MUST_USE;

/* party.c: members of the Party and what they do. */
enum result demo_party(struct stage *s) MUST_USE;

/* swaps.c: neighbours help, give, lend, sell and wish. */
enum result demo_swaps(struct stage *s) MUST_USE;

/* letters.c: what people were told is sent to nobody; a few messages that could not be delivered. */
enum result demo_letters(struct stage *s) MUST_USE;
/* matters.c: the guide, and who has asked for help. */
enum result demo_matters(struct stage *s) MUST_USE;

/* notices.c: what offices and organisations make known. */
enum result demo_notices(struct stage *s) MUST_USE;

#endif
