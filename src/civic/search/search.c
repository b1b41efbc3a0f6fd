/* search.c: the tokens into the index of the engine in use, and questions to it. See search.h. */
#include "civic/search/search.h"

#include <inttypes.h>

#include "civic/place/place.h"
#include "civic/search/search.sql.h"
#include "engine/base/buf.h"

/* ---- titles -------------------------------------------------------------------------------------------------- */

/* The same tokens as words of a title. No token has this sign in it: it is neither a letter nor a digit. */
static struct search_tokens as_title(struct arena *a, struct search_tokens t)
{
    struct search_tokens marked = {arena_array(a, struct search_token, t.n ? t.n : 1), t.n};

    for (size_t i = 0; i < t.n; i++) {
        marked.token[i] = t.token[i];
        marked.token[i].text = str_printf(a, "¶" STR_FMT, STR_ARG(t.token[i].text));
    }
    return marked;
}

/* ---- in SQLite ------------------------------------------------------------------------------------------ */

/* The places that an entry is found at, and its kind, as words of the column `scope`. The city is not among them: it is everything. */
static struct str scope_of(struct arena *a, int64_t community, struct str kind)
{
    struct buf b;
    int64_t chain[4];
    size_t n = place_chain(community, chain);
    buf_init(&b, a, 128, 1024);
    for (size_t i = 1; i < n; i++)
        buf_printf(&b, "p%" PRId64 " ", chain[i]);
    if (n && n < 4) /* written by a place above for those below: found there without what they wrote themselves */
        buf_printf(&b, "o%" PRId64 " ", community);
    buf_putc(&b, 'k');
    for (size_t i = 0; i < kind.len; i++) {
        if (kind.ptr[i] != '_') /* the tokenizer would cut there */
            buf_putc(&b, kind.ptr[i]);
    }
    return buf_str(&b);
}

static void put_blank_tokens(struct buf *b, struct search_tokens t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (i)
            buf_putc(b, ' ');
        buf_put(b, t.token[i].text);
    }
}

/* All the words, as FTS5 asks for them. */
static void put_words_fts5(struct buf *b, struct search_tokens t)
{
    buf_put(b, STR("tokens : ("));
    for (size_t i = 0; i < t.n; i++) {
        if (i == 0 || !t.token[i].joined)
            buf_put(b, i ? STR(" AND \"") : STR("\""));
        else
            buf_putc(b, ' ');
        buf_put(b, t.token[i].text);
        if (i + 1 == t.n || !t.token[i + 1].joined)
            buf_put(b, t.token[i].kind == SEARCH_BEGIN ? STR("\" *") : STR("\""));
    }
    buf_putc(b, ')');
}

/* FTS5: tokens are quoted, so that none is an operator; those without a gap stand in one pair of quotes. */
static struct str question_fts5(struct arena *a, struct search_tokens t, const struct search_question *q)
{
    struct search_tokens in_title = as_title(a, t);
    struct buf b;
    buf_init(&b, a, 512, 64 * 1024);
    buf_putc(&b, '(');
    put_words_fts5(&b, q->part == SEARCH_BY_TITLE ? in_title : t);
    if (q->own && place_level_of(q->place) != PLACE_COMMUNITY)
        buf_printf(&b, " AND scope : \"o%" PRId64 "\"", q->place);
    else if (place_level_of(q->place) != PLACE_CITY)
        buf_printf(&b, " AND scope : \"p%" PRId64 "\"", q->place);
    if (q->subject_kind.len) {
        struct str words = scope_of(a, 0, q->subject_kind);
        buf_put(&b, STR(" AND scope : \""));
        buf_put(&b, words);
        buf_putc(&b, '"');
    }
    buf_putc(&b, ')');
    if (q->part == SEARCH_BY_TEXT) {
        buf_put(&b, STR(" NOT "));
        put_words_fts5(&b, in_title);
    }
    return buf_str(&b);
}

/* ---- in PostgreSQL ---------------------------------------------------------------------------------------- */

