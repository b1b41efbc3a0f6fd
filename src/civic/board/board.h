/* board.h: a board is a row. A kind of boards is a module with its pages; a board of a kind is made in the console, by somebody who cannot
 * program: name, icon, who runs it, who may write, whether it is reviewed, which places show it.
 *
 * Address: /p/{place}/{kind}/{word}, and /p/{place}/{kind} for the kinds of which there is one board only (身边事). What is written on a board belongs
 * to a place; a community's page shows its own and what was written for the places above it. */
#ifndef LILONG_CIVIC_BOARD_H
#define LILONG_CIVIC_BOARD_H

#include "civic/access/access.h"
#include "civic/place/place.h"
#include "engine/app/app.h"

enum board_review { BOARD_REVIEW_NONE, BOARD_REVIEW_BEFORE, BOARD_REVIEW_AFTER };
enum board_state { BOARD_DRAFT, BOARD_OPEN, BOARD_OFF };

struct board {
    int64_t id;
    struct str word, kind;          /* "announcement", "bulletin" */
    struct str name, name_en, lead, lead_en;
    struct str icon;
    int64_t place;                  /* who administers this place or one above may change the board */
    int64_t organisation;           /* that runs it; 0: owner_kind says who */
    struct str owner_kind;          /* '' : the committee or the office of each place */
    enum scope_readers readers;
    enum scope_writers writers;
    enum board_review review;
    int64_t position;
    enum board_state state;
    int64_t changed_at;
    bool hidden;                    /* board_shown() only: the committee does not show it */
};
struct boards { struct board *board; size_t n; };

/* ---- kinds: what the modules bring ---------------------------------------------------------------------- */

/* Something that one can begin on a board of a kind: a line behind the phone's ＋. */
struct board_start {
    const char *tail;               /* below the board's address: "/new" */
    const char *sort;               /* of what, where the form asks first; NULL */
    enum text text;                 /* with {board}, the board's name */
    const char *icon;               /* NULL: the board's */
    int need;                       /* capability on the board at the place */
    const char *board;              /* on the board of this word alone; NULL: on those that no line names */
    const char *owner;              /* on boards that organisations of this kind run; NULL: on any */
};

struct board_kind {
    const char *word;               /* "bulletin": stored, and in the address */
    enum text name, lead;           /* for the console: what one gets by choosing it */
    const char *icon;
    bool single;                    /* one board of the kind: its address has no word, and the console makes no second */
    bool looked_up;                 /* is looked up when it is needed, and is no news: not among the newest of the home page */
    /* How much is new for the viewer on this board at this community, at most 100; NULL: no mark. */
    enum result (*unread)(struct request *rq, const struct board *board, int64_t community, int64_t *ret_unread);
    const struct board_start *start; size_t n_start;
};
void board_use_kinds(const struct board_kind *const *kinds, size_t n);   /* once, at start; the array lives for ever */
size_t board_kinds(const struct board_kind *const **ret_kinds);
const struct board_kind *board_kind_of(struct str word);                /* NULL when unknown */

/* ---- rows ------------------------------------------------------------------------------------------------ */

enum result board_get(struct db *db, int64_t id, struct board *ret_board) MUST_USE;
enum result board_by_word(struct db *db, struct str word, struct board *ret_board) MUST_USE;
/* The open boards of a place in the order of its committee, those of kinds that are not there left out. Hidden ones come with `hidden`. */
enum result board_shown(struct db *db, int64_t place, struct boards *ret_boards) MUST_USE;
/* Whether it is shown at the place, or at one above it. */
enum result board_shows_at(struct db *db, int64_t board, int64_t place, bool *ret_shows) MUST_USE;
enum result board_below(struct db *db, int64_t place, struct boards *ret_boards) MUST_USE;  /* the console's list: any state */
struct board_places { struct board_at { int64_t place; struct str name; } *at; size_t n; };
enum result board_places(struct db *db, int64_t board, struct board_places *ret_places) MUST_USE;

/* Making and changing. E_INVALID with ret_field (never NULL) naming what is wrong: "word" (2-30 of a-z, 0-9, _; E_CONFLICT when it is taken), "kind",
 * "name", "name_en", "icon", "owner", "places". Each writes the ledger of the board's place. */
enum result board_create(struct db *db, struct board *board, const int64_t *places, size_t n_places, int64_t actor, int64_t now,
                         const char **ret_field) MUST_USE; /* sets id */
enum result board_update(struct db *db, const struct board *board, const int64_t *places, size_t n_places, int64_t actor, int64_t now,
                         const char **ret_field) MUST_USE;
enum result board_set_state(struct db *db, const struct board *board, enum board_state state, int64_t actor, int64_t now) MUST_USE;
/* A committee's own order: boards in the order of its home page, hidden ones marked. */
enum result board_arrange(struct db *db, int64_t community, const int64_t *boards, const bool *hidden, size_t n, int64_t actor,
                          int64_t now) MUST_USE;
/* The article's boards, for the kinds that are there: at `lilong init`, and again after an upgrade that brings new kinds (what is there stays). */
enum result board_seed(struct db *db, int64_t city, int64_t now) MUST_USE;

struct str board_name(const struct board *board, enum lang lang);
struct str board_lead(const struct board *board, enum lang lang);
struct url board_url(struct arena *a, const struct board *board, int64_t place);
const char *board_state_word(enum board_state state);

/* ---- the subject of a board's routes ------------------------------------------------------------------------- */

/* Of "/p/{place}/KIND/{board:word}…": rq->subject is a struct board_subject. E_NOT_FOUND: no such board of this kind, not open (but for those
 * who may edit it: the preview), or not shown at the place. */
struct board_subject {
    struct subject_scope scope;      /* first: see access.h */
    struct board board;
    struct place place;
};
extern const struct subject_kind board_subject;
/* The same for the subject of an entry: fills s by the route's kind, the place rq->path_id[0] and the word rq->path_word[0]. */
enum result board_load(struct request *rq, struct board_subject *s) MUST_USE;
/* The scope of a board at a place, for what belongs to it without being in its address (pictures, search). */
enum result board_scope(struct request *rq, const struct board *board, int64_t place, struct subject_scope *ret_scope) MUST_USE;
static inline const struct board *board_of(const struct request *rq)
{
    return &((const struct board_subject *)rq->subject)->board;
}

struct place_mover;
extern const struct place_mover board_mover;   /* boards of a community that ends */

extern const struct module board_module;       /* the console: /desk/boards */
struct desk_table;
extern const struct desk_table board_desk;

#endif
