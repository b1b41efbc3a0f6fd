/* parse.c: reads annotated .sql files and puts the schema files in order. */
#include <ctype.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#include "statements/statements.h"

void complain(struct complaints *c, struct str file, int line, struct str statement, const char *format, ...)
{
    char text[1024], place[32] = "";
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    c->n++;
    if (line > 0)
        snprintf(place, sizeof(place), "%d:", line);
    if (c->into)
        buf_printf(c->into, STR_FMT ":%s " STR_FMT "%s%s\n", STR_ARG(file), place, STR_ARG(statement),
                   statement.len ? ": " : "", text);
    else
        fprintf(stderr, STR_FMT ":%s error: " STR_FMT "%s%s\n", STR_ARG(file), place, STR_ARG(statement),
                statement.len ? ": " : "", text);
}

static const struct {
    const char *name;
    char type;
} types[] = {{"int64", 'i'}, {"bool", 'b'}, {"text", 't'}, {"bytes", 'y'}, {"real", 'r'}};

static const struct {
    const char *name;
    enum statement_kind kind;
} kinds[] = {
    {":exec", KIND_EXEC}, {":send", KIND_SEND}, {":count", KIND_COUNT}, {":one", KIND_ONE}, {":many", KIND_MANY}};

struct parser {
    struct arena *a;
    struct complaints *c;
    struct str file;
    struct statement *v;
    size_t n, room;
};

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return false;
    size_t n = 0;
    while (n < rest->len && !isspace((unsigned char)rest->ptr[n]))
        n++;
    *word = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->len);
    return true;
}

static bool identifier(struct str s)
{
    if (s.len == 0 || s.len > 60 || isdigit((unsigned char)s.ptr[0]))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!islower((unsigned char)s.ptr[i]) && !isdigit((unsigned char)s.ptr[i]) && s.ptr[i] != '_')
            return false;
    return true;
}

/* "name:type" -> true. */
static bool parameter_of(struct str word, struct parameter *p)
{
    struct str rest = word;

    if (!str_cut(&rest, ':', &p->name) || !identifier(p->name))
        return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(rest, str_from_cstr(types[i].name))) {
            p->type = types[i].type;
            return true;
        }
    return false;
}

static void add_parameter(struct parser *p, struct statement *s, struct parameter param, int line)
{
    for (size_t i = 0; i < s->n_params; i++)
        if (str_eq(s->params[i].name, param.name))
            complain(p->c, p->file, line, s->name, "parameter " STR_FMT " is there twice", STR_ARG(param.name));
    struct parameter *more = arena_array(p->a, struct parameter, s->n_params + 1);
    if (s->n_params)
        memcpy(more, s->params, s->n_params * sizeof(*more));
    more[s->n_params++] = param;
    s->params = more;
}

/* A comment line that holds nothing but parameters goes on with the list of the `-- name:` line. */
static bool only_parameters(struct str line)
{
    struct str word;
    struct parameter param;
    bool any = false;

    while (next_word(&line, &word)) {
        if (!parameter_of(word, &param))
            return false;
        any = true;
    }
    return any;
}

static void parameters(struct parser *p, struct statement *s, struct str rest, int line)
{
    struct str word;
    struct parameter param;

    while (next_word(&rest, &word)) {
        if (parameter_of(word, &param))
            add_parameter(p, s, param, line);
        else
            complain(p->c, p->file, line, s->name,
                     "'" STR_FMT "' is no parameter: write name:type with the type int64, bool, text, bytes or real",
                     STR_ARG(word));
    }
}

static struct statement *find(struct parser *p, struct str name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].name, name))
            return &p->v[i];
    return NULL;
}

static struct statement *add(struct parser *p)
{
    if (p->n == p->room) {
        struct statement *more = arena_array(p->a, struct statement, p->room = p->room ? p->room * 2 : 32);
        if (p->n)
            memcpy(more, p->v, p->n * sizeof(*more));
        p->v = more;
    }
    return &p->v[p->n++];
}

