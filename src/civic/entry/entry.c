/* entry.c: the rules of what is written on boards. */
#include "civic/entry/entry.h"

#include <stdlib.h>

#include "civic/entry/entry.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/moderation/moderation.h"
#include "civic/search/search.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static void take(struct entry *e, const struct sql_entry_get *row)
{
    *e = (struct entry){
        .community = row->community,
        .id = row->id,
        .board = row->board,
        .kind = row->kind,
        .author = row->author,
        .organisation = row->organisation,
        .author_from = row->author_from,
        .dwelling = row->dwelling,
        .title = row->title,
        .body = row->body,
        .version = row->version,
        .audience = row->audience,
        .state = row->state,
        .listed = row->listed,
        .pinned = row->pinned,
        .created_at = row->created_at,
        .published_at = row->published_at,
        .ends_at = row->ends_at,
        .comments = row->comments,
        .thumbs = row->thumbs,
        .photos = row->photos,
        .hidden = row->hidden,
        .hidden_reason = row->hidden_reason,
        .changed_at = row->changed_at,
        .would_list = row->would_list,
    };
}

enum result entry_get(struct db *db, int64_t community, int64_t id, struct entry *ret_entry)
{
    struct sql_entry_get row;
    enum result r = sql_entry_get(db, community, id, &row);

    if (r == OK)
        take(ret_entry, &row);
    return r;
}

/* ---- for whom --------------------------------------------------------------------------------------------------------- */

enum result entry_audience(struct arena *a, int64_t place, const int64_t *places, size_t n, struct str *ret_audience)
{
    struct buf b;

    if (n > ENTRY_AUDIENCE_MAX)
        return E_INVALID;
    buf_init(&b, a, n * 13 + 1, n * 13 + 1);
    for (size_t i = 0; i < n; i++) {
        if (!place_contains(place, places[i]))
            return E_INVALID;
        if (places[i] == place) { /* everybody below it is */
            *ret_audience = STR_NONE;
            return OK;
        }
        buf_printf(&b, ",%" PRId64, places[i]);
    }
    *ret_audience = buf_str(&b);
    return OK;
}

static bool names(struct str audience, int64_t place)
{
    char code[16];

    snprintf(code, sizeof(code), ",%" PRId64, place);
    return str_find(audience, str_from_cstr(code)) != SIZE_MAX;
}

bool entry_is_for(const struct entry *entry, int64_t place)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);

    if (!place_contains(entry->community, place))
        return false;
    if (entry->audience.len == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (names(entry->audience, chain[i]))
            return true;
    return false;
}

/* ---- what every action leaves ------------------------------------------------------------------------------------------ */

static enum result record(struct db *db, const struct entry_actor *actor, const struct entry *entry, const char *verb,
                          struct str before, struct str after, struct str words, struct str detail)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = entry->community,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("entry"),
        .subject = entry->id,
        .before = before,
        .after = after,
        .detail = detail.len ? detail
                             : str_printf(db_arena(db), "{\"board\":\"%" PRId64 "\",\"kind\":\"" STR_FMT "\"}",
                                          entry->board, STR_ARG(entry->kind)),
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };

    return ledger_append(db, &e);
}

/* What is not listed is not found. */
static enum result index_entry(struct db *db, const struct board *board, const struct entry *entry, struct str title,
                               struct str body, bool listed)
{
    const struct search_entry found = {
        .community = entry->community,
        .subject_kind = entry->kind,
        .subject = entry->id,
        .title = title,
        .text = body,
        .visibility = board->readers == READERS_EVERYBODY ? SEARCH_PUBLIC : SEARCH_RESIDENTS,
    };

