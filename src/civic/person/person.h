/* person.h: accounts, posts, residences: who somebody is, and what others may see of it. */
#ifndef LILONG_CIVIC_PERSON_H
#define LILONG_CIVIC_PERSON_H

#include "civic/place/place.h"
#include "engine/app/app.h"

struct viewer_post {
    int64_t id, organisation;
    int64_t place;               /* of the organisation: rights reach to it and below */
    const int64_t *stands_for;   /* places that have ended whose heir it is (place_heir): what stays there is in its hands */
    size_t n_stands_for;
    int role;                    /* enum role of civic/access */
    struct str organisation_name, organisation_kind, title;
};

struct viewer_residence {
    int64_t community, id, estate, building, dwelling;
    bool verified;               /* false: waiting */
    struct str building_name;    /* 3号楼 */
};

/* The person who asks, with what follows from it. A guest has person 0. */
struct viewer {
    int64_t person;
    struct str shown_name;       /* 周女士 */
    struct str language, mode, theme;
    bool party_badge;
    bool must_renew;             /* staff whose password somebody else has set, or that is too old: nothing else until it is new */
    const struct viewer_post *post; /* in a session of staff only: who came in by a code alone acts as a resident */
    size_t n_posts;
    const struct viewer_residence *residence;
    size_t n_residences;
};

/* The viewer of the request: never NULL. */
const struct viewer *viewer_of(const struct request *rq);
const struct viewer_residence *viewer_residence_in(const struct viewer *viewer, int64_t community); /* NULL: none; may be waiting */
bool viewer_post_stands_for(const struct viewer_post *post, int64_t place);
/* The post by which the viewer acts on this place: the nearest whose place covers it, or is its heir; NULL without one. */
const struct viewer_post *viewer_post_over(const struct viewer *viewer, int64_t place);
const struct viewer_post *viewer_post_in(const struct viewer *viewer, int64_t organisation);

/* For app_policy: loads the viewer of rq->person in the request's transaction. E_NOT_FOUND when the account is closed. */
enum result person_load_viewer(struct request *rq);

/* What neighbours see of an author: 周女士 · 3号楼; for somebody with a post: 宋奕奕书记 · 吴淞新城居委会. */
struct person_label {
    struct str name;             /* 周女士 */
    struct str from;             /* 3号楼, or the organisation */
    bool party_badge;
    bool staff;
};
enum result person_label(struct db *db, int64_t person, int64_t community, struct person_label *ret_label) MUST_USE;

/* Is a confirmed member of the Party; lets neighbours see it. For civic/party alone, which keeps the consent that the second one needs. */
enum result person_party_set(struct db *db, int64_t person, bool member, bool badge) MUST_USE;
/* A consent besides the one of joining: its kind, the version of the words that were agreed to; and its end, from now on. */
/* The version of a consent's words as people say it: party-badge-2026-11 is 2026 年 11 月版. One that ends in no year and month stays as it is. */
struct str person_consent_version(struct arena *a, enum lang lang, struct str version);
enum result person_consent_give(struct db *db, int64_t person, struct str kind, struct str version, int64_t now) MUST_USE;
enum result person_consent_end(struct db *db, int64_t person, struct str kind, int64_t now) MUST_USE;
/* The one that stands; version empty: none. */
enum result person_consent_standing(struct db *db, int64_t person, struct str kind, struct str *ret_version, int64_t *ret_given_at) MUST_USE;

/* As ISO/IEC 5218 has it; the column person.sex. Not known: of staff, whose document nobody has asked for, and of foreigners, whose documents
 * do not say it. */
enum sex { SEX_UNKNOWN = 0, SEX_MALE = 1, SEX_FEMALE = 2 };
/* The shown name made of a real name: 周 + 女士/先生, or 邻居 where the sex is not known: nobody is addressed by a guess. Of a name in another
 * script the last word, of a name with a dot the part before it. */
struct str person_shown_name(struct arena *a, struct str real_name, enum sex sex, enum lang lang);

/* What identifies somebody. Opening it for somebody else's eyes is a look: person_look() writes it to the ledger of the place. */
struct person_identity {
    struct str name, document_kind, document, phone;
};
enum result person_look(struct request *rq, int64_t person, int64_t community, struct str reason, struct person_identity *ret) MUST_USE;
/* rq->person's own real name, and how it is shown to who only checks it (周**): no look, nobody else sees it. Both empty: it is not known. */
struct person_own { struct str name, masked; };
enum result person_own(struct request *rq, struct person_own *ret) MUST_USE;

/* The persons who act for an organisation now (for notifications). In the arena. */
struct person_ids { int64_t *id; size_t n; };
enum result person_of_organisation(struct db *db, int64_t organisation, struct person_ids *ret) MUST_USE;
/* Everybody whose post is with an organisation of this very place, and by which role. */
struct person_posts { struct person_post { int64_t person; int role; } *post; size_t n; };
enum result person_posts_at(struct db *db, int64_t place, int64_t now, struct person_posts *ret) MUST_USE;
/* The persons of the household of a dwelling; verified only. */
enum result person_of_dwelling(struct db *db, int64_t community, int64_t dwelling, struct person_ids *ret) MUST_USE;

/* ---- 「我的」: what the boards show on a person's own page, handed in by the list of modules like the desk's items ---- */

struct me_item {
    enum text label;             /* 我上报的 */
    const char *icon, *path;     /* "report", "/report?list=mine" */
    bool in_community;           /* path is below /p/{code} of where the person lives; without a home the item is not there */
    enum result (*count)(struct request *rq, int64_t community, int64_t *ret_n); /* NULL: no number. E_NOT_FOUND: none for this person */
};
struct me_record { enum text kind; int64_t at; struct str words; struct url url; };
struct me_records { struct me_record *record; size_t n; };
struct me_table {
    const struct me_item *item; size_t n;
    /* What the board keeps that rq->person has left there (个人信息保护法 45), newest first; for the page and the download. May be NULL. */
    enum result (*records)(struct request *rq, struct me_records *ret);
};
/* Where and in which language a message reaches somebody. E_NOT_FOUND: the account is closed. Nobody looks at the number: it goes into a sealed letter. */
struct crypto_keys;
struct person_reach {
    struct str mobile, masked;   /* 13800138000, 138****8000; both empty: none */
    enum lang lang;
};
enum result person_reach(struct db *db, const struct crypto_keys *keys, int64_t person, struct person_reach *ret) MUST_USE;

/* Goes on as somebody who has shown who they are otherwise than by phone or password (WeChat), then to `next`: residents are signed in, who has a second
 * factor is asked for it. Staff who have none yet, and accounts that are closed, are sent to sign in the usual way. In a ROUTE_WRITE handler. */
enum result person_enter(struct request *rq, int64_t person, struct str next) MUST_USE;

/* How many numbers that find a person (phone, document, plate) are in a text that others will read. */
size_t person_numbers(struct str text);

void me_use(const struct me_table *const *tables, size_t n);   /* once, at start */

/* Tells people what has become of their wish to join. Handed to ledger_listen(). */
struct ledger_listener;
extern const struct ledger_listener person_listener;
struct notice_table;
extern const struct notice_table person_notices; /* what of it may leave the app */
/* The desk's lines about residents. Handed to frame_use_desk(). */
struct desk_table;
extern const struct desk_table person_desk;

extern const struct module person_module, join_module, settings_module, me_module, second_module, data_module, residents_module, roster_module;
extern const struct place_mover person_mover; /* residences and the roster follow their estate */

#endif
