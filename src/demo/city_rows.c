/* city_rows.c: everything that belongs to a place of the district, read once, and what of it becomes another number in another place. */
#include "demo/city_private.h"

#include "civic/place/place.h"
#include "civic/search/search.h"
#include "engine/page/page.h"

/* Tables that are not spread by community: how their rows belong to somebody. Every table must be here, or be spread. */
enum belongs { ONCE, BY_PLACE, BY_COMMUNITY, BY_ORGANISATION, BY_PERSON, BY_PERSON_THERE, WITH_PERSON, NOT_TAKEN };
static const struct {
    const char *table;
    enum belongs how;
} others[] = {
    {"place", ONCE},
    {"place_successor", ONCE},
    {"holiday", ONCE},
    {"holiday_year", ONCE},
    {"report_category", ONCE},
    {"report_category_version", NOT_TAKEN},
    {"board", ONCE},
    {"board_place", ONCE},
    {"organisation", BY_PLACE},
    {"officer", BY_PLACE},
    {"estate_code", BY_COMMUNITY},
    {"post", BY_ORGANISATION},
    {"organisation_service", BY_ORGANISATION},
    {"person", BY_PERSON},
    {"person_login", BY_PERSON},
    {"person_residence", BY_PERSON},
    {"consent", BY_PERSON},
    {"notify_choice", BY_PERSON},
    {"notify_topic", BY_PERSON},
    {"notify_off", BY_PERSON},
    {"notify_sent", BY_PERSON},
    {"board_seen", BY_PERSON},
    {"notification", BY_PERSON_THERE},
    {"notify_away", BY_PERSON_THERE},
    {"party_person", BY_PERSON_THERE},
    {"person_phone", WITH_PERSON},
    {"person_document", WITH_PERSON},
    /* Of a year there is nothing in these, or it is counted anew, or it is the server's own. */
    {"schema_version", NOT_TAKEN},
    {"session", NOT_TAKEN},
    {"session_note", NOT_TAKEN},
    {"kept_answer", NOT_TAKEN},
    {"job", NOT_TAKEN},
    {"rate_bucket", NOT_TAKEN},
    {"rate_process", NOT_TAKEN},
    {"rate_secret", NOT_TAKEN},
    {"wechat_account", NOT_TAKEN},
    {"wechat_token", NOT_TAKEN},
    {"outbox", NOT_TAKEN},
    {"first_code", NOT_TAKEN},
    {"sms_code", NOT_TAKEN},
    {"sign_in_failure", NOT_TAKEN},
    {"recovery_code", NOT_TAKEN},
    {"person_correction", NOT_TAKEN},
    {"activity_feed", NOT_TAKEN},
    {"watched_word", NOT_TAKEN},
    {"watched_version", NOT_TAKEN},
    {"counter_level", NOT_TAKEN},
    {"counter_level_minutes", NOT_TAKEN},
    {"counter_closed", NOT_TAKEN},
};

static size_t column_of(const struct db_raw *raw, struct str name)
{
    for (size_t i = 0; i < raw->columns; i++)
        if (str_eq(raw->name[i], name))
            return i;
    return SIZE_MAX;
}

/* ---- cells -------------------------------------------------------------------------------------------------------------------------- */

enum cell city_cell(const struct city *c, const struct leaf *leaf, int64_t n)
{
    if (n >= c->first && n < c->last) {
        int64_t owner = city_owner(c, n);

        if (owner == 0)
            return CELL_ID; /* of whatever is copied */
        for (int i = OWN; i < LEVELS; i++)
            if (owner == leaf->code[i])
                return (enum cell)(CELL_ID + i);
        return CELL_AS_IT_IS;
    }
    for (int i = OWN; i < LEVELS; i++)
        if (n && n == leaf->code[i])
            return (enum cell)(CELL_CODE + i);
    return CELL_AS_IT_IS;
}

static bool has_numbers(struct str s)
{
    size_t run = 0;

    for (size_t i = 0; i < s.len; i++) {
        run = s.ptr[i] >= '0' && s.ptr[i] <= '9' ? run + 1 : 0;
        if (run == 12)
            return true;
    }
    return false;
}

static void look_at_cells(const struct city *c, const struct leaf *leaf, struct rows *rows)
{
    size_t cells = rows->raw.n * rows->raw.columns;

    rows->cell = arena_array(c->leaf_arena, uint8_t, cells + 1);
    for (size_t i = 0; i < cells; i++) {
        const struct db_cell *v = &rows->raw.value[i];
        rows->cell[i] = v->type == DB_INT  ? (uint8_t)city_cell(c, leaf, v->n)
                      : v->type == DB_TEXT ? (has_numbers(v->s) ? CELL_TEXT : CELL_AS_IT_IS)
                                           : CELL_AS_IT_IS;
    }
}