/* The line "-- name: NAME :KIND params". Where the SQL that follows belongs is *ret_statement, and whether it is a variant. */
static void header(struct parser *p, struct str rest, int line, struct statement **ret_statement, bool *ret_variant)
{
    struct str name = STR_NONE, kind = STR_NONE;
    struct statement *s = NULL;

    *ret_variant = false;
    *ret_statement = NULL;
    if (!next_word(&rest, &name) || !next_word(&rest, &kind) || !identifier(name)) {
        complain(p->c, p->file, line, name,
                 "write -- name: lower_case_name :exec|:count|:one|:many|:postgres parameters");
        return;
    }
    if (str_eq(kind, STR(":postgres"))) {
        s = find(p, name);
        if (!s)
            complain(p->c, p->file, line, name,
                     "a :postgres variant stands after its statement, and there is none of this name above");
        else if (s->has_variant)
            complain(p->c, p->file, line, name, "there is already a :postgres variant");
        else if (str_trim(rest).len)
            complain(p->c, p->file, line, name,
                     "a :postgres variant has the parameters of its statement: leave them out here");
        *ret_statement = s;
        *ret_variant = true;
        return;
    }
    if (find(p, name))
        complain(p->c, p->file, line, name, "there is already a statement of this name in this file");
    s = add(p);
    s->name = name;
    s->line = line;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_eq(kind, str_from_cstr(kinds[i].name))) {
            s->kind = kinds[i].kind;
            parameters(p, s, rest, line);
            *ret_statement = s;
            return;
        }
    complain(p->c, p->file, line, name, "'" STR_FMT "' is no kind: write :exec, :count, :one, :many or :postgres",
             STR_ARG(kind));
}

static void close_statement(struct parser *p, struct statement *s, bool variant, struct str comment, struct str sql,
                            int line)
{
    if (!s)
        return;
    if (statement_text(p->a, sql, DIALECT_POSTGRES).len == 0)
        complain(p->c, p->file, line, s->name, "there is no SQL below its name");
    if (variant) {
        s->has_variant = true;
        s->postgres = statement_text(p->a, sql, DIALECT_POSTGRES);
        return;
    }
    s->comment = comment;
    s->sql = sql;
    s->sqlite = statement_text(p->a, sql, DIALECT_SQLITE);
    s->postgres = statement_text(p->a, sql, DIALECT_POSTGRES);
}

void sql_file_parse(struct arena *a, struct complaints *c, struct str file, struct str path, struct str text,
                    struct sql_file *ret_file)
{
    struct parser p = {.a = a, .c = c, .file = file};
    struct statement *s = NULL;
    bool variant = false, open = false;
    struct buf comment = {0};
    const char *sql = NULL;
    int number = 0, opened = 0;
    struct str line, rest = text;

    while (str_cut(&rest, '\n', &line)) {
        number++;
        struct str t = str_trim(line);
        if (str_starts(t, STR("-- name:"))) {
            if (open)
                close_statement(&p, s, variant, buf_str(&comment),
                                (struct str){sql, sql ? (size_t)(line.ptr - sql) : 0}, opened);
            header(&p, str_sub(t, 8, t.len), number, &s, &variant);
            open = true, opened = number, sql = NULL;
            buf_init(&comment, a, 64, 1 << 16);
        } else if (open && !sql && str_starts(t, STR("--"))) {
            struct str words = str_trim(str_sub(t, 2, t.len));
            if (comment.len == 0 && s && !variant && only_parameters(words)) {
                parameters(&p, s, words, number);
            } else {
                if (comment.len)
                    buf_putc(&comment, '\n');
                buf_put(&comment, words);
            }
        } else if (open && !sql && t.len) {
            sql = line.ptr;
        } else if (!open && t.len && !str_starts(t, STR("--"))) {
            complain(c, file, number, STR_NONE, "SQL before the first -- name: line");
            break;
        }
    }
    if (open)
        close_statement(&p, s, variant, buf_str(&comment),
                        (struct str){sql, sql ? (size_t)(text.ptr + text.len - sql) : 0}, opened);
    *ret_file = (struct sql_file){.file = file, .path = path, .statements = p.v, .n = p.n};
}