    return listed ? search_put(db, &found) : search_remove(db, entry->community, entry->id);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

static bool text_fits(struct str title, struct str body)
{
    return title.len > 0 && str_utf8_count(title) <= ENTRY_TITLE_MAX && str_utf8_count(body) <= ENTRY_BODY_MAX;
}

static struct moderation_writer writer_of(const struct entry_actor *actor, int64_t community)
{
    return (struct moderation_writer){.rq = actor->rq,
                                      .community = community,
                                      .person = actor->person,
                                      .organisation = actor->organisation,
                                      .now = actor->now,
                                      .extra = actor->extra};
}

/* A watched word holds it back: it is not listed until staff have looked. */
static enum result hold(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    const struct moderation_writer writer = writer_of(actor, community);
    int64_t changed;
    enum result r = sql_entry_hide(db, community, id, true, STR_NONE, actor->now, &changed);

    return r == OK ? moderation_hold(db, &writer, "entry", id) : r;
}

/* Title and body, and what the kind has besides them. Returns how many. */
static size_t gather(struct str *title, struct str *body, struct str *const *more, size_t n_more, struct str **ret)
{
    size_t n = 0;

    ret[n++] = title;
    ret[n++] = body;
    for (size_t i = 0; i < n_more && i < ENTRY_MORE_MAX; i++)
        ret[n++] = more[i];
    return n;
}

/* The kind's own texts as its versions keep them, one a line. */
static struct str lines_of(struct db *db, struct str *const *more, size_t n_more)
{
    struct str lines = STR_NONE;

    for (size_t i = 0; i < n_more && i < ENTRY_MORE_MAX; i++)
        if (more[i]->len)
            lines = str_printf(db_arena(db), STR_FMT "%s" STR_FMT, STR_ARG(lines), lines.len ? "\n" : "",
                               STR_ARG(*more[i]));
    return lines;
}

enum result entry_write(struct db *db, const struct entry_actor *actor, const struct entry_new *what, int64_t *ret_id)
{
    struct entry entry = {
        .community = what->community, .id = id_new(), .board = what->board->id, .kind = what->board->kind};
    const struct moderation_writer writer = writer_of(actor, what->community);
    struct str title = what->title, body = what->body;
    struct str *texts[2 + ENTRY_MORE_MAX];
    bool review, listed;
    int64_t followed;
    enum result r;

    if (!text_fits(title, body))
        return E_INVALID;
    if ((r = moderation_gate(db, &writer, texts, gather(&title, &body, what->more, what->n_more, texts), &review)) !=
        OK)
        return r;
    listed = what->listed && !review;
    r = sql_entry_put(db, entry.community, entry.id, entry.board, entry.kind, actor->person, actor->organisation,
                      actor->from, actor->organisation ? 0 : actor->dwelling, title, body, what->audience, what->state,
                      what->listed, what->pinned, actor->now, what->listed ? actor->now : 0, what->ends_at,
                      what->photos);
    if (r == OK)
        r = sql_entry_version_put(db, entry.community, entry.id, 1, title, body, lines_of(db, what->more, what->n_more),
                                  actor->person, actor->now);
    if (r == OK)
        r = sql_entry_follow_put(db, entry.community, entry.id, actor->person, actor->now, &followed);
    if (r == OK && listed)
        r = index_entry(db, what->board, &entry, title, body, true);
    if (r == OK && review)
        r = hold(db, actor, entry.community, entry.id);
    if (r == OK)
        r = record(db, actor, &entry, listed ? "published" : "written", STR_NONE, what->state, body, STR_NONE);
    if (r == OK)
        *ret_id = entry.id;
    return r;
}

enum result entry_edit(struct db *db, const struct entry_actor *actor, const struct board *board,
                       const struct entry *entry, int64_t version, struct str title, struct str body)
{
    return entry_edit_more(db, actor, board, entry, version, title, body, NULL, 0);
}

enum result entry_edit_more(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct entry *entry, int64_t version, struct str title, struct str body,
                            struct str *const *more, size_t n_more)
{
    const struct moderation_writer writer = writer_of(actor, entry->community);
    struct str *texts[2 + ENTRY_MORE_MAX];
    bool review;
    int64_t changed;
    enum result r;

