/* placement.c: where each table lies when the database is spread over several machines, and whether its keys allow that.
 *
 * schema/distribution.txt names the tables that do not follow the rule "by the community that its primary key begins with". Citus refuses a
 * table whose primary or unique keys leave the distribution column out, and a foreign key between tables that do not lie together; so does this. */
#include "statements/statements.h"

enum { MAX_KEY = 16 };

struct key {
    struct str table, file, other; /* other: the table that a foreign key names */
    const char *what;
    struct str column[MAX_KEY];
    size_t n;
};

struct reading {
    struct arena *a;
    struct complaints *c;
    struct placements *to;
    struct key *key;
    size_t n_keys, room_keys;
    struct str file;
};

const struct placement *placement_find(const struct placements *p, struct str table)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq_ci(p->v[i].table, table))
            return &p->v[i];
    return NULL;
}

size_t close_of(struct tokens t, size_t open)
{
    size_t depth = 0;

    for (size_t i = open; i < t.n; i++) {
        if (token_is(t.v[i], "("))
            depth++;
        else if (token_is(t.v[i], ")") && --depth == 0)
            return i;
    }
    return t.n;
}

/* ---- CREATE TABLE, CREATE UNIQUE INDEX, ALTER TABLE ADD */

static struct placement *add_table(struct reading *r, struct str name)
{
    struct placements *p = r->to;

    if (p->n == p->room) {
        struct placement *more = arena_array(r->a, struct placement, p->room = p->room ? p->room * 2 : 64);
        if (p->n)
            memcpy(more, p->v, p->n * sizeof(*more));
        p->v = more;
    }
    p->v[p->n] = (struct placement){.table = name};
    return &p->v[p->n++];
}

static void add_column(struct reading *r, struct placement *t, struct str name)
{
    struct str *more = arena_array(r->a, struct str, t->n_columns + 1);

    if (t->n_columns)
        memcpy(more, t->columns, t->n_columns * sizeof(*more));
    more[t->n_columns++] = name;
    t->columns = more;
}

static struct key *add_key(struct reading *r, struct str table, const char *what)
{
    if (r->n_keys == r->room_keys) {
        struct key *more = arena_array(r->a, struct key, r->room_keys = r->room_keys ? r->room_keys * 2 : 64);
        if (r->n_keys)
            memcpy(more, r->key, r->n_keys * sizeof(*more));
        r->key = more;
    }
    r->key[r->n_keys] = (struct key){.table = table, .file = r->file, .what = what};
    return &r->key[r->n_keys++];
}

/* The words of "(a, b)"; what is no plain column is left out, and so is found to be missing. */
static void key_columns(struct key *k, struct tokens t, size_t open)
{
    size_t end = close_of(t, open);

    for (size_t i = open + 1; i < end && k->n < MAX_KEY; i++)
        if (t.v[i].kind == TOKEN_WORD && (token_is(t.v[i - 1], "(") || token_is(t.v[i - 1], ",")))
            k->column[k->n++] = t.v[i].text;
}

static void read_item(struct reading *r, struct placement *table, struct tokens t)
{
    struct str column = STR_NONE;
    size_t i = 0;

    if (t.n == 0)
        return;
    if (token_is(t.v[0], "CONSTRAINT"))
        i = 2;
    else if (!token_is(t.v[0], "PRIMARY") && !token_is(t.v[0], "UNIQUE") && !token_is(t.v[0], "FOREIGN") &&
             !token_is(t.v[0], "CHECK") && !token_is(t.v[0], "EXCLUDE")) {
        column = t.v[0].text;
        add_column(r, table, column);
        i = 1;
    }
    for (; i < t.n; i++) {
        struct key *k = NULL;
        if (token_is(t.v[i], "PRIMARY"))
            k = add_key(r, table->table, "primary key");
        else if (token_is(t.v[i], "UNIQUE"))
            k = add_key(r, table->table, "unique key");
        else if (token_is(t.v[i], "EXCLUDE"))
            complain(r->c, r->file, 0, table->table, "an EXCLUDE constraint does not work across machines");
        else if (token_is(t.v[i], "FOREIGN") || (column.len && token_is(t.v[i], "REFERENCES")))
            k = add_key(r, table->table, "foreign key");
        if (!k)
            continue;
        if (column.len) {
            k->column[k->n++] = column;
        } else {
            while (i < t.n && !token_is(t.v[i], "("))
                i++;
            key_columns(k, t, i);
            if (strcmp(k->what, "primary key") == 0 && k->n)
                table->first_of_key = k->column[0];
            i = close_of(t, i);
        }
        for (size_t j = i; j + 1 < t.n; j++)
            if (token_is(t.v[j], "REFERENCES"))
                k->other = t.v[j + 1].text;
        if (column.len && strcmp(k->what, "primary key") == 0)
            table->first_of_key = column;
    }
}

