/* spread.c: proves that a statement is answered by the one machine where its community's rows lie.
 *
 * The statement is read as blocks: a SELECT, UPDATE, DELETE or INSERT with the tables that it names. A table is *bound* when its column of
 * distribution equals a parameter, or the column of a bound table, in what AND joins together: then every row lies on one machine. Where
 * that cannot be shown the comment has to say why ("across communities: why"); such a statement runs on all machines, and then tables of one
 * block have to be joined by their columns of distribution, and nothing may be asked for that Citus refuses across machines.
 *
 * What is not understood counts as not shown: the proof errs towards a complaint. */
#include "statements/statements.h"

enum { MAX_SOURCES = 24, MAX_EQUALITIES = 96, MAX_CTES = 16 };

struct source {
    struct str name;               /* its alias, or its table's name */
    const struct placement *table; /* NULL: a derived table or a CTE */
    struct str column, group;      /* of distribution; group empty: lies everywhere, or on one machine */
    bool one;                      /* PLACED_ONE */
    int64_t parameter;             /* bound to it; 0: not bound */
    size_t island;                 /* sources that are joined by their columns of distribution have the same */
};

struct equality {
    struct token qualifier[2], name[2]; /* name of kind TOKEN_PARAM: a parameter */
    size_t only;                        /* holds for this source alone (ON of an outer join); SIZE_MAX: for all */
};

struct block {
    const struct block *outer;
    struct source source[MAX_SOURCES];
    size_t n;
    struct equality equality[MAX_EQUALITIES];
    size_t n_equalities;
    size_t sub[MAX_SOURCES][2]; /* derived tables: they are blocks of their own, and are not looked at twice */
    size_t n_subs;
};

struct proof {
    struct arena *a;
    struct complaints *c;
    const struct placements *p;
    const struct sql_file *file;
    const struct statement *s;
    struct tokens t;
    struct source cte[MAX_CTES];
    size_t n_ctes;
    int64_t parameter;            /* the first that a table was bound to */
    const struct placement *open; /* the first table that is not bound */
    bool two;                     /* tables are bound to two parameters */
    bool said;                    /* the comment says that it goes across */
};

static struct source query(struct proof *w, size_t from, size_t to, const struct block *outer);

static void refuse(struct proof *w, const char *what)
{
    complain(w->c, w->file->file, w->s->line, w->s->name, "%s", what);
}

static bool is(const struct proof *w, size_t i, const char *word)
{
    return i < w->t.n && token_is(w->t.v[i], word);
}

static bool is_any(const struct proof *w, size_t i, const char *words)
{
    struct str rest = str_from_cstr(words), word;

    while (str_cut(&rest, ' ', &word))
        if (i < w->t.n && w->t.v[i].kind == TOKEN_WORD && str_eq_ci(w->t.v[i].text, word))
            return true;
    return false;
}

static size_t past(const struct proof *w, size_t i) /* the token behind: a parenthesis with its content is one */
{
    return is(w, i, "(") ? close_of(w->t, i) + 1 : i + 1;
}

/* The first of the words outside of parentheses; `to` when there is none. */
static size_t find(const struct proof *w, size_t from, size_t to, const char *words)
{
    for (size_t i = from; i < to; i = past(w, i))
        if (is_any(w, i, words))
            return i;
    return to;
}

static bool begins_query(const struct proof *w, size_t i)
{
    return is_any(w, i, "SELECT WITH VALUES");
}

/* ---- who is bound */

static struct source *resolve(struct block *b, const struct equality *e, int side, const struct block **ret_outer,
                              size_t *ret_at)
{
    const struct block *o = b;

    for (; o; o = o->outer)
        for (size_t i = 0; i < o->n; i++) {
            const struct source *s = &o->source[i];
            bool named = e->qualifier[side].text.len ? str_eq_ci(s->name, e->qualifier[side].text) : s->column.len > 0;
            if (!named || !str_eq_ci(s->column, e->name[side].text))
                continue;
            *ret_outer = o;
            *ret_at = i;
            return (struct source *)s;
        }
    return NULL;
}