    if (entry->author != actor->person && !actor->runs)
        return E_DENIED;
    if (!text_fits(title, body))
        return E_INVALID;
    if ((r = moderation_gate(db, &writer, texts, gather(&title, &body, more, n_more, texts), &review)) != OK)
        return r;
    r = sql_entry_edit(db, entry->community, entry->id, version, title, body, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_entry_version_put(db, entry->community, entry->id, version + 1, title, body, lines_of(db, more, n_more),
                                  actor->person, actor->now);
    if (r == OK && entry->listed)
        r = index_entry(db, board, entry, title, body, !review);
    if (r == OK && review && !entry->hidden)
        r = hold(db, actor, entry->community, entry->id);
    return r == OK ? record(db, actor, entry, "edited", entry->state, entry->state, body, STR_NONE) : r;
}

enum result entry_count_photos(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                               int64_t photos)
{
    enum result r = sql_entry_count(db, entry->community, entry->id, 0, 0, photos, actor->now);

    return r == OK ? record(db, actor, entry, "files_changed", STR_NONE, STR_NONE, STR_NONE, STR_NONE) : r;
}

enum result entry_move(struct db *db, const struct entry_actor *actor, const struct board *board,
                       const struct entry *entry, const char *verb, struct str to, bool listed, struct str words)
{
    int64_t changed;
    enum result r = sql_entry_move(db, entry->community, entry->id, entry->state, to, listed, actor->now, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && (listed || entry->listed))
        r = index_entry(db, board, entry, entry->title, entry->body, listed && !entry->hidden);
    return r == OK ? record(db, actor, entry, verb, entry->state, to, words, STR_NONE) : r;
}

enum result entry_erase(struct db *db, const struct entry_actor *actor, const struct board *board,
                        const struct entry *entry, struct str to)
{
    enum result r = entry_move(db, actor, board, entry, "erased", to, false, STR_NONE);

    if (r == OK) /* also one that moderation had taken out of the lists, and might have shown again */
        r = search_remove(db, entry->community, entry->id);
    if (r == OK)
        r = sql_entry_erase(db, entry->community, entry->id);
    return r == OK ? sql_entry_versions_drop(db, entry->community, entry->id) : r;
}

enum result entry_set_term(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool pinned,
                           int64_t ends_at, struct str audience)
{
    enum result r;

    if (ends_at && ends_at <= actor->now)
        return E_INVALID;
    r = sql_entry_set_term(db, entry->community, entry->id, pinned, ends_at, audience, actor->now);
    return r == OK ? record(db, actor, entry, "term_set", entry->state, entry->state, STR_NONE, STR_NONE) : r;
}

/* ---- what others add ------------------------------------------------------------------------------------------------------------ */

static struct str comment_detail(struct db *db, const struct entry *entry, int64_t comment)
{
    return str_printf(db_arena(db), "{\"board\":\"%" PRId64 "\",\"kind\":\"" STR_FMT "\",\"comment\":\"%" PRId64 "\"}",
                      entry->board, STR_ARG(entry->kind), comment);
}

enum result entry_comment(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t reply_to,
                          struct str body, int64_t *ret_id)
{
    struct sql_entry_comment_get answered;
    const struct moderation_writer writer = writer_of(actor, entry->community);
    struct str *const texts[] = {&body};
    bool review = false;
    int64_t id = id_new(), followed;
    enum result r = OK;

