/* notify.h: what people are told, in the app at once and outside of it as they like it. A notification belongs to a person.
 *
 * A module that tells people calls notify_put() where it happens, and declares in a table of kinds what of it may leave the app (struct
 * notice_kind); a text that no table names stays in the app. What is stored is a key of the catalogue and its arguments, so that everybody reads it in their own language. Several of the same about
 * the same thing that have not been read are one row with a count ("3 new comments"). */
#ifndef LILONG_CIVIC_NOTIFY_H
#define LILONG_CIVIC_NOTIFY_H

#include "engine/app/app.h"
#include "engine/db/db.h"
#include "engine/page/page.h"

struct notice {
    int64_t person;
    int64_t community;
    enum text text;               /* its arguments below; {n} is the count of what is bundled */
    const struct text_arg *arg;
    size_t n_args;
    struct url url;               /* where it leads */
    struct str subject_kind;
    int64_t subject;              /* 0: about nothing that it could be bundled with */
    bool fresh;                   /* the subject has just come to be: nobody can have an unread one about it */
};
/* In the transaction of what happened. E_INVALID: no person or text. */
enum result notify_put(struct db *db, const struct notice *notice, int64_t now) MUST_USE;
/* The same to several people, each of them once in `person`; that of the notice is not looked at. One look for all of them, where each by itself is two. */
enum result notify_people(struct db *db, const struct notice *notice, const int64_t *person, size_t n, int64_t now) MUST_USE;

struct notification {
    int64_t id;
    int64_t community;
    struct str words;             /* in the language asked for */
    struct url url;
    struct str subject_kind;
    int64_t subject, count, created_at, read_at; /* read_at 0: not yet */
};
struct notifications {
    struct notification *notification;
    size_t n;
};
/* Newest first; only ids below `before` (0: from the newest). */
enum result notify_list(struct db *db, int64_t person, enum lang lang, int64_t before, int64_t limit,
                        struct notifications *ret_list) MUST_USE;

/* How many rows are not read, at most NOTIFY_UNREAD_MAX: shown as "99+". */
#define NOTIFY_UNREAD_MAX 100
enum result notify_unread(struct db *db, int64_t person, int64_t *ret_count) MUST_USE;
void notify_unread_ahead(struct db *db, int64_t person); /* this read will ask for it (docs/statements.md) */

/* With each of these three, what this person has read and is older than half a year goes. */
enum result notify_mark_read(struct db *db, int64_t person, int64_t id, int64_t now) MUST_USE; /* E_NOT_FOUND: not of this person */
/* All up to the id that the person has seen (what came since stays unread). */
enum result notify_mark_all_read(struct db *db, int64_t person, int64_t up_to, int64_t now) MUST_USE;
/* The person has opened what they are about. */
enum result notify_mark_subject_read(struct db *db, int64_t person, struct str subject_kind, int64_t subject, int64_t now) MUST_USE;

/* What the person was told of is not there any more: the messages about it go, and those that wait to leave. */
enum result notify_recall(struct db *db, int64_t person, struct str subject_kind, int64_t subject) MUST_USE;
/* The same for several people, NOTIFY_AT_ONCE of them in a statement. */
enum result notify_recall_people(struct db *db, const int64_t *person, size_t n, struct str subject_kind, int64_t subject) MUST_USE;

/* ---- kinds: what may leave the app, and how ---------------------------------------------------------------- */

/* What people choose about: one line of /me/notify each. */
enum notice_topic {
    TOPIC_MINE,       /* what I reported, asked, booked, signed up for */
    TOPIC_REPLY,      /* replies and comments */
    TOPIC_NOTICE,     /* what the committee and the offices announce */
    TOPIC_NEIGHBOURS, /* activities, deliberation, help: news of the neighbourhood */
    TOPIC_WORK,       /* staff: what waits for their organisation */
    TOPIC_COUNT
};
enum notice_way { WAY_APP, WAY_DIGEST, WAY_NOW };