static int64_t number_of(struct token t)
{
    int64_t n = 0;

    return t.kind == TOKEN_PARAM && str_int64(str_sub(t.text, 1, t.text.len), 1, 1000, &n) == OK ? n : 0;
}

static bool apply(struct block *b, const struct equality *e)
{
    bool changed = false;

    for (int side = 0; side < 2; side++) {
        const struct block *where, *other_where;
        size_t at, other_at;
        struct source *s = resolve(b, e, side, &where, &at);
        if (!s || where != b || (e->only != SIZE_MAX && e->only != at))
            continue;
        int64_t number = number_of(e->name[1 - side]);
        size_t island = number ? 1000 + (size_t)number : s->island;
        if (!number) {
            const struct source *other = resolve(b, e, 1 - side, &other_where, &other_at);
            if (!other || !str_eq(other->group, s->group))
                continue;
            number = other->parameter;
            island = other->island < s->island ? other->island : s->island;
            if (island != s->island || (other_where == b && island != other->island)) {
                if (other_where == b)
                    b->source[other_at].island = island;
                s->island = island;
                changed = true;
            }
        } else if (s->island < 1000) {
            size_t old = s->island;
            for (size_t i = 0; i < b->n; i++)
                if (b->source[i].island == old)
                    b->source[i].island = island;
        }
        if (number && !s->parameter) {
            s->parameter = number;
            changed = true;
        }
    }
    return changed;
}

static void solve(struct block *b)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < b->n_equalities; i++)
            changed = apply(b, &b->equality[i]) || changed;
    }
}

static bool names_outer(const struct proof *w, const struct block *b, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        if (w->t.v[i].kind != TOKEN_WORD || !is(w, i + 1, "."))
            continue;
        bool own = false;
        for (size_t k = 0; k < b->n; k++)
            own = own || str_eq_ci(b->source[k].name, w->t.v[i].text);
        for (const struct block *o = own ? NULL : b->outer; o; o = o->outer)
            for (size_t k = 0; k < o->n; k++)
                if (o->source[k].group.len && str_eq_ci(o->source[k].name, w->t.v[i].text))
                    return true;
    }
    return false;
}

static void check_block(struct proof *w, struct block *b, size_t from, size_t to)
{
    const struct source *first = NULL;
    size_t base = 0;

    solve(b);
    for (const struct block *o = b->outer; o && !first; o = o->outer)
        for (size_t i = 0; i < o->n && !first; i++)
            if (o->source[i].group.len && names_outer(w, b, from, to)) {
                first = &o->source[i];
                base = first->island;
            }
    for (size_t i = 0; i < b->n; i++) {
        const struct source *s = &b->source[i];
        if (s->one)
            for (size_t k = 0; k < b->n; k++)
                if (b->source[k].group.len)
                    complain(w->c, w->file->file, w->s->line, w->s->name,
                             "joins " STR_FMT ", which is on one machine, with rows that are spread", STR_ARG(s->name));
        if (!s->group.len)
            continue;
        if (s->parameter) {
            w->two = w->two || (w->parameter && w->parameter != s->parameter);
            w->parameter = w->parameter ? w->parameter : s->parameter;
        } else if (!w->open) {
            w->open = s->table ? s->table : placement_find(w->p, s->group);
            if (!w->open)
                w->open = &w->p->v[0];
        }
        if (first && !str_eq(first->group, s->group))
            complain(w->c, w->file->file, w->s->line, w->s->name,
                     STR_FMT " and " STR_FMT " do not lie together: read them one after the other",
                     STR_ARG(first->name), STR_ARG(s->name));
        else if (first && s->island != base && !(first->parameter && first->parameter == s->parameter))
            complain(w->c, w->file->file, w->s->line, w->s->name,
                     STR_FMT " and " STR_FMT " have to be joined by " STR_FMT, STR_ARG(first->name), STR_ARG(s->name),
                     STR_ARG(s->column));
        if (!first) {
            first = s;
            base = s->island;
        }
    }
}

/* ---- conditions */

