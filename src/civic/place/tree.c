/* tree.c: the four levels as they are in the database, and how they change. */
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/place/place.sql.h"
#include "engine/base/buf.h"

/* The columns of a place come from several statements. */
#define PLACE_OF(row)                                                                                               \
    ((struct place){(row).code, (row).parent, (enum place_level)(row).level, place_kind_of((row).code), (row).name, \
                    (row).valid_from, (row).valid_to})

static const struct place_mover *const *movers; /* set once at start */
static size_t n_movers;

void place_move_with(const struct place_mover *const *list, size_t n)
{
    movers = list;
    n_movers = n;
}

enum result place_get(struct db *db, int64_t code, struct place *ret_place)
{
    struct sql_place_get row;
    enum result r = sql_place_get(db, code, &row);

    if (r == OK)
        *ret_place = PLACE_OF(row);
    return r;
}

void place_ahead(struct db *db, int64_t code)
{
    sql_place_get_ahead(db, code);
}

enum result place_children(struct db *db, int64_t code, bool ended_too, struct places *ret_places)
{
    struct sql_place_children_rows rows;
    enum result r = sql_place_children(db, code, ended_too, &rows);

    if (r != OK)
        return r;
    ret_places->place = arena_array(db_arena(db), struct place, rows.n);
    ret_places->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret_places->place[i] = PLACE_OF(rows.row[i]);
    return OK;
}

enum result place_path(struct db *db, int64_t code, struct places *ret_places)
{
    int64_t chain[4];
    size_t n = place_chain(code, chain);
    struct place *place = arena_array(db_arena(db), struct place, 4);
    enum result r = n ? OK : E_NOT_FOUND;

    for (size_t i = 0; i < n && r == OK; i++)
        r = place_get(db, chain[i], &place[i]);
    if (r == OK)
        *ret_places = (struct places){place, n};
    return r;
}

enum result place_full_name(struct db *db, int64_t code, struct str *ret_name)
{
    struct place place, street;
    enum result r = place_get(db, code, &place);

    if (r != OK)
        return r;
    if (place.level != PLACE_COMMUNITY || place_get(db, place.parent, &street) != OK)
        *ret_name = place.name;
    else
        *ret_name = str_printf(db_arena(db), STR_FMT " " STR_FMT, STR_ARG(street.name), STR_ARG(place.name));
    return OK;
}

/* Follows the successors of what has ended. A place can be reached on several ways (split, then merged): it is named once. */
#define NOW_MAX 64

enum result place_now(struct db *db, int64_t code, struct places *ret_places)
{
    int64_t queue[NOW_MAX];
    size_t n = 1, kept = 0;
    struct place *place = arena_array(db_arena(db), struct place, NOW_MAX);
    enum result r = OK;

    queue[0] = code;
    for (size_t i = 0; i < n && r == OK; i++) {
        struct sql_place_successors_rows next;
        r = place_get(db, queue[i], &place[kept]);
        if (r != OK)
            break;
        if (!place[kept].valid_to) {
            kept++;
            continue;
        }
        r = sql_place_successors(db, queue[i], &next);
        for (size_t k = 0; r == OK && k < next.n && n < NOW_MAX; k++) {
            bool seen = false;
            for (size_t j = 0; j < n; j++)
                seen |= queue[j] == next.row[k].successor;
            if (!seen)
                queue[n++] = next.row[k].successor;
        }
    }
    if (r == OK)
        *ret_places = (struct places){place, kept};
    return r;
}

/* Everything that is reached from a code by its successors, or by what it succeeded; each once. */
static enum result reach(struct db *db, int64_t code, bool back, const int64_t **ret_codes, size_t *ret_n)
{
    int64_t *queue = arena_array(db_arena(db), int64_t, NOW_MAX);
    size_t n = 1;

    queue[0] = code;
    for (size_t i = 0; i < n; i++) {
        struct sql_place_successors_rows next = {NULL, 0};
        struct sql_place_predecessors_rows last = {NULL, 0};
        enum result r = back ? sql_place_predecessors(db, queue[i], &last) : sql_place_successors(db, queue[i], &next);

        if (r != OK)
            return r;
        for (size_t k = 0; k < (back ? last.n : next.n) && n < NOW_MAX; k++) {
            int64_t found = back ? last.row[k].code : next.row[k].successor;
            bool seen = false;

            for (size_t j = 0; j < n; j++)
                seen |= queue[j] == found;
            if (!seen)
                queue[n++] = found;
        }
    }
    *ret_codes = queue + 1;
    *ret_n = n - 1;
    return OK;
}

enum result place_after(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n)
{
    return reach(db, code, false, ret_codes, ret_n);
}

enum result place_before(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n)
{
    return reach(db, code, true, ret_codes, ret_n);
}

enum result place_heir(struct db *db, int64_t code, int64_t *ret_code)
{
    struct place place;
    struct places now;
    enum result r = place_get(db, code, &place);

