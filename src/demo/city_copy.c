/* city_copy.c: the rows of a place written for another one: under numbers, codes, phones and documents of its own, its ledger chained anew. */
#include "demo/city_private.h"

#include "civic/search/search.h"
#include "demo/cast.h"
#include "engine/base/ids.h"

enum { PIECE = 1 << 20, ROWS_ROOM = 256 << 20 };

/* Numbers of which people of a year have, and how far apart copies are: see year_settle.c. */
enum { RESIDENTS_APART = 400000, STAFF_APART = 5000, STREET_STAFF = 500000, STREET_STAFF_APART = 1000 };

static int64_t other_id(int64_t id, int copy)
{
    return id + ((int64_t)(copy * CITY_NODES) << 13); /* the node: ids.h */
}

static int64_t other_number(const struct target *to, uint8_t cell, int64_t n)
{
    if (cell >= CELL_CODE && cell < CELL_CODE + LEVELS)
        return to->code[cell - CELL_CODE];
    if (cell >= CELL_ID && cell < CELL_ID + LEVELS)
        return other_id(n, to->copy[cell - CELL_ID]);
    return n;
}

/* Numbers in words: addresses of pages, lists of places, what a line of the ledger is about. */
static struct str other_text(const struct city *c, const struct leaf *leaf, const struct target *to, struct str s)
{
    struct buf b;

    buf_init(&b, c->scratch, s.len + 64, s.len * 2 + 64);
    for (size_t i = 0; i < s.len;) {
        size_t end = i;
        int64_t n = 0;

        while (end < s.len && s.ptr[end] >= '0' && s.ptr[end] <= '9')
            end++;
        if (end - i >= 12 && end - i <= 18 && str_int64(str_sub(s, i, end - i), 0, INT64_MAX, &n) == OK)
            buf_int(&b, other_number(to, (uint8_t)city_cell(c, leaf, n), n));
        else
            buf_put(&b, str_sub(s, i, end > i ? end - i : 1));
        i = end > i ? end : i + 1;
    }
    return buf_str(&b);
}

static struct db_cell other_cell(const struct city *c, const struct leaf *leaf, const struct target *to, uint8_t cell,
                                 struct db_cell v)
{
    if (cell == CELL_TEXT)
        v.s = other_text(c, leaf, to, v.s);
    else if (cell != CELL_AS_IT_IS)
        v.n = other_number(to, cell, v.n);
    return v;
}

/* ---- one table at a time ----------------------------------------------------------------------------------------------------------------- */

struct out {
    struct city *c;
    const struct leaf *leaf;
    const struct target *to;
    const struct rows *rows;
    struct buf b, more, most; /* of the table; of the tables that go with it */
};

static size_t at(const struct out *o, const char *column)
{
    const struct db_raw *raw = &o->rows->raw;

    for (size_t i = 0; i < raw->columns; i++)
        if (str_eq(raw->name[i], str_from_cstr(column)))
            return i;
    return 0;
}

static enum result send(struct city *c, const char *table, const char *columns, struct buf *b)
{
    enum result r = b->len ? db_fill_rows(c->fill, str_from_cstr(table), str_from_cstr(columns), buf_str(b), c->why)
                           : OK;

    c->figures.bytes += (int64_t)b->len;
    b->len = 0;
    return r;
}

static enum result flush(struct out *o)
{
    enum result r = o->b.len
                      ? db_fill_rows(o->c->fill, o->rows->raw.table, *o->rows->columns, buf_str(&o->b), o->c->why)
                      : OK;

    o->c->figures.bytes += (int64_t)o->b.len;
    o->b.len = 0;
    return r;
}

static void put_row(struct out *o, const struct db_cell *row)
{
    for (size_t i = 0; i < o->rows->raw.columns; i++) {
        if (i)
            buf_putc(&o->b, '\t');
        db_put_cell(&o->b, &row[i]);
    }
    buf_putc(&o->b, '\n');
    o->c->figures.rows++;
}

static void put_key(struct buf *b, struct hash h, int64_t person)
{
    const struct db_cell cell = {.type = DB_BYTES, .s = hash_str(&h)};

    db_put_cell(b, &cell);
    buf_putc(b, '\t');
    buf_int(b, person);
    buf_putc(b, '\n');
}