/* A token has letters and digits only (tokens.c), but quoting costs nothing. */
static void put_lexeme(struct buf *b, struct str token)
{
    buf_putc(b, '\'');
    for (size_t i = 0; i < token.len; i++) {
        if (token.ptr[i] == '\'' || token.ptr[i] == '\\')
            buf_putc(b, token.ptr[i]);
        buf_putc(b, token.ptr[i]);
    }
    buf_putc(b, '\'');
}

static void put_tsvector(struct buf *b, struct search_tokens t)
{
    enum { POSITION_MAX = 16383 };
    for (size_t i = 0; i < t.n; i++) {
        if (i)
            buf_putc(b, ' ');
        put_lexeme(b, t.token[i].text);
        buf_putc(b, ':');
        buf_int(b, i < POSITION_MAX ? (int64_t)i + 1 : POSITION_MAX);
    }
}

static void put_words_tsquery(struct buf *b, struct search_tokens t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (i)
            buf_put(b, t.token[i].joined ? STR(" <-> ") : STR(" & "));
        put_lexeme(b, t.token[i].text);
        if (t.token[i].kind == SEARCH_BEGIN)
            buf_put(b, STR(":*"));
    }
}

static struct str question_tsquery(struct arena *a, struct search_tokens t, enum search_part part)
{
    struct search_tokens in_title = as_title(a, t);
    struct buf b;
    buf_init(&b, a, 512, 64 * 1024);
    put_words_tsquery(&b, part == SEARCH_BY_TITLE ? in_title : t);
    if (part == SEARCH_BY_TEXT) {
        buf_put(&b, STR(" & !("));
        put_words_tsquery(&b, in_title);
        buf_putc(&b, ')');
    }
    return buf_str(&b);
}

/* ---- both ------------------------------------------------------------------------------------------------------ */

/* titled: the words of the title once more behind all, marked. */
static struct str tokens_in(struct arena *a, bool tsvector, bool titled, struct str title, struct str text)
{
    struct search_tokens t, all;
    struct buf both, b;
    /* One run of tokens; the line break is the gap between title and text. */
    buf_init(&both, a, title.len + text.len + 1, title.len + text.len + 2);
    buf_put(&both, title);
    buf_putc(&both, '\n');
    buf_put(&both, text);
    search_text_tokens(a, buf_str(&both), &all);
    if (titled) {
        struct search_tokens run = all;

        search_text_tokens(a, title, &t);
        t = as_title(a, t);
        all.token = arena_array(a, struct search_token, run.n + t.n + 1);
        for (size_t i = 0; i < run.n + t.n; i++)
            all.token[i] = i < run.n ? run.token[i] : t.token[i - run.n];
        all.n = run.n + t.n;
    }
    buf_init(&b, a, 1024, 1024 * 1024);
    if (tsvector)
        put_tsvector(&b, all);
    else
        put_blank_tokens(&b, all);
    return buf_str(&b);
}

struct str search_index_tokens(struct arena *a, struct str title, struct str text)
{
    return tokens_in(a, true, true, title, text);
}

/* The index of words is written at the end of the transaction: FTS5 writes out what it has gathered at every savepoint, so that a batch of 64 would write
 * 64 small pieces of index, and merge them later, instead of one. */
struct index_step {
    int64_t community, subject;
    struct str scope, tokens, kind;
    enum search_visibility visibility;
    bool remove;
};

static enum result index_run(struct db *db, void *arg)
{
    const struct index_step *s = arg;

    return s->remove ? sql_search_index_remove(db, s->community, s->subject, s->scope, s->tokens)
                     : sql_search_index_put(db, s->community, s->subject, s->scope, s->tokens, s->visibility, s->kind);
}

static void index_later(struct db *db, const struct index_step *step)
{
    struct index_step *s = arena_new(db_arena(db), struct index_step);

    *s = *step;
    db_put_off(db, index_run, s);
}