/* "name", "alias.name", "$1", "CAST($1 AS BIGINT)" and nothing else. */
static bool operand(const struct proof *w, size_t from, size_t to, struct token *ret_qualifier, struct token *ret_name)
{
    *ret_qualifier = (struct token){TOKEN_END, STR_NONE};
    while (from < to && is(w, from, "(") && close_of(w->t, from) == to - 1)
        from++, to--;
    if (to == from + 6 && is(w, from, "CAST") && is(w, from + 3, "AS"))
        from += 2, to = from + 1;
    if (to == from + 1 && (w->t.v[from].kind == TOKEN_WORD || w->t.v[from].kind == TOKEN_PARAM)) {
        *ret_name = w->t.v[from];
        return true;
    }
    if (to == from + 3 && is(w, from + 1, ".") && w->t.v[from].kind == TOKEN_WORD) {
        *ret_qualifier = w->t.v[from];
        *ret_name = w->t.v[from + 2];
        return true;
    }
    return false;
}

static void conditions(struct proof *w, struct block *b, size_t from, size_t to, size_t only)
{
    size_t start = from;
    bool between = false;

    while (from < to && is(w, from, "(") && close_of(w->t, from) == to - 1)
        from++, to--;
    if (find(w, from, to, "OR") < to)
        return;
    start = from;
    for (size_t i = from; i <= to; i = i < to ? past(w, i) : i + 1) {
        if (i < to && is_any(w, i, "CASE")) { /* an AND in there is its own */
            size_t depth = 0;
            for (; i < to; i = past(w, i)) {
                depth += is_any(w, i, "CASE");
                if (is_any(w, i, "END") && --depth == 0)
                    break;
            }
        }
        if (i < to && is_any(w, i, "BETWEEN"))
            between = true;
        if (i < to && !is_any(w, i, "AND"))
            continue;
        if (i < to && between) {
            between = false;
            continue;
        }
        if (start < i && is(w, start, "(") && close_of(w->t, start) == i - 1 && !begins_query(w, start + 1)) {
            conditions(w, b, start + 1, i - 1, only);
        } else {
            struct equality e = {.only = only};
            size_t at = start;
            while (at < i && !is(w, at, "="))
                at = past(w, at);
            if (at < i && b->n_equalities < MAX_EQUALITIES && !is_any(w, start, "NOT") &&
                operand(w, start, at, &e.qualifier[0], &e.name[0]) &&
                operand(w, at + 1, i, &e.qualifier[1], &e.name[1]))
                b->equality[b->n_equalities++] = e;
        }
        start = i + 1;
    }
}

/* ---- tables */

static struct source *add_source(struct proof *w, struct block *b, struct source s)
{
    if (b->n == MAX_SOURCES) {
        refuse(w, "names more tables than this check can follow: split it");
        b->n--;
    }
    s.island = b->n + 1;
    b->source[b->n] = s;
    return &b->source[b->n++];
}

static struct source table_source(const struct proof *w, struct str name)
{
    const struct placement *t = placement_find(w->p, name);

    for (size_t i = w->n_ctes; i-- > 0;)
        if (str_eq_ci(w->cte[i].name, name))
            return w->cte[i];
    return (struct source){.name = name,
                           .table = t,
                           .column = t && t->kind == PLACED_BY ? t->column : STR_NONE,
                           .group = t && t->kind == PLACED_BY ? t->group : STR_NONE,
                           .one = t && t->kind == PLACED_ONE};
}

/* One table, derived table or parenthesised join of FROM, with its alias. Returns where it ends. */
static size_t from_item(struct proof *w, struct block *b, size_t i, size_t to)
{
    struct source s;

    if (is(w, i, "(")) {
        size_t end = close_of(w->t, i);
        s = query(w, i + 1, end, NULL);
        if (b->n_subs < MAX_SOURCES) {
            b->sub[b->n_subs][0] = i;
            b->sub[b->n_subs++][1] = end;
        }
        i = end + 1;
    } else {
        s = table_source(w, w->t.v[i].text);
        i++;
        if (is(w, i, "("))
            i = close_of(w->t, i) + 1; /* a function that gives rows */
    }
    if (is_any(w, i, "AS"))
        i++;
    if (i < to && w->t.v[i].kind == TOKEN_WORD &&
        !is_any(w, i, "JOIN LEFT RIGHT FULL INNER CROSS ON USING WHERE SET NATURAL VALUES SELECT DEFAULT")) {
        s.name = w->t.v[i].text;
        i++;
    }
    add_source(w, b, s);
    return i;
}