static struct str columns_of(struct arena *a, const struct db_raw *raw)
{
    struct str s = STR_NONE;

    for (size_t i = 0; i < raw->columns; i++)
        s = str_printf(a, STR_FMT "%s\"" STR_FMT "\"", STR_ARG(s), i ? "," : "", STR_ARG(raw->name[i]));
    return s;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------------- */

static void keep(struct city *c, struct leaf *leaf, const struct db_raw *raw)
{
    struct arena *a = c->leaf_arena;
    struct str *columns = arena_new(a, struct str);

    if (raw->n == 0)
        return;
    if (leaf->n == leaf->room) {
        struct rows *more = arena_array(a, struct rows, leaf->room * 2);
        memcpy(more, leaf->rows, leaf->n * sizeof(*more));
        leaf->rows = more;
        leaf->room *= 2;
    }
    *columns = columns_of(a, raw);
    leaf->rows[leaf->n] = (struct rows){.raw = *raw, .columns = columns};
    look_at_cells(c, leaf, &leaf->rows[leaf->n++]);
}

/* Of many keys at once; `there`: only rows of this community, or of none where the person is of the place. */
static enum result read_many(struct city *c, struct leaf *leaf, const char *table, const char *column,
                             const int64_t *key, size_t keys, size_t own, bool there)
{
    struct db_raw *part = arena_array(c->leaf_arena, struct db_raw, keys + 1), all;
    size_t n = 0, at = 0;

    for (size_t i = 0; i < keys; i++) {
        size_t kept = 0, community;
        enum result r = db_source_rows(c->source, c->leaf_arena, str_from_cstr(table), str_from_cstr(column), key[i],
                                       &part[i]);

        if (r != OK)
            return r;
        community = there ? column_of(&part[i], STR("community")) : SIZE_MAX;
        for (size_t k = 0; there && k < part[i].n; k++) {
            const struct db_cell *row = &part[i].value[k * part[i].columns];
            if (row[community].n == leaf->code[OWN] || (row[community].n == 0 && i < own))
                memmove(&part[i].value[kept++ * part[i].columns], row, part[i].columns * sizeof(*row));
        }
        part[i].n = there ? kept : part[i].n;
        n += part[i].n;
    }
    if (n == 0)
        return OK;
    all = part[0];
    all.value = arena_array(c->leaf_arena, struct db_cell, n * all.columns);
    for (size_t i = 0; i < keys; i++) {
        memcpy(&all.value[at * all.columns], part[i].value, part[i].n * all.columns * sizeof(*all.value));
        at += part[i].n;
    }
    all.n = n;
    keep(c, leaf, &all);
    return OK;
}

struct numbers {
    int64_t *of;
    size_t n;
};

static void add_column(struct arena *a, struct numbers *to, const struct db_raw *raw, struct str column)
{
    size_t at = column_of(raw, column);
    int64_t *more = arena_array(a, int64_t, to->n + raw->n + 1);

    if (to->n)
        memcpy(more, to->of, to->n * sizeof(*more));
    to->of = more;
    for (size_t i = 0; i < raw->n; i++)
        to->of[to->n++] = raw->value[i * raw->columns + at].n;
}

/* Whoever works for organisations of a place. */
static enum result staff_of_place(struct city *c, int64_t place, struct numbers *organisations, struct numbers *people)
{
    struct db_raw raw;
    enum result r = db_source_rows(c->source, c->leaf_arena, STR("organisation"), STR("place"), place, &raw);

    if (r == OK)
        add_column(c->leaf_arena, organisations, &raw, STR("id"));
    for (size_t i = 0; r == OK && i < organisations->n; i++) {
        r = db_source_rows(c->source, c->leaf_arena, STR("post"), STR("organisation"), organisations->of[i], &raw);
        if (r == OK)
            add_column(c->leaf_arena, people, &raw, STR("person"));
    }
    return r;
}

static enum result read_others(struct city *c, struct leaf *leaf)
{
    struct numbers organisations = {0}, people = {0}, above;
    struct db_raw raw;
    enum result r = staff_of_place(c, leaf->code[OWN], &organisations, &people);