    *ret_code = code;
    if (r != OK || place.valid_to == 0)
        return r == E_NOT_FOUND ? OK : r;
    r = place_now(db, code, &now);
    if (r == OK && now.n)
        *ret_code = now.place[0].code;
    return r;
}

enum result place_stands_for(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n)
{
    const int64_t *before;
    int64_t *kept, heir;
    size_t n;
    enum result r = place_before(db, code, &before, &n);

    if (r != OK)
        return r;
    kept = arena_array(db_arena(db), int64_t, n ? n : 1);
    *ret_codes = kept;
    *ret_n = 0;
    for (size_t i = 0; r == OK && i < n; i++) {
        r = place_heir(db, before[i], &heir);
        if (r == OK && heir == code)
            kept[(*ret_n)++] = before[i];
    }
    return r;
}

enum result place_came_of_others(struct db *db, const struct place *place, int64_t *ret_at)
{
    struct sql_place_predecessors_rows last;
    enum result r = sql_place_predecessors(db, place->code, &last);

    *ret_at = 0;
    for (size_t i = 0; r == OK && i < last.n; i++)
        if (last.row[i].since == place->valid_from)
            *ret_at = place->valid_from;
    return r;
}

enum result place_follow(struct db *db, int64_t code, int64_t id, place_getter *get, void *ret, int64_t *ret_code)
{
    const int64_t *after;
    size_t n;
    enum result r = place_after(db, code, &after, &n);

    if (r != OK)
        return r;
    r = E_NOT_FOUND;
    for (size_t i = 0; r == E_NOT_FOUND && i < n; i++) {
        r = get(db, after[i], id, ret);
        if (r == OK)
            *ret_code = after[i];
    }
    return r;
}

enum result place_search(struct db *db, struct str words, int64_t limit, struct places *ret_places)
{
    struct sql_place_search_rows rows;
    struct buf like;
    enum result r;

    buf_init(&like, db_arena(db), words.len * 2 + 1, words.len * 2 + 1);
    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] == '%' || words.ptr[i] == '_' || words.ptr[i] == '\\')
            buf_putc(&like, '\\');
        buf_putc(&like, words.ptr[i]);
    }
    r = sql_place_search(db, buf_str(&like), limit, &rows);
    if (r != OK)
        return r;
    ret_places->place = arena_array(db_arena(db), struct place, rows.n);
    ret_places->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret_places->place[i] = PLACE_OF(rows.row[i]);
    return OK;
}

enum result place_count(struct db *db, enum place_level level, int64_t *ret_n)
{
    struct sql_place_count row;
    enum result r = sql_place_count(db, level, &row);

    if (r == OK)
        *ret_n = row.n;
    return r;
}

/* ---- changes ------------------------------------------------------------------------------------------------------------- */

static enum result tell(struct db *db, int64_t ledger_of, struct str verb, int64_t code, int64_t at, int64_t actor,
                        struct str detail)
{
    struct ledger_event e = {.community = ledger_of ? ledger_of : code,
                             .at = at,
                             .actor = actor,
                             .verb = verb,
                             .subject_kind = STR("place"),
                             .subject = code,
                             .detail = detail};

    return ledger_append(db, &e);
}

enum result place_found(struct db *db, int64_t code, struct str name, int64_t at, int64_t actor)
{
    enum place_level level = place_level_of(code);
    int64_t parent = place_parent(code), added;
    struct place above;
    enum result r;

    if (level == PLACE_NONE || !name.len || str_utf8_count(name) > 100)
        return E_INVALID;
    if (parent) {
        r = place_get(db, parent, &above);
        if (r == E_NOT_FOUND || (r == OK && above.valid_to))
            return E_INVALID;
        if (r != OK)
            return r;
    }
    r = sql_place_put(db, code, level, parent, name, at, &added);
    if (r != OK)
        return r;
    return added ? tell(db, parent, STR("founded"), code, at, actor, STR_NONE) : E_CONFLICT;
}

enum result place_rename(struct db *db, int64_t code, struct str name, int64_t at, int64_t actor)
{
    struct place place;
    int64_t changed;
    enum result r = place_get(db, code, &place);

    if (r != OK)
        return r;
    if (!name.len || str_utf8_count(name) > 100)
        return E_INVALID;
    r = sql_place_rename(db, code, name, &changed);
    return r == OK && changed ? tell(db, place.parent, STR("renamed"), code, at, actor, STR_NONE) : r;
}

enum result place_carry(struct db *db, int64_t from, int64_t to, int64_t of, const struct place_part *part, size_t n)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++) {
        r = part[i].move(db, from, to, of);
        if (r == OK)
            r = part[i].moved(db, from, of);
    }
    return r;
}

static bool stands_in(const struct place_change *c, int64_t code)
{
    for (size_t i = 0; i < c->n_to; i++)
        if (c->to[i].code == code)
            return true;
    return false;
}

