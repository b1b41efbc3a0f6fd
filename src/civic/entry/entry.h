/* entry.h: what people write on boards, and what every kind of board shares of it: text with its versions, comments, thumbs, following,
 * hiding, lists, search, the ledger.
 *
 * An entry belongs to a place. The page of a community shows its own entries of a board and those of the places above it that are for it
 * (audience). A kind keeps what it needs beyond this in tables of its own, under the entry's number, and moves the entry's state by
 * a flow of its own. */
#ifndef LILONG_CIVIC_ENTRY_H
#define LILONG_CIVIC_ENTRY_H

#include "civic/board/board.h"

struct moderation_extra;            /* civic/moderation */

struct entry {
    int64_t community;              /* or a place above */
    int64_t id, board;
    struct str kind;
    int64_t author, organisation;   /* organisation 0: as a resident */
    struct str author_from;         /* 3号楼, or the organisation */
    int64_t dwelling;
    struct str title, body;
    int64_t version;
    struct str audience;
    struct str state;
    bool listed, pinned;
    int64_t created_at, published_at, ends_at;
    int64_t comments, thumbs, photos;
    bool hidden;
    struct str hidden_reason;
    int64_t changed_at;
    bool would_list;                /* where moderation to show it again: it would be listed */
};

/* Who acts, and as what. */
struct entry_actor {
    int64_t person, organisation;   /* organisation 0: as a resident */
    struct str from;
    int64_t dwelling;
    bool runs;                      /* runs the board at this place */
    int64_t now;
    struct request *rq;             /* told what is wrong with a text: civic/moderation; NULL: nobody is */
    const struct moderation_extra *extra; /* words that the kind itself watches for; NULL: none */
};

enum { ENTRY_TITLE_MAX = 60, ENTRY_BODY_MAX = 10000, ENTRY_COMMENT_MAX = 1000, ENTRY_AUDIENCE_MAX = 120, ENTRY_MORE_MAX = 6 };

/* ---- rules: each inside a transaction; E_NOT_FOUND, E_DENIED, E_CONFLICT (the state or the version has moved on), E_INVALID -------------- */

struct entry_new {
    const struct board *board;
    int64_t community;
    struct str title, body;
    struct str audience;            /* entry_audience(), or '' */
    struct str state;               /* in which the kind's flow begins */
    bool listed, pinned;
    int64_t ends_at;
    int64_t photos;
    struct str *const *more;        /* other texts of the kind that people read: they pass moderation together with title and body */
    size_t n_more;                  /* at most ENTRY_MORE_MAX */
};
/* Writes it with its first version; its author follows it; found by search when it is listed. */
enum result entry_write(struct db *db, const struct entry_actor *actor, const struct entry_new *what, int64_t *ret_id) MUST_USE;
enum result entry_get(struct db *db, int64_t community, int64_t id, struct entry *ret_entry) MUST_USE;
/* A new version on top of `version`. Searched by the new words at once. */
enum result entry_edit(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t version,
                       struct str title, struct str body) MUST_USE;
/* The same, where other texts of the kind are changed together with it: see entry_new. They are masked in place. */
enum result entry_edit_more(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry,
                            int64_t version, struct str title, struct str body, struct str *const *more, size_t n_more) MUST_USE;
/* Its files are others now, by so many pictures more, or fewer. */
enum result entry_count_photos(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t photos) MUST_USE;
/* The kind's flow has said yes: from the state that the entry was read in, to another. verb: for the ledger. The first time it is listed is when it
 * was published. */
enum result entry_move(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, const char *verb,
                       struct str to, bool listed, struct str words) MUST_USE;
/* Taken back by whoever it is about: out of the lists and of search, and its words are erased, with every version of them (个人信息保护法 47). */
enum result entry_erase(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry,
                        struct str to) MUST_USE;
enum result entry_set_term(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool pinned, int64_t ends_at,
                           struct str audience) MUST_USE;
enum result entry_comment(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t reply_to, struct str body,
                          int64_t *ret_id) MUST_USE;
enum result entry_thumb(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool up) MUST_USE;
enum result entry_follow(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool follow) MUST_USE;
/* By who runs the board: with a reason that the author reads. */
enum result entry_hide(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, bool hidden,
                       struct str reason) MUST_USE;
enum result entry_comment_hide(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t comment, bool hidden,
                               struct str reason) MUST_USE;