    if (r == OK)
        r = db_source_rows(c->source, c->leaf_arena, STR("residence"), STR("community"), leaf->code[OWN], &raw);
    if (r != OK)
        return r;
    add_column(c->leaf_arena, &people, &raw, STR("person"));
    above = people; /* the place's own first */
    for (int i = OF_STREET; r == OK && i < LEVELS; i++)
        if (leaf->code[i] && leaf->code[i] != leaf->code[OWN]) {
            struct numbers there = {0};

            r = staff_of_place(c, leaf->code[i], &there, &above);
        }
    for (size_t i = 0; r == OK && i < sizeof(others) / sizeof(others[0]); i++) {
        const char *table = others[i].table;

        switch (others[i].how) {
        case BY_PLACE:
        case BY_COMMUNITY:
            r = read_many(c, leaf, table, others[i].how == BY_PLACE ? "place" : "community", leaf->code, 1, 1, false);
            break;
        case BY_ORGANISATION:
            r = read_many(c, leaf, table, "organisation", organisations.of, organisations.n, 0, false);
            break;
        case BY_PERSON:
            r = read_many(c, leaf, table, strcmp(table, "person") == 0 ? "id" : "person", people.of, people.n, 0,
                          false);
            break;
        case BY_PERSON_THERE: r = read_many(c, leaf, table, "person", above.of, above.n, people.n, true); break;
        case ONCE:
        case WITH_PERSON:
        case NOT_TAKEN: break;
        }
    }
    return r;
}

/* ---- what the ledger has hashes of --------------------------------------------------------------------------------------------------- */

static const char *const worded[] = {"body",        "task",      "words", "reason", "note",
                                     "rating_text", "done_text", "title", "name"}; /* of a branch of the Party */

static bool has(const struct leaf *leaf, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(leaf->text[i], text))
            return true;
    return false;
}

static void gather_texts(struct city *c, struct leaf *leaf)
{
    enum { MOST = 2048 };
    struct str *known = arena_array(c->leaf_arena, struct str, MOST);
    size_t n = 0;

    leaf->text = known;
    known[n++] = text(
        LANG_ZH_CN,
        T_party_consent_text); /* of whoever shows that they are in the Party: kept as they were read, in no table */
    for (size_t t = 0; t < leaf->n; t++)
        for (size_t w = 0; w < sizeof(worded) / sizeof(worded[0]); w++) {
            const struct db_raw *raw = &leaf->rows[t].raw;
            size_t at = column_of(raw, str_from_cstr(worded[w]));
            struct str before = STR_NONE;

            for (size_t i = 0; at != SIZE_MAX && i < raw->n && n < MOST; i++) {
                const struct db_cell *v = &raw->value[i * raw->columns + at];

                if (v->type == DB_TEXT && v->s.len && !str_eq(v->s, before) && !has(leaf, n, v->s))
                    known[n++] = v->s;
                before = v->s;
            }
        }
    leaf->texts = n;
}

/* The one whose hash it is, with that salt; the last ones that were found are looked at first. -1: none. */
static int32_t text_of(struct city *c, const struct leaf *leaf, int32_t *recent, int64_t salt, struct str hash)
{
    for (size_t k = 0; k < leaf->texts; k++) {
        int32_t found = recent[k];

        if (!str_eq(ledger_text_hash(c->scratch, salt, leaf->text[found]), hash))
            continue;
        memmove(recent + 1, recent, k * sizeof(*recent));
        recent[0] = found;
        return found;
    }
    return -1;
}

static enum result find_words(struct city *c, struct leaf *leaf, struct rows *ledger)
{
    const struct db_raw *raw = &ledger->raw;
    size_t id = column_of(raw, STR("id")), hash = column_of(raw, STR("text_hash")),
           kind = column_of(raw, STR("subject_kind"));
    int32_t *recent = arena_array(c->leaf_arena, int32_t, leaf->texts + 1);

    ledger->words = arena_array(c->leaf_arena, int32_t, raw->n + 1);
    ledger->before = arena_array(c->leaf_arena, bool, raw->n + 1);
    for (size_t i = 0; i < leaf->texts; i++)
        recent[i] = (int32_t)i;
    for (size_t i = 0; i < raw->n; i++) {
        const struct db_cell *row = &raw->value[i * raw->columns];
        bool first = str_eq(row[kind].s, STR("report")) || str_eq(row[kind].s, STR("work_order"));

        ledger->words[i] = -1;
        for (int n = 0; n < 2 && row[hash].s.len && ledger->words[i] < 0; n++) {
            ledger->before[i] = n == 0 ? first : !first;
            ledger->words[i] = text_of(c, leaf, recent, ledger->before[i] ? city_before(row[id].n) : row[id].n,
                                       row[hash].s);
        }
        if (row[hash].s.len && ledger->words[i] < 0) {
            *c->why = str_printf(c->a, "event %lld of %lld has a hash of words that are not there",
                                 (long long)row[id].n, (long long)leaf->code[OWN]);
            return E_INVALID;
        }
        if (i % 1000 == 999)
            arena_reset(c->scratch);
    }
    arena_reset(c->scratch);
    return OK;
}