/* Somebody else: another phone, another document, the same name. */
static void other_person(struct out *o, size_t i, struct db_cell *row)
{
    struct city *c = o->c;
    struct arena *a = c->scratch;
    struct person_plain plain = o->rows->plain[i];
    int64_t n = 0, id = row[at(o, "id")].n;
    int copy = o->to->copy[o->rows->cell[i * o->rows->raw.columns + at(o, "id")] - CELL_ID];
    bool resident = str_starts(plain.phone, STR("1990"));
    struct person_sealed sealed;

    for (size_t k = 4; k < plain.phone.len; k++)
        n = n * 10 + (plain.phone.ptr[k] - '0');
    if (plain.phone.len && copy) {
        n += (int64_t)copy * (resident ? RESIDENTS_APART : n < STREET_STAFF ? STAFF_APART : STREET_STAFF_APART);
        plain.phone = str_printf(a, "%s%07lld", resident ? "1990" : "1980", (long long)n);
        if (plain.document.len) {
            int32_t born = -9400 + (int32_t)(n % 21900);

            plain.document = demo_document(a, born, (unsigned)(n / 21900), row[at(o, "sex")].n == 1);
            row[at(o, "birth_day")].n = born;
        }
    }
    person_seal(c->o->keys, a, id, &plain, &sealed);
    row[at(o, "name_sealed")].s = sealed.name;
    row[at(o, "document_sealed")].s = sealed.document;
    row[at(o, "phone_sealed")].s = sealed.phone;
    if (plain.phone.len)
        put_key(&o->more, person_phone_key(c->o->keys, plain.phone), id);
    if (plain.document.len)
        put_key(&o->most, person_document_key(c->o->keys, plain.document), id);
}

/* The signs on an estate's poster. */
static struct str other_code(struct arena *a, struct str code, int64_t community)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    struct hash h = hash_of(str_printf(a, STR_FMT ".%lld", STR_ARG(code), (long long)community));
    char *signs = arena_array(a, char, code.len + 1);

    for (size_t i = 0; i < code.len; i++)
        signs[i] = alphabet[(unsigned char)hash_str(&h).ptr[i % 32] % (sizeof(alphabet) - 1)];
    return (struct str){signs, code.len};
}

static void put_tokens(struct out *o, size_t i, const struct db_cell *row)
{
    buf_int(&o->more, row[at(o, "community")].n);
    buf_putc(&o->more, '\t');
    buf_int(&o->more, row[at(o, "id")].n);
    buf_putc(&o->more, '\t');
    buf_int(&o->more, row[at(o, "visibility")].n);
    buf_putc(&o->more, '\t');
    db_copy_text(&o->more, row[at(o, "subject_kind")].s);
    buf_putc(&o->more, '\t');
    db_copy_text(&o->more, o->rows->tokens[i]);
    buf_putc(&o->more, '\n');
}

/* What a table needs beyond other numbers. */
enum special { PLAIN, PEOPLE, LOGINS, CODES, FOUND };
static enum special special_of(struct str table)
{
    return str_eq(table, STR("person"))       ? PEOPLE
         : str_eq(table, STR("person_login")) ? LOGINS
         : str_eq(table, STR("estate_code"))  ? CODES
         : str_eq(table, STR("search_entry")) ? FOUND
                                              : PLAIN;
}

static enum result write_table(struct out *o)
{
    const struct db_raw *raw = &o->rows->raw;
    struct db_cell *row = arena_array(o->c->scratch, struct db_cell, raw->columns);
    enum special special = special_of(raw->table);
    enum result r = OK;

    for (size_t i = 0; r == OK && i < raw->n; i++) {
        size_t cell = i * raw->columns;

        for (size_t k = 0; k < raw->columns; k++)
            row[k] = other_cell(o->c, o->leaf, o->to, o->rows->cell[cell + k], raw->value[cell + k]);
        switch (special) {
        case PLAIN: break;
        case PEOPLE: other_person(o, i, row); break;
        case LOGINS: {
            uint8_t whose = o->rows->cell[cell + at(o, "person")];
            int copy = whose >= CELL_ID && whose < CELL_ID + LEVELS ? o->to->copy[whose - CELL_ID] : 0;

            if (copy)
                row[at(o, "login")].s = str_printf(o->c->scratch, STR_FMT "c%02d", STR_ARG(row[at(o, "login")].s),
                                                   copy);
            break;
        }
        case CODES:
            if (o->to->copy[OWN])
                row[at(o, "code")].s = other_code(o->c->scratch, row[at(o, "code")].s, o->to->code[OWN]);
            break;
        case FOUND: put_tokens(o, i, row); break;
        }
        put_row(o, row);
        if (o->b.len > PIECE)
            r = flush(o);
    }
    if (r == OK)
        r = flush(o);
    if (r == OK && special == FOUND)
        r = send(o->c, "search_index", "community,id,visibility,subject_kind,tokens", &o->more);
    if (r == OK && special == PEOPLE)
        r = send(o->c, "person_phone", "phone_hash,person", &o->more);
    if (r == OK && special == PEOPLE)
        r = send(o->c, "person_document", "document_hash,person", &o->most);
    return r;
}

/* ---- the ledger: every hash is another one -------------------------------------------------------------------------------------------------- */

struct chain {
    struct ledger_chain *after; /* each row */
    size_t n;
};