    if (!entry->listed)
        return E_CONFLICT;
    if (body.len == 0 || str_utf8_count(body) > ENTRY_COMMENT_MAX)
        return E_INVALID;
    if (reply_to) {
        r = sql_entry_comment_get(db, entry->community, reply_to, &answered);
        if (r == E_NOT_FOUND || (r == OK && (answered.entry != entry->id || answered.hidden)))
            return E_INVALID;
    }
    if (r == OK)
        r = moderation_gate(db, &writer, texts, 1, &review);
    if (r == OK)
        r = sql_entry_comment_put(db, entry->community, id, entry->id, reply_to, actor->person, actor->organisation,
                                  actor->from, body, actor->now, review);
    if (r == OK && !review)
        r = sql_entry_count(db, entry->community, entry->id, 1, 0, 0, actor->now);
    if (r == OK)
        r = sql_entry_follow_put(db, entry->community, entry->id, actor->person, actor->now, &followed);
    if (r == OK && review)
        r = moderation_hold(db, &writer, "entry_comment", id);
    if (r == OK)
        r = record(db, actor, entry, review ? "comment_written" : "commented", STR_NONE, STR_NONE, body,
                   comment_detail(db, entry, id));
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result entry_thumb(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool up)
{
    int64_t changed;
    enum result r;

    if (!entry->listed)
        return E_CONFLICT;
    r = up ? sql_entry_thumb_put(db, entry->community, entry->id, actor->person, actor->now, &changed)
           : sql_entry_thumb_drop(db, entry->community, entry->id, actor->person, &changed);
    if (r == OK && changed)
        r = sql_entry_count(db, entry->community, entry->id, 0, up ? 1 : -1, 0, actor->now);
    if (r == OK && changed)
        r = record(db, actor, entry, up ? "thumbs_up" : "thumbs_taken_back", STR_NONE, STR_NONE, STR_NONE, STR_NONE);
    return r;
}

enum result entry_follow(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool follow)
{
    int64_t changed;

    return follow ? sql_entry_follow_put(db, entry->community, entry->id, actor->person, actor->now, &changed)
                  : sql_entry_follow_drop(db, entry->community, entry->id, actor->person, &changed);
}

/* ---- hiding ------------------------------------------------------------------------------------------------------------------------ */

enum result entry_hide(struct db *db, const struct entry_actor *actor, const struct board *board,
                       const struct entry *entry, bool hidden, struct str reason)
{
    const struct moderation_actor by = {actor->person, actor->organisation, actor->now};
    int64_t changed;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (hidden && reason.len == 0)
        return E_INVALID;
    r = sql_entry_hide(db, entry->community, entry->id, hidden, reason, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = index_entry(db, board, entry, entry->title, entry->body, !hidden && entry->would_list);
    if (r == OK)
        r = moderation_hid(db, &by, entry->community, "entry", entry->id, entry->author, hidden, reason);
    return r == OK ? record(db, actor, entry, hidden ? "hidden" : "shown_again", STR_NONE, STR_NONE, reason, STR_NONE)
                   : r;
}

enum result entry_comment_hide(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                               int64_t comment, bool hidden, struct str reason)
{
    const struct moderation_actor by = {actor->person, actor->organisation, actor->now};
    struct sql_entry_comment_get row;
    int64_t changed;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (hidden && reason.len == 0)
        return E_INVALID;
    r = sql_entry_comment_get(db, entry->community, comment, &row);
    if (r == OK && row.entry != entry->id)
        return E_NOT_FOUND;
    if (r == OK)
        r = sql_entry_comment_hide(db, entry->community, comment, hidden, reason, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_entry_count(db, entry->community, entry->id, hidden ? -1 : 1, 0, 0, actor->now);
    if (r == OK)
        r = moderation_hid(db, &by, entry->community, "entry_comment", comment, row.author, hidden, reason);
    return r == OK ? record(db, actor, entry, hidden ? "comment_hidden" : "comment_shown_again", STR_NONE, STR_NONE,
                            reason, comment_detail(db, entry, comment))
                   : r;
}

enum result entry_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_entry_recount_rows rows;
    enum result r = sql_entry_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].comments != rows.row[i].real_comments || rows.row[i].thumbs != rows.row[i].real_thumbs)
            *ret_bad = rows.row[i].id;
    return r;
}

enum result entry_of_day(struct db *db, int64_t place, int32_t day, struct entry_day **ret_boards, size_t *ret_n)
{
    struct sql_entry_of_day_rows rows;
    enum result r = sql_entry_of_day(db, place, day_start(day), day_start(day + 1), &rows);