/* What would be worked out anew for every copy is worked out once. */
static enum result prepare(struct city *c, struct leaf *leaf)
{
    struct arena *a = c->leaf_arena;
    enum result r = OK;

    gather_texts(c, leaf);
    for (size_t t = 0; r == OK && t < leaf->n; t++) {
        struct rows *rows = &leaf->rows[t];
        const struct db_raw *raw = &rows->raw;

        if (str_eq(raw->table, STR("ledger")))
            r = find_words(c, leaf, rows);
        if (str_eq(raw->table, STR("search_entry"))) {
            size_t title = column_of(raw, STR("title")), text = column_of(raw, STR("text"));

            rows->tokens = arena_array(a, struct str, raw->n);
            for (size_t i = 0; i < raw->n; i++)
                rows->tokens[i] = search_index_tokens(a, raw->value[i * raw->columns + title].s,
                                                      raw->value[i * raw->columns + text].s);
        }
        if (!str_eq(raw->table, STR("person")))
            continue;
        rows->plain = arena_array(a, struct person_plain, raw->n);
        for (size_t i = 0; r == OK && i < raw->n; i++) {
            const struct db_cell *row = &raw->value[i * raw->columns];
            const struct person_sealed sealed = {row[column_of(raw, STR("name_sealed"))].s,
                                                 row[column_of(raw, STR("document_sealed"))].s,
                                                 row[column_of(raw, STR("phone_sealed"))].s};

            r = person_sealed_open(c->o->keys, a, row[column_of(raw, STR("id"))].n, &sealed, &rows->plain[i]);
        }
    }
    return r;
}

static bool known(struct str table)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (str_eq(table, str_from_cstr(others[i].table)))
            return true;
    return false;
}

static void begin(struct city *c, struct leaf *leaf)
{
    arena_reset(c->leaf_arena);
    leaf->n = leaf->texts = 0;
    leaf->room = 64;
    leaf->rows = arena_array(c->leaf_arena, struct rows, leaf->room);
}

enum result city_read(struct city *c, int64_t place, struct leaf *ret)
{
    struct db_table table;
    enum result r = OK;

    *ret = (struct leaf){.code = {place, 0, 0}};
    begin(c, ret);
    if (place_level_of(place) == PLACE_COMMUNITY)
        ret->code[OF_STREET] = city_street(place);
    if (place_level_of(place) == PLACE_COMMUNITY || place_level_of(place) == PLACE_STREET)
        ret->code[OF_DISTRICT] = city_district(place);
    for (size_t i = 0; r == OK && db_table_at(i, &table); i++) {
        struct db_raw raw;

        if (!table.by_community || str_eq(table.name, STR("search_index")))
            continue;
        r = db_source_rows(c->source, c->leaf_arena, table.name, STR("community"), place, &raw);
        if (r == OK)
            keep(c, ret, &raw);
        else
            *c->why = str_printf(c->a, "table " STR_FMT " cannot be read", STR_ARG(table.name));
    }
    if (r == OK)
        r = read_others(c, ret);
    return r == OK ? prepare(c, ret) : r;
}

enum result city_read_once(struct city *c, struct leaf *ret)
{
    struct db_table table;
    enum result r = OK;

    *ret = (struct leaf){.code = {0, 0, 0}};
    begin(c, ret);
    for (size_t i = 0; r == OK && db_table_at(i, &table); i++)
        if (!table.by_community && !known(table.name)) {
            *c->why = str_printf(c->a, "nobody has said how the rows of " STR_FMT " belong to a place",
                                 STR_ARG(table.name));
            r = E_INVALID;
        }
    for (size_t i = 0; r == OK && i < sizeof(others) / sizeof(others[0]); i++) {
        struct db_raw raw;

        if (others[i].how != ONCE)
            continue;
        r = db_source_rows(c->source, c->leaf_arena, str_from_cstr(others[i].table), STR_NONE, 0, &raw);
        if (r == OK)
            keep(c, ret, &raw);
    }
    return r;
}