static void from_clause(struct proof *w, struct block *b, size_t from, size_t to)
{
    bool outer = false;

    for (size_t i = from; i < to;) {
        if (is_any(w, i, "LEFT RIGHT FULL")) {
            if (!is_any(w, i, "LEFT"))
                refuse(w, "write outer joins as LEFT JOIN");
            outer = true;
            i++;
        } else if (is_any(w, i, "INNER CROSS OUTER NATURAL JOIN") || is(w, i, ",")) {
            i++;
        } else if (is_any(w, i, "ON")) {
            size_t end = find(w, i + 1, to, "LEFT RIGHT FULL INNER CROSS JOIN NATURAL");
            conditions(w, b, i + 1, end, outer ? b->n - 1 : SIZE_MAX);
            outer = false;
            i = end;
        } else {
            i = from_item(w, b, i, to);
        }
    }
}

/* The queries in expressions between from and to. */
static void subqueries(struct proof *w, const struct block *b, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        bool derived = false;
        for (size_t k = 0; k < b->n_subs; k++)
            derived = derived || (i >= b->sub[k][0] && i <= b->sub[k][1]);
        if (derived || !is(w, i, "(") || !begins_query(w, i + 1))
            continue;
        size_t end = close_of(w->t, i);
        query(w, i + 1, end, b);
        i = end;
    }
}

/* ---- the four kinds */

#define CLAUSES "WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET RETURNING FOR"

/* What a SELECT gives under the name of a column of distribution, so that the block around can join by it. One that does not give it is
 * worked out by itself, and its rows are sent to where they are wanted. */
static void name_shape(const struct proof *w, const struct block *b, size_t from, size_t to, struct source *shape)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct source *s = &b->source[i];
        if (!s->group.len)
            continue;
        for (size_t k = from; k < to; k = past(w, k))
            if (w->t.v[k].kind == TOKEN_WORD && str_eq_ci(w->t.v[k].text, s->column) &&
                (k + 1 >= to || is(w, k + 1, ",")))
                *shape = (struct source){.column = s->column, .group = s->group, .parameter = s->parameter};
    }
}

static struct source select_query(struct proof *w, size_t from, size_t to, const struct block *outer,
                                  struct block *ret_block)
{
    struct block *b = ret_block;
    struct source shape = {0};
    size_t list = from + 1, at = find(w, from, to, "FROM"), where, end;

    *b = (struct block){.outer = outer};
    if (at < to) {
        end = find(w, at + 1, to, CLAUSES);
        from_clause(w, b, at + 1, end);
        where = find(w, at + 1, to, "WHERE");
        if (where < to)
            conditions(w, b, where + 1, find(w, where + 1, to, CLAUSES), SIZE_MAX);
    }
    check_block(w, b, from, to);
    subqueries(w, b, from, to);
    name_shape(w, b, list, at, &shape);
    return shape;
}

/* The nth item of a list between from and to. */
static bool nth(const struct proof *w, size_t from, size_t to, size_t n, size_t *ret_from, size_t *ret_to)
{
    size_t start = from, index = 0;

    for (size_t i = from; i <= to; i = i < to ? past(w, i) : i + 1) {
        if (i < to && !is(w, i, ","))
            continue;
        if (index++ == n) {
            *ret_from = start;
            *ret_to = i;
            return true;
        }
        start = i + 1;
    }
    return false;
}