    if (r != OK)
        return r;
    *ret_boards = arena_array(db_arena(db), struct entry_day, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        (*ret_boards)[i] = (struct entry_day){rows.row[i].board, rows.row[i].n};
    *ret_n = rows.n;
    return OK;
}

/* ---- lists -------------------------------------------------------------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
    const struct entry_row *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* ,CODE of the district, the street and the community whose page it is, for entries with an audience; empty where there is none. */
struct near {
    struct str far, near, nearer;
};
static struct near near_of(struct db *db, const int64_t *chain, size_t n)
{
    struct str code[4] = {STR_NONE, STR_NONE, STR_NONE, STR_NONE};

    for (size_t i = 1; i < n; i++)
        code[i] = str_printf(db_arena(db), ",%" PRId64, chain[i]);
    return (struct near){code[1], code[2], code[3]};
}

enum result entry_page(struct db *db, const struct board *board, int64_t place, bool pinned, int64_t before,
                       int64_t limit, struct entry_rows *ret_rows)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain), all = 0;
    struct near at = near_of(db, chain, n);
    struct sql_entry_page_rows rows[4];
    struct entry_row *row;

    for (size_t i = 0; i < n; i++)
        sql_entry_page_ahead(db, chain[i], board->id, pinned, before, at.far, at.near, at.nearer, limit);
    for (size_t i = 0; i < n; i++) { /* the place and those above it: four short walks along an index, then one order */
        enum result r = sql_entry_page(db, chain[i], board->id, pinned, before, at.far, at.near, at.nearer, limit,
                                       &rows[i]);

        if (r != OK)
            return r;
        all += rows[i].n;
    }
    row = arena_array(db_arena(db), struct entry_row, all ? all : 1);
    ret_rows->row = row;
    ret_rows->n = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows[i].n; k++)
            row[ret_rows->n++] = ENTRY_ROW(&rows[i].row[k]);
    if (ret_rows->n)
        qsort(row, ret_rows->n, sizeof(*row), newest_first);
    if (ret_rows->n > (size_t)limit)
        ret_rows->n = (size_t)limit;
    return OK;
}

static bool among(const int64_t *boards, size_t n, int64_t board)
{
    for (size_t i = 0; i < n; i++)
        if (boards[i] == board)
            return true;
    return false;
}

struct newest {
    const int64_t *boards; /* those that count */
    size_t n_boards;
    int64_t before, limit;
    struct near at;
};
struct found {
    int64_t community, id;
};

static int newest_found_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* Of one place. Nearly always all boards count, so what stands on others is read over here and not by the statement, where comparing costs more
 * than reading. */
static enum result newest_of(struct db *db, const struct newest *what, int64_t place, struct found *found, size_t *n)
{
    int64_t before = what->before, kept = 0;

    for (;;) {
        struct sql_entry_newest_rows rows;
        enum result r = sql_entry_newest(db, place, before, what->at.far, what->at.near, what->at.nearer, what->limit,
                                         &rows);

        if (r != OK)
            return r;
        for (size_t k = 0; k < rows.n && kept < what->limit; k++) {
            before = rows.row[k].id;
            if (!among(what->boards, what->n_boards, rows.row[k].board))
                continue;
            found[(*n)++] = (struct found){place, rows.row[k].id};
            kept++;
        }
        if (kept == what->limit || rows.n < (size_t)what->limit)
            return OK;
    }
}