enum result search_remove(struct db *db, int64_t community, int64_t subject)
{
    struct sql_search_entry_get old;
    enum result r = sql_search_entry_get(db, community, subject, &old);
    if (r == E_NOT_FOUND)
        return OK;
    if (r == OK)
        r = sql_search_entry_remove(db, community, subject);
    if (r == OK)
        index_later(db, &(struct index_step){
                            .community = community,
                            .subject = subject,
                            .scope = scope_of(db_arena(db), community, old.subject_kind),
                            .tokens = tokens_in(db_arena(db), db_is_postgres(db), old.titled, old.title, old.text),
                            .remove = true});
    return r;
}

enum result search_carry(struct db *db, int64_t from, int64_t to, int64_t subject)
{
    struct sql_search_entry_get row;
    enum result r = sql_search_entry_get(db, from, subject, &row);
    struct search_entry entry;

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    entry = (struct search_entry){
        .community = to,
        .subject_kind = row.subject_kind,
        .subject = subject,
        .title = row.title,
        .text = row.text,
        .visibility = (enum search_visibility)row.visibility,
    };
    r = search_remove(db, from, subject);
    return r == OK ? search_put(db, &entry) : r;
}

enum result search_put(struct db *db, const struct search_entry *entry)
{
    if (place_level_of(entry->community) == PLACE_NONE || entry->subject_kind.len == 0 || entry->subject <= 0)
        return E_INVALID;
    struct str text = str_utf8_cut(entry->text, SEARCH_TEXT_MAX);
    enum result r = entry->fresh ? OK : search_remove(db, entry->community, entry->subject);
    if (r == OK)
        r = sql_search_entry_put(db, entry->community, entry->subject, entry->subject_kind, entry->title, text,
                                 entry->visibility);
    if (r == OK)
        index_later(
            db, &(struct index_step){.community = entry->community,
                                     .subject = entry->subject,
                                     .scope = scope_of(db_arena(db), entry->community, entry->subject_kind),
                                     .tokens = tokens_in(db_arena(db), db_is_postgres(db), true, entry->title, text),
                                     .visibility = entry->visibility,
                                     .kind = str_dup(db_arena(db), entry->subject_kind)});
    return r;
}

enum result search_index_rows(struct db *db, int64_t *community, int64_t *subject, int64_t limit, struct buf *b)
{
    struct sql_search_entry_after_rows rows;
    enum result r = sql_search_entry_after(db, *community, *subject, limit, &rows);

    if (r != OK)
        return r;
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_search_entry_after *e = &rows.row[i];

        buf_printf(b, "%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t", e->community, e->id, e->visibility);
        db_copy_text(b, e->subject_kind);
        buf_putc(b, '\t');
        db_copy_text(b, search_index_tokens(db_arena(db), e->title, e->text));
        buf_putc(b, '\n');
        *community = e->community;
        *subject = e->id;
    }
    return rows.n ? OK : E_NOT_FOUND;
}

enum result search_find(struct db *db, const struct search_question *question, struct search_hits *ret_hits)
{
    enum { LIMIT_MAX = 100 };
    struct arena *a = db_arena(db);
    struct search_tokens tokens;
    int64_t first, last;
    if (place_level_of(question->place) == PLACE_NONE || question->limit < 1 || question->limit > LIMIT_MAX)
        return E_INVALID;
    search_question_tokens(a, question->words, &tokens);
    if (tokens.n == 0)
        return E_INVALID;
    place_range(question->place, &first, &last);
    if (question->own)
        first = last = question->place;
    struct str asked = db_is_postgres(db) ? question_tsquery(a, tokens, question->part)
                                          : question_fts5(a, tokens, question);
    struct sql_search_find_rows rows;
    enum result r = sql_search_find(db, asked, first, last, question->visibility, question->subject_kind,
                                    question->before > 0 ? question->before : INT64_MAX, question->limit, &rows);
    if (r != OK)
        return r;
    struct search_hits hits = {arena_array(a, struct search_entry, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_search_find *row = &rows.row[i];
        hits.hit[i] = (struct search_entry){.community = row->community,
                                            .subject_kind = row->subject_kind,
                                            .subject = row->id,
                                            .title = row->title,
                                            .text = row->text,
                                            .visibility = (enum search_visibility)row->visibility};
    }
    *ret_hits = hits;
    return OK;
}