static void chain_row(struct out *o, size_t i, struct db_cell *row, struct ledger_chain *link, const size_t *column)
{
    enum {
        COMMUNITY,
        SEQ,
        ID,
        AT,
        ACTOR,
        ORGANISATION,
        VERB,
        KIND,
        SUBJECT,
        BEFORE,
        AFTER,
        AMOUNT,
        DETAIL,
        TEXT,
        HASH
    };
    struct ledger_event e = {
        .community = row[column[COMMUNITY]].n,
        .seq = row[column[SEQ]].n,
        .id = row[column[ID]].n,
        .at = row[column[AT]].n,
        .actor = row[column[ACTOR]].n,
        .organisation = row[column[ORGANISATION]].n,
        .verb = row[column[VERB]].s,
        .subject_kind = row[column[KIND]].s,
        .subject = row[column[SUBJECT]].n,
        .before = row[column[BEFORE]].s,
        .after = row[column[AFTER]].s,
        .amount = row[column[AMOUNT]].n,
        .detail = row[column[DETAIL]].s,
    };

    if (o->rows->words[i] >= 0)
        row[column[TEXT]].s = ledger_text_hash(o->c->scratch, o->rows->before[i] ? city_before(e.id) : e.id,
                                               o->leaf->text[o->rows->words[i]]);
    e.text_hash = row[column[TEXT]].s;
    ledger_chain_add(link, &e);
    row[column[HASH]].s = (struct str){(const char *)link->hash, sizeof(link->hash)};
}

static enum result write_ledger(struct out *o, struct chain *ret)
{
    static const char *const names[] = {"community",    "seq",    "id",           "at",        "actor",
                                        "organisation", "verb",   "subject_kind", "subject",   "state_before",
                                        "state_after",  "amount", "detail",       "text_hash", "hash"};
    const struct db_raw *raw = &o->rows->raw;
    struct db_cell *row = arena_array(o->c->scratch, struct db_cell, raw->columns);
    struct ledger_chain link;
    size_t column[sizeof(names) / sizeof(names[0])];
    enum result r = OK;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        column[i] = at(o, names[i]);
    ledger_chain_begin(&link, o->to->code[OWN]);
    ret->after = arena_array(o->c->scratch, struct ledger_chain, raw->n);
    ret->n = raw->n;
    for (size_t i = 0; r == OK && i < raw->n; i++) {
        for (size_t k = 0; k < raw->columns; k++)
            row[k] = other_cell(o->c, o->leaf, o->to, o->rows->cell[i * raw->columns + k],
                                raw->value[i * raw->columns + k]);
        if (row[column[1]].n != (int64_t)i + 1)
            return E_INVALID;
        chain_row(o, i, row, &link, column);
        ret->after[i] = link;
        put_row(o, row);
        if (o->b.len > PIECE)
            r = flush(o);
    }
    return r == OK ? flush(o) : r;
}

/* The heads of the chain, of now and of the ends of days. */
static enum result write_heads(struct out *o, const struct chain *chain)
{
    const struct db_raw *raw = &o->rows->raw;
    struct db_cell *row = arena_array(o->c->scratch, struct db_cell, raw->columns);

    for (size_t i = 0; i < raw->n; i++) {
        for (size_t k = 0; k < raw->columns; k++)
            row[k] = other_cell(o->c, o->leaf, o->to, o->rows->cell[i * raw->columns + k],
                                raw->value[i * raw->columns + k]);
        int64_t seq = row[at(o, "seq")].n;
        if (seq < 1 || (size_t)seq > chain->n)
            return E_INVALID;
        row[at(o, "hash")].s = (struct str){(const char *)chain->after[seq - 1].hash, sizeof(chain->after[0].hash)};
        put_row(o, row);
    }
    return flush(o);
}

enum result city_write(struct city *c, const struct leaf *leaf, const struct target *to)
{
    struct out o = {.c = c, .leaf = leaf, .to = to};
    struct chain chain = {0};
    enum result r = OK;

    arena_reset(c->scratch);
    buf_init(&o.b, c->scratch, PIECE + (1 << 16), ROWS_ROOM);
    buf_init(&o.more, c->scratch, 1 << 16, ROWS_ROOM);
    buf_init(&o.most, c->scratch, 1 << 16, ROWS_ROOM);
    for (size_t t = 0; r == OK && t < leaf->n; t++) {
        o.rows = &leaf->rows[t];
        if (str_eq(o.rows->raw.table, STR("ledger")))
            r = write_ledger(&o, &chain);
    }
    for (size_t t = 0; r == OK && t < leaf->n; t++) {
        o.rows = &leaf->rows[t];
        if (str_eq(o.rows->raw.table, STR("ledger_head")) || str_eq(o.rows->raw.table, STR("ledger_day")))
            r = write_heads(&o, &chain);
        else if (!str_eq(o.rows->raw.table, STR("ledger")))
            r = write_table(&o);
    }
    return r;
}