/* First which ones, of the place and of those above it; then those that are shown, with all that is said of them. */
enum result entry_newest(struct db *db, const int64_t *boards, size_t n_boards, int64_t place, int64_t before,
                         int64_t limit, struct entry_rows *ret_rows)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain), n_found = 0;
    struct newest what = {boards, n_boards, before, limit, near_of(db, chain, n)};
    struct found *found = arena_array(db_arena(db), struct found, (size_t)limit * 4);

    for (size_t i = 0; i < n && n_boards; i++)
        sql_entry_newest_ahead(db, chain[i], before, what.at.far, what.at.near, what.at.nearer, limit);
    for (size_t i = 0; i < n && n_boards; i++) {
        enum result r = newest_of(db, &what, chain[i], found, &n_found);

        if (r != OK)
            return r;
    }
    if (n_found)
        qsort(found, n_found, sizeof(*found), newest_found_first);
    ret_rows->row = arena_array(db_arena(db), struct entry_row, (size_t)limit);
    ret_rows->n = 0;
    for (size_t i = 0; i < n_found && i < (size_t)limit; i++)
        sql_entry_page_one_ahead(db, found[i].community, found[i].id);
    for (size_t i = 0; i < n_found && i < (size_t)limit; i++) {
        struct sql_entry_page_one row;
        enum result r = sql_entry_page_one(db, found[i].community, found[i].id, &row);

        if (r == OK)
            ret_rows->row[ret_rows->n++] = ENTRY_ROW(&row);
        else if (r != E_NOT_FOUND)
            return r;
    }
    return OK;
}

enum result entry_page_state(struct db *db, const struct board *board, int64_t place, struct str state, int64_t before,
                             int64_t limit, struct entry_rows *ret_rows)
{
    struct sql_entry_page_state_rows rows;
    enum result r = sql_entry_page_state(db, place, board->id, state, before, limit, &rows);

    if (r != OK)
        return r;
    ret_rows->row = arena_array(db_arena(db), struct entry_row, rows.n ? rows.n : 1);
    ret_rows->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret_rows->row[i] = ENTRY_ROW(&rows.row[i]);
    return OK;
}

enum { UNREAD_DAYS = 14, UNREAD_MOST = 100, UNREAD_LOOKED_AT = 400 };

/* Where an entry stands among those that somebody has seen: what was written long before it was published counts from that moment. */
int64_t entry_rank(int64_t id, int64_t published_at)
{
    int64_t from = id_first(published_at);

    return id > from ? id : from;
}

enum result entry_unread_all(struct request *rq, const int64_t *boards, size_t n_boards, int64_t community,
                             int64_t *ret_unread)
{
    int64_t chain[4], since = rq->now - UNREAD_DAYS * TIME_DAY;
    size_t n = place_chain(community, chain);
    struct sql_board_seen_of_rows seen;
    struct near at = near_of(rq->db, chain, n);
    int64_t from = id_first(
        since -
        UNREAD_DAYS *
            TIME_DAY); /* a draft may be older than the day on which it was published: twice the time is looked at */
    enum result r;

    for (size_t i = 0; i < n; i++)
        sql_entry_recent_ahead(rq->db, chain[i], from, since, at.far, at.near, at.nearer, UNREAD_LOOKED_AT);
    r = sql_board_seen_of(rq->db, rq->person, &seen);
    for (size_t b = 0; b < n_boards; b++)
        ret_unread[b] = 0;
    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_entry_recent_rows rows;

        r = sql_entry_recent(rq->db, chain[i], from, since, at.far, at.near, at.nearer, UNREAD_LOOKED_AT, &rows);
        for (size_t k = 0; r == OK && k < rows.n; k++)
            for (size_t b = 0; b < n_boards; b++) {
                int64_t last = 0;

                if (boards[b] != rows.row[k].board)
                    continue;
                for (size_t s = 0; s < seen.n; s++)
                    if (seen.row[s].board == boards[b])
                        last = seen.row[s].entry;
                if (entry_rank(rows.row[k].id, rows.row[k].published_at) > last && ret_unread[b] < UNREAD_MOST)
                    ret_unread[b]++;
            }
    }
    return r;
}

enum result entry_unread(struct request *rq, const struct board *board, int64_t community, int64_t *ret_unread)
{
    return entry_unread_all(rq, &board->id, 1, community, ret_unread);
}