/* Counters against a recount. OK also when they differ: then ret_bad is the entry. */
enum result entry_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

/* When an estate, or a whole community, goes elsewhere (move.c): which entries of a kind belong to the estate's households, and which are left. */
struct entry_ids { int64_t *id; size_t n; };
enum result entry_of_estate(struct db *db, int64_t community, const char *kind, int64_t estate, struct entry_ids *ret) MUST_USE;
enum result entry_of_community(struct db *db, int64_t community, const char *kind, struct entry_ids *ret) MUST_USE;
/* The entry, with its versions, comments, thumbs, followers, pictures, what is found of it and what moderation knows, goes to another community under the
 * same number. The kind carries its own rows. */
enum result entry_carry(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at) MUST_USE;
/* Both at once, for kinds whose carrying (their own rows, then entry_carry) asks for nothing else; heir 0: nothing is left to carry. */
typedef enum result entry_carrier(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at);
enum result entry_carry_estate(struct db *db, int64_t from, int64_t to, const char *kind, int64_t estate, int64_t at, entry_carrier *carry) MUST_USE;
enum result entry_carry_rest(struct db *db, int64_t from, int64_t heir, const char *kind, int64_t at, entry_carrier *carry) MUST_USE;
struct place_mover;
extern const struct place_mover entry_mover; /* what places above wrote for a community is for its successors too */

/* What was published at the place itself on a day and stands there now, by board. In db_arena(db). */
struct entry_day { int64_t board, n; };
enum result entry_of_day(struct db *db, int64_t place, int32_t day, struct entry_day **ret_boards, size_t *ret_n) MUST_USE;

/* The places that an entry is for, as stored: each below (or at) `place`. E_INVALID: one is not, or there are more than ENTRY_AUDIENCE_MAX. */
enum result entry_audience(struct arena *a, int64_t place, const int64_t *places, size_t n, struct str *ret_audience) MUST_USE;
bool entry_is_for(const struct entry *entry, int64_t place);     /* the place's page shows it */

/* ---- lists ------------------------------------------------------------------------------------------------- */

struct entry_row {
    int64_t community, id;
    struct str kind, title, body, author_name, author_from, state;
    int64_t organisation;
    bool party_badge, pinned;
    int64_t published_at, ends_at, comments, thumbs, photos, board;
};
struct entry_rows { struct entry_row *row; size_t n; };
/* Of a row of any statement that has the columns of entry_page: a kind of boards that lists its entries in another way writes such a one. */
#define ENTRY_ROW(r)                                                                                                       \
    ((struct entry_row){.community = (r)->community, .id = (r)->id, .kind = (r)->kind, .title = (r)->title, .body = (r)->body, \
                        .author_name = (r)->shown_name, .author_from = (r)->author_from, .state = (r)->state,               \
                        .organisation = (r)->organisation, .party_badge = (r)->party_badge, .pinned = (r)->pinned,          \
                        .published_at = (r)->published_at, .ends_at = (r)->ends_at, .comments = (r)->comments,              \
                        .thumbs = (r)->thumbs, .photos = (r)->photos, .board = (r)->board})
/* Of a board on the page of a place: its own and those from above; pinned ones alone, or the others; only ids below `before`. */
enum result entry_page(struct db *db, const struct board *board, int64_t place, bool pinned, int64_t before, int64_t limit,
                       struct entry_rows *ret_rows) MUST_USE;
enum result entry_page_state(struct db *db, const struct board *board, int64_t place, struct str state, int64_t before, int64_t limit,
                             struct entry_rows *ret_rows) MUST_USE;
/* The newest of all these boards on the page of a place, its own and those from above: as many statements for a hundred boards as for one. */
enum result entry_newest(struct db *db, const int64_t *boards, size_t n_boards, int64_t place, int64_t before, int64_t limit,
                         struct entry_rows *ret_rows) MUST_USE;
/* How much is new for the viewer on each of them, at most 100: entry_unread() for all boards of a home page at once. ret_unread: of n_boards. */
enum result entry_unread_all(struct request *rq, const int64_t *boards, size_t n_boards, int64_t community, int64_t *ret_unread) MUST_USE;
int64_t entry_rank(int64_t id, int64_t published_at);
enum result entry_unread(struct request *rq, const struct board *board, int64_t community, int64_t *ret_unread) MUST_USE;

/* ---- routes ------------------------------------------------------------------------------------------------- */