/* ---- the schema */

static struct str sha256(struct arena *a, struct str first, struct str second)
{
    crypto_hash_sha256_state st;
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256_init(&st);
    if (first.len)
        crypto_hash_sha256_update(&st, (const unsigned char *)first.ptr, first.len);
    if (second.len)
        crypto_hash_sha256_update(&st, (const unsigned char *)second.ptr, second.len);
    crypto_hash_sha256_final(&st, hash);
    return str_hex(a, (struct str){(const char *)hash, sizeof(hash)});
}

static struct str join(struct arena *a, struct str x, struct str y)
{
    return x.len == 0 ? y : y.len == 0 ? x : str_printf(a, STR_FMT "\n" STR_FMT, STR_ARG(x), STR_ARG(y));
}

struct part { /* the up to three files of one version, as written */
    struct str common, sqlite, postgres;
};

void schema_gather(struct arena *a, struct complaints *c, const struct str *files, const struct str *texts, size_t n,
                   struct schema_file **ret_schema, size_t *ret_n)
{
    struct schema_file *v = arena_array(a, struct schema_file, n + 1);
    struct part *parts = arena_array(a, struct part, n + 1);
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        struct str base = files[i], head, name;
        while (str_find(base, STR("/")) != SIZE_MAX)
            str_cut(&base, '/', &head);
        name = str_sub(base, 0, base.len - 4); /* .sql */
        bool sqlite = str_ends(name, STR(".sqlite")), postgres = str_ends(name, STR(".postgres"));
        name = str_sub(name, 0, name.len - (sqlite ? 7 : postgres ? 9 : 0));
        int64_t version = 0;
        for (size_t d = 0; d < 4 && d < name.len; d++)
            version = isdigit((unsigned char)name.ptr[d]) && version >= 0 ? version * 10 + (name.ptr[d] - '0') : -1;
        if (name.len < 6 || version < 1 || name.ptr[4] != '_' || !identifier(str_sub(name, 5, name.len))) {
            complain(c, files[i], 0, STR_NONE,
                     "a schema file is called NNNN_name.sql, NNNN_name.sqlite.sql or NNNN_name.postgres.sql");
            continue;
        }
        struct tokens words = tokens_of(a, texts[i]);
        for (size_t k = 0; k < words.n; k++)
            if (token_is(words.v[k], "DEFERRABLE"))
                complain(c, files[i], 0, STR_NONE,
                         "DEFERRABLE would let one request fail the commit of others: leave it out");
        size_t at = 0;
        while (at < count && v[at].version < version)
            at++;
        if (at == count || v[at].version != version) {
            memmove(&v[at + 1], &v[at], (count - at) * sizeof(*v));
            memmove(&parts[at + 1], &parts[at], (count - at) * sizeof(*parts));
            v[at] = (struct schema_file){.version = (int)version, .name = name};
            parts[at] = (struct part){{0}};
            count++;
        } else if (!str_eq(v[at].name, name)) {
            complain(c, files[i], 0, STR_NONE, "number %d is also that of " STR_FMT, (int)version, STR_ARG(v[at].name));
        }
        *(sqlite ? &parts[at].sqlite : postgres ? &parts[at].postgres : &parts[at].common) = texts[i];
    }
    for (size_t i = 0; i < count; i++) {
        v[i].sqlite = join(a, schema_text(a, parts[i].common), parts[i].sqlite);
        v[i].postgres = join(a, parts[i].common, parts[i].postgres);
        v[i].sqlite_sha = sha256(a, parts[i].common, parts[i].sqlite);
        v[i].postgres_sha = sha256(a, parts[i].common, parts[i].postgres);
        v[i].common = parts[i].common;
    }
    *ret_schema = v;
    *ret_n = count;
}
