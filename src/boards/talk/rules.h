/* rules.h: topics, groups of interest and house rules, for the files of this folder. Rules run inside a transaction; E_NOT_FOUND, E_DENIED, E_CONFLICT (it has
 * moved on), E_INVALID. */
#ifndef LILONG_BOARDS_TALK_RULES_H
#define LILONG_BOARDS_TALK_RULES_H

#include "boards/talk/talk.sql.h"
#include "civic/entry/entry.h"
#include "civic/flow/flow.h"

enum {
    TALK_TOPIC_MAX = 10,         /* signs of a topic's name */
    TALK_TOPICS_OPEN_MAX = 12,   /* a list that fits a phone */
    TALK_GROUP_NAME_MAX = 16,
    TALK_GROUP_ABOUT_MAX = 300,
    TALK_GROUPS_ASKED_MAX = 3,   /* that one person may have waiting */
    TALK_RULES_MAX = 1500,
};

/* ---- topics --------------------------------------------------------------------------------------------------- */

struct talk_topic {
    int64_t place, id;
    struct str name;
    bool closed;
};
struct talk_topics { struct talk_topic *topic; size_t n; };
/* Those that a place's page offers: its own and those of the places above it. closed: its own closed ones too. */
enum result talk_topics(struct db *db, const struct board *board, int64_t place, bool closed, struct talk_topics *ret) MUST_USE;
/* E_NOT_FOUND: not of the place or one above. */
enum result talk_topic_at(struct db *db, const struct board *board, int64_t place, int64_t id, struct talk_topic *ret) MUST_USE;
/* E_CONFLICT: there is an open one of this name. E_DENIED: the list is full. */
enum result talk_topic_add(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, struct str name) MUST_USE;
enum result talk_topic_close(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, int64_t id, bool closed) MUST_USE;
/* The entries of a topic on a place's page, newest first; only ids below `before`. */
enum result talk_topic_page(struct db *db, const struct board *board, int64_t place, int64_t topic, int64_t before, int64_t limit,
                            struct entry_rows *ret) MUST_USE;

/* ---- groups ----------------------------------------------------------------------------------------------------- */

enum { GROUP_WAITING, GROUP_OPEN, GROUP_DECLINED, GROUP_CLOSED };
enum { GROUP_AGREE, GROUP_DECLINE, GROUP_CLOSE };
enum { GROUP_BY_HOST = 1, GROUP_BY_RUNNER = 2 };
enum { GROUP_NEEDS_REASON = 1 };

typedef struct sql_talk_group_get talk_group;
/* E_DENIED: too many of the same person wait. The words pass moderation. */
enum result talk_group_ask(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, struct str name,
                           struct str about, int64_t *ret_id) MUST_USE;
/* Agreed: who opened it is its host and first member. Declining and closing need a reason. */
enum result talk_group_move(struct db *db, const struct entry_actor *actor, const talk_group *group, int action, struct str reason) MUST_USE;
/* E_CONFLICT: it is not open; the host leaves only after passing the role on. Twice is once. */
enum result talk_group_join(struct db *db, const struct entry_actor *actor, const talk_group *group, bool join) MUST_USE;
enum result talk_group_tell(struct db *db, const struct entry_actor *actor, const talk_group *group, bool told) MUST_USE; /* E_DENIED: no member */
/* E_INVALID: the other is no member; E_CONFLICT: somebody was quicker. */
enum result talk_group_pass(struct db *db, const struct entry_actor *actor, const talk_group *group, int64_t to) MUST_USE;
bool talk_is_member(struct db *db, const talk_group *group, int64_t person);
enum result talk_group_page(struct db *db, const talk_group *group, int64_t before, int64_t limit, struct entry_rows *ret) MUST_USE;
/* The host hides an entry of the group, with a reason that its author reads and can appeal against; or shows again what the host has hidden. */
enum result talk_group_hide(struct db *db, const struct entry_actor *actor, const struct board *board, const talk_group *group, int64_t entry, bool hide,
                            struct str reason) MUST_USE;
/* A new entry is there for others to read: the group's members hear of it. */
enum result talk_group_announce(struct db *db, const struct board *board, int64_t community, int64_t entry, int64_t now) MUST_USE;

/* ---- house rules -------------------------------------------------------------------------------------------------- */

struct talk_house {
    int64_t place, version;      /* 0: nobody has written any */
    struct str body;
    int64_t written_at;
};
/* Of the nearest place that has some. */
enum result talk_house(struct db *db, const struct board *board, int64_t place, struct talk_house *ret) MUST_USE;
/* What this person has to say yes to before writing here; version 0: nothing. Who runs the board is not asked. */
enum result talk_house_asks(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, struct talk_house *ret) MUST_USE;
/* E_INVALID: another version holds by now. */
enum result talk_house_accept(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, int64_t version) MUST_USE;
enum result talk_house_write(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place, struct str body) MUST_USE;

#endif