/* Assignments of UPDATE and of ON CONFLICT DO UPDATE: a row never changes its machine. */
static void assignments(struct proof *w, const struct placement *table, size_t from, size_t to)
{
    size_t a, b;

    for (size_t n = 0; table && table->kind == PLACED_BY && nth(w, from, to, n, &a, &b); n++) {
        size_t last = is(w, a, "(") ? close_of(w->t, a) : a + 1;
        for (size_t i = a; i < last; i++)
            if (w->t.v[i].kind == TOKEN_WORD && str_eq_ci(w->t.v[i].text, table->column))
                complain(w->c, w->file->file, w->s->line, w->s->name,
                         "changes " STR_FMT " of " STR_FMT
                         ", which says on which machine a row lies: insert it anew, then delete the old row",
                         STR_ARG(table->column), STR_ARG(table->table));
    }
}

static void insert_query(struct proof *w, size_t from, size_t to)
{
    const struct placement *t = placement_find(w->p, w->t.v[from + 2].text);
    size_t open = from + 3, end = close_of(w->t, open), body = end + 1, n = 0, index = SIZE_MAX, a, z;
    struct source target = table_source(w, w->t.v[from + 2].text);
    struct equality e = {.only = SIZE_MAX};
    struct block b = {0};

    if (!is(w, open, "(")) {
        refuse(w, "names no columns");
        return;
    }
    for (; nth(w, open + 1, end, n, &a, &z); n++)
        if (target.column.len && str_eq_ci(w->t.v[a].text, target.column))
            index = n;
    size_t stop = find(w, body, to, "ON RETURNING");
    while (stop < to && is_any(w, stop, "ON") && !is_any(w, stop + 1, "CONFLICT"))
        stop = find(w, stop + 1, to, "ON RETURNING");
    size_t conflict = stop < to && is_any(w, stop, "ON") ? stop : to, list_from = body + 1, list_to = stop;
    if (is_any(w, body, "VALUES")) {
        list_from = body + 2;
        list_to = close_of(w->t, body + 1);
        for (size_t i = list_from; target.group.len && i < list_to; i++)
            if (is(w, i, "(") && begins_query(w, i + 1))
                refuse(w,
                       "has a query inside VALUES, which Citus does not take: ask first, or write INSERT ... SELECT");
        subqueries(w, &b, list_from, list_to);
    } else {
        select_query(w, body, stop, NULL, &b);
        list_to = find(w, body, stop, "FROM WHERE");
        for (size_t i = 0; t && i < b.n; i++)
            if (b.source[i].table == t && n != t->n_columns)
                complain(w->c, w->file->file, w->s->line, w->s->name,
                         "copies rows of " STR_FMT " with %zu of its %zu columns", STR_ARG(t->table), n, t->n_columns);
    }
    if (conflict < to) {
        size_t set = find(w, conflict, to, "SET");
        if (set < to)
            assignments(w, t, set + 1, find(w, set, to, "WHERE RETURNING"));
    }
    if (!target.group.len)
        return;
    if (index == SIZE_MAX) {
        complain(w->c, w->file->file, w->s->line, w->s->name, "gives " STR_FMT " no " STR_FMT, STR_ARG(t->table),
                 STR_ARG(t->column));
        return;
    }
    if (nth(w, list_from, list_to, index, &a, &z) && operand(w, a, z, &e.qualifier[0], &e.name[0])) {
        const struct block *where;
        size_t at;
        const struct source *s = resolve(&b, &e, 0, &where, &at);
        target.parameter = e.name[0].kind == TOKEN_PARAM ? number_of(e.name[0]) : s ? s->parameter : 0;
    }
    struct block alone = {.source = {target}, .n = 1};
    alone.source[0].island = 1;
    check_block(w, &alone, from, to);
}