/* All that hangs below the estate goes with it. The rows in the old community stay, with their end. */
static enum result move_estate(struct db *db, int64_t from, int64_t to, const struct sql_estate_list *estate,
                               struct str name_key, int64_t at)
{
    struct sql_estate_by_name same;
    int64_t n;
    enum result r = sql_estate_by_name(db, to, name_key, &same);

    if (r != E_NOT_FOUND)
        return r == OK ? E_CONFLICT : r;
    r = sql_estate_copy(db, from, estate->id, to, at);
    if (r == OK)
        r = sql_estate_end(db, from, estate->id, at, &n);
    if (r == OK)
        r = sql_building_end(db, from, estate->id, at, &n);
    if (r == OK)
        r = sql_building_copy(db, from, estate->id, to, at);
    if (r == OK)
        r = sql_dwelling_end(db, from, estate->id, at, &n);
    if (r == OK)
        r = sql_dwelling_copy(db, from, estate->id, to, at);
    if (r == OK)
        r = sql_estate_code_move(db, from, estate->id, to, &n);
    for (size_t i = 0; i < n_movers && r == OK; i++)
        if (movers[i]->move)
            r = movers[i]->move(db, from, to, estate->id, at);
    return r;
}

static enum result leave(struct db *db, const struct place_change *c, int64_t from, struct str detail)
{
    struct sql_estate_list_rows estates;
    bool stays = stands_in(c, from);
    int64_t n;
    enum result r = OK;

    for (size_t i = 0; i < c->n_to && r == OK; i++)
        if (c->to[i].code != from)
            r = sql_place_successor_put(db, from, c->to[i].code, c->at);
    if (r == OK)
        r = sql_estate_list(db, from, &estates);
    for (size_t i = 0; r == OK && i < estates.n; i++) {
        int64_t to = stays ? from : c->to[0].code;
        for (size_t k = 0; k < c->n_moves; k++)
            if (c->move[k].estate == estates.row[i].id)
                to = c->move[k].to;
        if (to != from)
            r = move_estate(db, from, to, &estates.row[i], place_estate_key(db_arena(db), estates.row[i].name), c->at);
    }
    for (size_t i = 0; i < c->n_to && r == OK; i++)
        if (c->to[i].code != from)
            r = sql_organisation_serve_copy(db, from, c->to[i].code, &n);
    if (r == OK && !stays)
        r = sql_organisation_move(db, from, c->to[0].code, &n);
    if (r == OK && !stays) {
        r = sql_place_end(db, from, c->at, &n);
        if (r == OK && n != 1)
            r = E_CONFLICT;
    }
    for (size_t i = 0; i < n_movers && r == OK; i++)
        if (movers[i]->settle)
            r = movers[i]->settle(db, from, stays ? 0 : c->to[0].code, c->at);
    return r == OK ? tell(db, place_parent(from), STR("succeeded"), from, c->at, c->actor, detail) : r;
}

enum result place_succeed(struct db *db, const struct place_change *c)
{
    struct place place;
    struct buf detail;
    enum result r = OK;

    if (!c->n_from || !c->n_to || (c->n_from > 1 && c->n_to > 1) || c->n_from > 32 || c->n_to > 32)
        return E_INVALID;
    for (size_t i = 0; i < c->n_from; i++) {
        if (place_level_of(c->from[i]) != PLACE_COMMUNITY)
            return E_INVALID;
        for (size_t k = 0; k < i; k++)
            if (c->from[k] == c->from[i])
                return E_INVALID;
        r = place_get(db, c->from[i], &place);
        if (r != OK)
            return r;
        if (place.valid_to)
            return E_CONFLICT;
    }
    for (size_t i = 0; i < c->n_to; i++) {
        if (place_level_of(c->to[i].code) != PLACE_COMMUNITY)
            return E_INVALID;
        for (size_t k = 0; k < i; k++)
            if (c->to[k].code == c->to[i].code)
                return E_INVALID;
    }
    if (c->n_from == 1 && c->n_to == 1 && c->from[0] == c->to[0].code)
        return E_INVALID;
    for (size_t i = 0; i < c->n_moves; i++)
        if (!stands_in(c, c->move[i].to))
            return E_INVALID;

    buf_init(&detail, db_arena(db), 64, 2000);
    buf_put(&detail, STR("{\"to\":["));
    for (size_t i = 0; i < c->n_to && r == OK; i++) {
        if (c->to[i].name.len) {
            r = place_found(db, c->to[i].code, c->to[i].name, c->at, c->actor);
        } else {
            r = place_get(db, c->to[i].code, &place);
            if (r == OK && place.valid_to)
                r = E_CONFLICT;
        }
        buf_printf(&detail, "%s%lld", i ? "," : "", (long long)c->to[i].code);
    }
    buf_put(&detail, STR("]}"));
    for (size_t i = 0; i < c->n_from && r == OK; i++)
        r = leave(db, c, c->from[i], buf_str(&detail));
    return r;
}