static void read_statement(struct reading *r, struct tokens t)
{
    if (t.n > 4 && token_is(t.v[0], "CREATE") && token_is(t.v[1], "TABLE")) {
        struct placement *table = add_table(r, t.v[2].text);
        size_t end = close_of(t, 3), from = 4, depth = 0;

        for (size_t i = 4; i <= end && i < t.n; i++) {
            depth += token_is(t.v[i], "(");
            if (i == end || (depth == 0 && token_is(t.v[i], ","))) {
                read_item(r, table, (struct tokens){t.v + from, i - from});
                from = i + 1;
            }
            depth -= token_is(t.v[i], ")") && depth > 0;
        }
    } else if (t.n > 6 && token_is(t.v[0], "CREATE") && token_is(t.v[1], "UNIQUE")) {
        struct key *k = add_key(r, t.v[5].text, "unique index");
        size_t open = 6;

        while (open < t.n && !token_is(t.v[open], "("))
            open++;
        key_columns(k, t, open);
    } else if (t.n > 5 && token_is(t.v[0], "ALTER") && token_is(t.v[1], "TABLE") && token_is(t.v[3], "ADD")) {
        size_t skip = token_is(t.v[4], "COLUMN") ? 5 : 4;
        for (size_t i = 0; i < r->to->n; i++)
            if (str_eq_ci(r->to->v[i].table, t.v[2].text))
                read_item(r, &r->to->v[i], (struct tokens){t.v + skip, t.n - skip});
    } else if (t.n > 2 && token_is(t.v[0], "DROP") && token_is(t.v[1], "TABLE")) {
        for (size_t i = 0; i < r->to->n; i++)
            if (str_eq_ci(r->to->v[i].table, t.v[2].text))
                r->to->v[i] = r->to->v[--r->to->n];
    }
}

/* ---- the file */

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    *word = STR_NONE;
    if (rest->len == 0)
        return false;
    str_cut(rest, ' ', word);
    return true;
}

static void read_line(struct reading *r, struct str line, int number)
{
    static const struct str file = {"schema/distribution.txt", 23};
    struct str rest = line, name, kind, column, mate = STR_NONE;
    struct placement *p = NULL;

    if (!next_word(&rest, &name) || name.ptr[0] == '#')
        return;
    for (size_t i = 0; i < r->to->n; i++)
        if (str_eq(r->to->v[i].table, name))
            p = &r->to->v[i];
    if (!p) {
        complain(r->c, file, number, name, "there is no such table");
        return;
    }
    if (p->line)
        complain(r->c, file, number, name, "is here twice");
    p->line = number;
    next_word(&rest, &kind);
    if (str_eq(kind, STR("everywhere"))) {
        p->kind = PLACED_EVERYWHERE;
    } else if (str_eq(kind, STR("one"))) {
        p->kind = PLACED_ONE;
    } else if (str_eq(kind, STR("by")) && next_word(&rest, &column)) {
        p->kind = PLACED_BY;
        p->column = column;
        if (str_starts(rest, STR("with "))) {
            next_word(&rest, &kind);
            next_word(&rest, &mate);
        }
        p->group = mate.len ? mate : p->table;
    } else {
        complain(r->c, file, number, name, "write: TABLE everywhere|one|by COLUMN [with TABLE]  why");
    }
    p->reason = str_trim(rest);
    if (!p->reason.len)
        complain(r->c, file, number, name, "says no reason");
}

/* ---- the rules */

static bool has_column(const struct key *k, struct str column)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq_ci(k->column[i], column))
            return true;
    return false;
}

static void check_key(struct reading *r, const struct key *k)
{
    const struct placement *t = placement_find(r->to, k->table), *other = placement_find(r->to, k->other);

    if (!t)
        return;
    if (k->other.len == 0) {
        if (t->kind == PLACED_BY && !has_column(k, t->column))
            complain(r->c, k->file, 0, t->table, "its %s leaves out " STR_FMT ", by which the table is distributed",
                     k->what, STR_ARG(t->column));
        return;
    }
    if (!other || other->kind == PLACED_EVERYWHERE)
        return; /* everybody may point at what is everywhere */
    if (t->kind != other->kind ||
        (t->kind == PLACED_BY && (!str_eq(t->group, other->group) || !has_column(k, t->column))))
        complain(r->c, k->file, 0, t->table,
                 "its foreign key to " STR_FMT
                 " would cross machines: both must be distributed alike, and the key has to name the column",
                 STR_ARG(other->table));
}

void placements_read(struct arena *a, struct complaints *c, const struct schema_file *schema, size_t n, struct str text,
                     struct placements *ret)
{
    struct reading r = {.a = a, .c = c, .to = ret};
    struct str line;

    *ret = (struct placements){NULL, 0, 0};
    for (size_t i = 0; i < n; i++) {
        struct tokens t = tokens_of(a, schema[i].postgres);
        size_t from = 0;
        r.file = schema[i].name;
        for (size_t k = 0; k <= t.n; k++)
            if (k == t.n || token_is(t.v[k], ";")) {
                read_statement(&r, (struct tokens){t.v + from, k - from});
                from = k + 1;
            }
    }
    for (int number = 1; str_cut(&text, '\n', &line); number++)
        read_line(&r, line, number);
    for (size_t i = 0; i < ret->n; i++) {
        struct placement *p = &ret->v[i];
        if (p->line)
            continue;
        if (!str_eq(p->first_of_key, STR("community")))
            complain(
                c, STR("schema/distribution.txt"), 0, p->table,
                "its primary key does not begin with community: say here where it lies when the database is spread, and why");
        p->kind = PLACED_BY;
        p->column = p->group = STR("community");
    }
    for (size_t i = 0; i < r.n_keys; i++)
        check_key(&r, &r.key[i]);
}