static void change_query(struct proof *w, size_t from, size_t to, const struct block *outer)
{
    bool update = is_any(w, from, "UPDATE");
    size_t i = update ? from + 1 : from + 2, set = to, where;
    struct block b = {.outer = outer};

    i = from_item(w, &b, i, to);
    if (update) {
        set = find(w, i, to, "SET");
        assignments(w, b.source[0].table, set + 1, find(w, set, to, "FROM WHERE RETURNING"));
        i = find(w, set, to, "FROM WHERE RETURNING");
    }
    if (is_any(w, i, "FROM USING"))
        from_clause(w, &b, i + 1, find(w, i, to, "WHERE RETURNING"));
    where = find(w, i, to, "WHERE");
    if (where < to)
        conditions(w, &b, where + 1, find(w, where + 1, to, "RETURNING"), SIZE_MAX);
    check_block(w, &b, from, to);
    subqueries(w, &b, from, to);
}

static struct source query(struct proof *w, size_t from, size_t to, const struct block *outer)
{
    struct source shape = {0};
    struct block b;

    while (from < to && is(w, from, "(") && close_of(w->t, from) == to - 1)
        from++, to--;
    if (is_any(w, from, "WITH")) {
        from++;
        if (is_any(w, from, "RECURSIVE"))
            from++;
        while (from < to && w->n_ctes < MAX_CTES) {
            struct str name = w->t.v[from].text;
            while (from < to && !is_any(w, from, "AS"))
                from++;
            while (from < to && !is(w, from, "("))
                from++;
            size_t end = close_of(w->t, from);
            struct source cte = query(w, from + 1, end, NULL);
            cte.name = name;
            w->cte[w->n_ctes++] = cte;
            from = end + 1;
            if (!is(w, from, ","))
                break;
            from++;
        }
    }
    size_t union_at = find(w, from, to, "UNION INTERSECT EXCEPT");
    if (union_at < to && !is_any(w, from, "INSERT UPDATE DELETE")) {
        shape = query(w, from, union_at, outer);
        query(w, is_any(w, union_at + 1, "ALL") ? union_at + 2 : union_at + 1, to, outer);
        return shape;
    }
    if (is_any(w, from, "SELECT"))
        return select_query(w, from, to, outer, &b);
    if (is_any(w, from, "INSERT"))
        insert_query(w, from, to);
    else if (is_any(w, from, "UPDATE DELETE"))
        change_query(w, from, to, outer);
    return shape;
}

/* ---- */

void spread_check(struct arena *a, struct complaints *c, const struct placements *p, const struct sql_file *file,
                  const struct statement *s, bool *ret_across)
{
    static const struct {
        const char *word, *why;
    } refused[] = {
        {"RECURSIVE", "is a recursive query across machines, which Citus does not take"},
        {"TABLESAMPLE", "samples rows across machines, which Citus does not take"},
        {"GROUPING", "has grouping sets across machines, which Citus does not take"},
        {"ROLLUP", "has ROLLUP across machines, which Citus does not take"},
        {"CUBE", "has CUBE across machines, which Citus does not take"},
        {"LATERAL", "has a LATERAL join across machines, which Citus does not take"},
    };
    struct proof w = {.a = a, .c = c, .p = p, .file = file, .s = s, .t = tokens_of(a, s->postgres)};

    w.said = str_find(s->comment, STR("across communities:")) != SIZE_MAX;
    if (w.t.n == 0)
        return;
    query(&w, 0, w.t.n, NULL);
    *ret_across = w.open != NULL || w.two;
    if (w.open && !w.said)
        complain(c, file->file, s->line, s->name,
                 "it is not shown that " STR_FMT "." STR_FMT
                 " equals a parameter. Name it for each table, or say why not in the comment "
                 "with the words 'across communities:'",
                 STR_ARG(w.open->table), STR_ARG(w.open->column));
    else if (w.two && !w.said)
        refuse(&w, "goes from one community to another: say why in the comment with the words 'across communities:'");
    else if (!*ret_across && w.said)
        refuse(&w, "stays on one machine: take 'across communities:' out of its comment");
    for (size_t i = 0; *ret_across && i < w.t.n; i++) {
        for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++)
            if (token_is(w.t.v[i], refused[k].word))
                refuse(&w, refused[k].why);
        if (is_any(&w, i, "FOR") && is_any(&w, i + 1, "UPDATE SHARE NO KEY"))
            refuse(&w, "locks rows across machines, which Citus does not take");
    }
}