/* One kind of message, by the text that notify_put() is called with. */
struct notice_kind {
    enum text text;
    enum notice_topic topic;
    enum notice_way way; /* for whoever has chosen nothing else */
    bool urgent;         /* by its nature: an emergency, one's own booking in the next hours. Comes in the quiet hours too, where the person
                          * allows it, and waits for no digest; nothing that is only convenient for the sender */
    enum text outside;   /* as it stands on a lock screen that anybody sees (个人信息保护法 28, 51): {n} is the count, {place} the community, and
                          * nothing else goes in; T_none: it never leaves the app. T_notify_away_… has what most need */
};
struct notice_table {
    const struct notice_kind *kind;
    size_t n;
};
/* Once, at start; the tables live for ever. E_INVALID: a text twice, or one whose `outside` asks for more than {n} and {place}: ret_why says. */
enum result notify_use(const struct notice_table *const *tables, size_t n, struct arena *a, struct str *ret_why) MUST_USE;

/* What the settings of the installation say; notify_use_limits() once at start. Hours 0-23 of Shanghai. */
struct notice_limits {
    int64_t quiet_from, quiet_to, digest_hour;
    int64_t bundle_ms;                   /* several of the same within this are one message */
    int64_t sms_per_day, wechat_per_day; /* for one person; three times that for what is urgent; 0: none leaves this way */
};
extern const struct notice_limits notice_limits_usual;
void notify_use_limits(const struct notice_limits *limits);

/* ---- what somebody has chosen ------------------------------------------------------------------------------ */

enum notice_away { AWAY_NONE, AWAY_IMPORTANT, AWAY_DIGEST, AWAY_ALL };
struct notice_choice {
    enum notice_away away;
    struct str channel;                  /* "", "wechat", "sms" */
    int64_t digest_hour, quiet_from, quiet_to;
    bool urgent_passes;
    bool has_topic[TOPIC_COUNT];
    enum notice_way topic[TOPIC_COUNT];  /* where has_topic */
    bool chosen;                         /* the person has said so; else what the settings of the installation say */
};
enum result notify_choice(struct db *db, int64_t person, struct notice_choice *ret_choice) MUST_USE;
enum result notify_choose(struct db *db, int64_t person, const struct notice_choice *choice, int64_t now) MUST_USE; /* E_INVALID: an hour */

/* ---- ways out of the app ----------------------------------------------------------------------------------- */

struct services;
struct away_letter {
    int64_t person;
    struct str words;                    /* for a lock screen */
    struct url url;                      /* a path of ours: where it is read */
    struct str public_url;               /* what stands in front of it; may be empty */
    struct str mobile;                   /* of the person; may be empty */
    enum lang lang;
    int64_t count, now;
    bool urgent;
};
struct notice_carrier {
    const char *name;                    /* "sms", "wechat" */
    bool (*works)(const struct services *services);
    /* Writes it into the outbox. E_NOT_FOUND: the person is not reached this way. */
    enum result (*put)(struct db *db, const struct services *services, const struct away_letter *letter);
};
void notify_use_carriers(const struct notice_carrier *const *carriers, size_t n); /* in the order in which they are tried; once, at start */
extern const struct notice_carrier notify_sms_carrier;

/* The address of a person on this way is dead, or they refuse it there: switched off, with a notice in the app. Once: a second one does nothing. */
enum result notify_unreachable(struct db *db, int64_t person, struct str channel, int64_t now) MUST_USE;
/* Something that could not be delivered by the way that has just been switched off: by another, or not at all. */
enum result notify_other_way(struct db *db, const struct services *services, int64_t person, struct str words, bool urgent, struct str public_url,
                             int64_t now) MUST_USE;
enum result notify_switch_on(struct db *db, int64_t person, struct str channel) MUST_USE;

/* Sends what is due, for at most NOTIFY_ROUND persons in a transaction of its own; *ret_left: there may be more. */
#define NOTIFY_ROUND 50
struct notify_round { int64_t persons, sent, put_off, dropped; bool left; };
enum result notify_send(struct database *database, const struct services *services, struct arena *a, struct str public_url, int64_t now,
                        struct notify_round *ret_round) MUST_USE;

extern const struct module notify_module, notify_choice_module, letters_module; /* /messages, /me/notify, /desk/letters */
struct desk_table;
extern const struct desk_table letters_desk;

/* Erasure by law. */
enum result notify_forget(struct db *db, int64_t person) MUST_USE;

#endif
