/* search.h: finding entries by words.
 *
 * Chinese has no blanks between words, and most words have two characters, so every two neighbouring characters are a token:
 * 广场变菜园 is found by 广场, 菜园, 变菜园 (in this order, without a gap), and by 菜 alone. Latin words and numbers are tokens as they are. Before that,
 * texts are folded: NFKC, so that full and half width are the same, and no case. Words with blanks between them must all be there.
 *
 * The words of a title stand in the index once more, marked: so hits by title can be asked for alone, and the others without them (enum search_part).
 *
 * The index is FTS5 in SQLite and a GIN index over our own tokens in PostgreSQL; what is found is the same. Newest first, by id. */
#ifndef LILONG_CIVIC_SEARCH_H
#define LILONG_CIVIC_SEARCH_H

#include "engine/base/buf.h"
#include "engine/db/db.h"

/* Who may find it. A caller asks with the highest that a person may see at that place. */
enum search_visibility { SEARCH_PUBLIC, SEARCH_RESIDENTS, SEARCH_STAFF };

struct search_entry {
    int64_t community;       /* or a place above, for what is written for all below it */
    struct str subject_kind; /* "report" */
    int64_t subject;         /* its id, unique among all kinds; also the order */
    struct str title, text;  /* at most SEARCH_TEXT_MAX characters of the text are kept and found */
    enum search_visibility visibility;
    bool fresh;              /* the subject has just come to be: it is not looked for what was put of it before */
};
#define SEARCH_TEXT_MAX 5000

/* Puts it in, or anew, in the transaction of whatever changed. E_INVALID: no community, kind or subject. */
enum result search_put(struct db *db, const struct search_entry *entry) MUST_USE;
/* OK also when it was not there. */
enum result search_remove(struct db *db, int64_t community, int64_t subject) MUST_USE;
/* What it belongs to has gone to another community: it is found there, under the same number. OK also when it was not there. */
enum result search_carry(struct db *db, int64_t from, int64_t to, int64_t subject) MUST_USE;

/* Where the words have to be. All of them in the title is one part, whatever else has them the other: together they are everything, and nothing twice. */
enum search_part { SEARCH_ANYWHERE, SEARCH_BY_TITLE, SEARCH_BY_TEXT };

struct search_question {
    struct str words;        /* as typed */
    enum search_part part;
    int64_t place;           /* community, street, district or city */
    bool own;                /* only what the place itself wrote, nothing from below */
    enum search_visibility visibility;
    struct str subject_kind; /* empty: all */
    int64_t before;          /* only ids below it; 0: from the newest */
    int64_t limit;           /* 1-100 */
};
struct search_hits {
    struct search_entry *hit;
    size_t n;
};
/* No hits is OK. E_INVALID: the words have nothing to look for (empty, punctuation only), no such place, or a limit out of range. */
enum result search_find(struct db *db, const struct search_question *question, struct search_hits *ret_hits) MUST_USE;

/* A text for a list of hits, in pieces: which are what was looked for. Begins shortly before the first hit when the text is longer than
 * `max` characters; "…" stands where something was left out. */
struct search_piece {
    struct str text;
    bool hit;
};
struct search_pieces {
    struct search_piece *piece;
    size_t n;
};
void search_mark(struct arena *a, struct str words, struct str text, size_t max, struct search_pieces *ret_pieces);

/* The index of words as PostgreSQL has it, out of a database of the other engine, for a move: rows in the form of database_load_piece(), table
 * "search_index", the columns' line not among them. At most `limit` rows behind *community and *subject, which are moved on; E_NOT_FOUND: there are none. */
#define SEARCH_INDEX_COLUMNS "community,id,visibility,subject_kind,tokens\n"
/* The tokens of one such row. */
struct str search_index_tokens(struct arena *a, struct str title, struct str text);
enum result search_index_rows(struct db *db, int64_t *community, int64_t *subject, int64_t limit, struct buf *b) MUST_USE;

/* ---- tokens: pure ------------------------------------------------------------------------------------ */

enum search_token_kind {
    SEARCH_WORD, /* a whole token */
    SEARCH_BEGIN /* of a question only: what a token begins with */
};
struct search_token {
    struct str text;
    enum search_token_kind kind;
    bool joined; /* of a question: follows the one before without a gap */
};
struct search_tokens {
    struct search_token *token;
    size_t n;
};
/* Of a text to be found, in order. */
void search_text_tokens(struct arena *a, struct str text, struct search_tokens *ret_tokens);
/* Of what was typed; at most 16 words count. */
void search_question_tokens(struct arena *a, struct str words, struct search_tokens *ret_tokens);

#endif