/* Of "/p/{place}/KIND/{board:word}/{id}…". The place is the entry's own. E_NOT_FOUND also: not listed, for whoever neither wrote it nor runs the board. */
struct entry_subject {
    struct board_subject of;         /* first: scope, board, place */
    struct entry entry;
};
extern const struct subject_kind entry_subject;
/* The same without a look at who may see it, for a kind where others have a part in it besides its author; and that look alone: it is listed, or the
 * viewer wrote it or runs the board. */
enum result entry_load(struct request *rq, struct entry_subject *s) MUST_USE;
bool entry_shows(struct request *rq, const struct entry_subject *s);
static inline const struct entry *entry_of(const struct request *rq)
{
    return &((const struct entry_subject *)rq->subject)->entry;
}
struct entry_actor entry_actor_of(struct request *rq); /* of a board_subject or an entry_subject */
struct url entry_url(struct arena *a, const struct board *board, int64_t place, int64_t id);

/* The taps that every kind has: comment, thumbs, follow, hide, seen. A kind puts ENTRY_ROUTES("talk", show) into its table; show is
 * the page that comes again when a comment was wrong. */
extern const struct param entry_comment_params[2], entry_on_params[1], entry_hide_params[2], entry_comment_hide_params[3], entry_seen_params[1];
enum result entry_post_comment(struct request *rq);
enum result entry_post_thumb(struct request *rq);
enum result entry_post_follow(struct request *rq);
enum result entry_post_hide(struct request *rq);
enum result entry_post_comment_hide(struct request *rq);
enum result entry_post_seen(struct request *rq);
#define ENTRY_TAP(kind, tail, act, cap, table, n, page, words)                                                                           \
    {HTTP_POST, "/p/{place}/" kind "/{board:word}/{id}/" tail, kind "." act, .subject = &entry_subject, .need = cap, .params = table,    \
     .n_params = n, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = page, .doc = words
#define ENTRY_ROUTES(kind, page)                                                                                                                \
    ENTRY_TAP(kind, "comment", "comment", CAP_BOARD_TAKE_PART, entry_comment_params, 2, page, "Comments"), .handle = entry_post_comment},           \
    ENTRY_ROUTES_BUT_COMMENT(kind, page)
/* For a kind that asks more of a comment: its own handler looks at that and goes on to entry_post_comment(), whose two parameters come first. */
#define ENTRY_ROUTES_BUT_COMMENT(kind, page)                                                                                                    \
    ENTRY_TAP(kind, "thumb", "thumb", CAP_BOARD_TAKE_PART, entry_on_params, 1, page, "Thumbs up, or takes it back"), .handle = entry_post_thumb},  \
    ENTRY_TAP(kind, "follow", "follow", CAP_BOARD_TAKE_PART, entry_on_params, 1, page, "Follows, or stops following"), .handle = entry_post_follow}, \
    ENTRY_TAP(kind, "hide", "hide", CAP_BOARD_RUN, entry_hide_params, 2, page, "Hides it with a reason, or shows it again"), .handle = entry_post_hide}, \
    ENTRY_TAP(kind, "comment/hide", "comment_hide", CAP_BOARD_RUN, entry_comment_hide_params, 3, page, "Hides a comment, or shows it again"),    \
        .handle = entry_post_comment_hide},                                                                                                  \
    {HTTP_POST, "/p/{place}/" kind "/{board:word}/seen", kind ".seen", .handle = entry_post_seen, .subject = &board_subject,                   \
     .need = CAP_BOARD_READ, .params = entry_seen_params, .n_params = 1, .flags = ROUTE_WRITE | ROUTE_NO_KEY, .rate = RATE_WRITE,               \
     .doc = "The viewer has looked at the board up to this entry"}
#define ENTRY_ROUTES_N 6

struct media_guards;
extern const struct media_guards entry_guards;      /* who may see the pictures of an entry: civic/media */
struct search_finder;
extern const struct search_finder entry_finder; /* entries among what is found: civic/search */
struct moderation_kinds;
extern const struct moderation_kinds entry_moderated; /* entries and their comments: civic/moderation */
struct ledger_listener;
struct notice_table;
extern const struct notice_table entry_notices;      /* what of it may leave the app */
extern const struct ledger_listener entry_listener; /* tells the followers */
struct measure_table;
extern const struct measure_table entry_measures;   /* what the figures of a place count */

#endif
