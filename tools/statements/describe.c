/* describe.c: asks SQLite what each statement takes and gives, and refuses what would fail later. */
#include <strings.h>

#include "statements/statements.h"

enum { MAX_PARAMS = 64, MAX_COLUMNS = 128 };

sqlite3 *schema_apply(struct complaints *c, const struct schema_file *schema, size_t n)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
        complain(c, STR("schema"), 0, STR_NONE, "SQLite does not open");
        return NULL;
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON", NULL, NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        char *why = NULL;
        char *text = sqlite3_mprintf(STR_FMT, STR_ARG(schema[i].sqlite));
        if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
            complain(c, schema[i].name, 0, STR_NONE, "the schema does not apply: %s", why ? why : "?");
        sqlite3_free(why);
        sqlite3_free(text);
    }
    return db;
}

/* The type of a declaration or of a CAST, or 0. */
static char type_of(const char *declared)
{
    static const struct {
        const char *name;
        char type;
    } names[] = {{"BIGINT", 'i'}, {"INTEGER", 'i'}, {"SMALLINT", 'b'},        {"TEXT", 't'},
                 {"BYTEA", 'y'},  {"BLOB", 'y'},    {"DOUBLE PRECISION", 'r'}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(declared, names[i].name) == 0)
            return names[i].type;
    return 0;
}

/* The type of `CAST(... AS TYPE) AS name` somewhere in the statement; 0 when there is none, '?' when several disagree. */
static char cast_type(struct arena *a, struct tokens t, const char *name)
{
    char found = 0;

    for (size_t i = 2; i + 1 < t.n; i++) {
        if (!token_is(t.v[i], "AS") || !token_is(t.v[i + 1], name) || !token_is(t.v[i - 1], ")"))
            continue;
        size_t depth = 0, at = i - 1, as = 0;
        for (;; at--) {
            if (token_is(t.v[at], ")"))
                depth++;
            else if (token_is(t.v[at], "(") && --depth == 0)
                break;
            else if (depth == 1 && token_is(t.v[at], "AS") && as == 0)
                as = at;
            if (at == 0)
                return found;
        }
        if (at == 0 || !token_is(t.v[at - 1], "CAST") || as == 0)
            continue;
        struct buf b;
        buf_init(&b, a, 32, 256);
        for (size_t k = as + 1; k < i - 1; k++) {
            if (b.len)
                buf_putc(&b, ' ');
            buf_put(&b, t.v[k].text);
        }
        buf_putc(&b, '\0');
        char type = type_of(b.ptr);
        if (found && type != found)
            return '?';
        found = type;
    }
    return found;
}

/* ---- what only one engine would take */

static const struct {
    const char *word, *instead;
} one_sided[] = {
    {"IFNULL", "COALESCE"},
    {"TRUE", "1"},
    {"FALSE", "0"},
    {"GLOB", "LIKE"},
    {"ROWID", "the primary key"},
    {"DATETIME", "a parameter with the time in ms"},
    {"STRFTIME", "a parameter with the time in ms"},
    {"UNIXEPOCH", "a parameter with the time in ms"},
    {"GROUP_CONCAT", "a :many statement, or a :postgres variant with string_agg"},
    {"INSTR", "a :postgres variant with strpos"},
    {"IIF", "CASE WHEN"},
    {"MATCH", "a :postgres variant for the full-text search"},
    {"IS DISTINCT FROM", "a comparison of columns that are NOT NULL"},
    {"INSERT OR", "ON CONFLICT"},
    {"UPDATE OR", "ON CONFLICT"},
    {"REPLACE INTO", "ON CONFLICT"},
    {"REGEXP", "LIKE"},
    {"JSON_EXTRACT", "columns"},
    {"JSON_EACH", "columns"},
    {"TOTAL", "CAST(SUM(x) AS DOUBLE PRECISION)"},
};

/* Words that are names to SQLite and grammar to PostgreSQL; only `table.name` takes them for sure. */
static const char *const reserved[] = {
    "analyse",      "any",      "array",   "asymmetric",   "authorization", "binary",  "both",
    "concurrently", "fetch",    "freeze",  "grant",        "lateral",       "leading", "localtime",
    "only",         "overlaps", "placing", "session_user", "similar",       "some",    "symmetric",
    "tablesample",  "trailing", "user",    "variadic",     "verbose",
};

static const char *reserved_word(struct tokens t)
{
    for (size_t i = 0; i < t.n; i++)
        for (size_t k = 0; k < sizeof(reserved) / sizeof(reserved[0]); k++)
            if (token_is(t.v[i], reserved[k]) && !(i > 0 && token_is(t.v[i - 1], ".")))
                return reserved[k];
    return NULL;
}

static bool words_at(struct tokens t, size_t i, const char *words)
{
    struct str rest = str_from_cstr(words), word;

    for (; str_cut(&rest, ' ', &word); i++)
        if (i >= t.n || t.v[i].kind != TOKEN_WORD || !str_eq_ci(t.v[i].text, word))
            return false;
    return true;
}

static void check_dialect(struct complaints *c, const struct sql_file *file, const struct statement *s, struct tokens t)
{
    for (size_t i = 0; i < t.n; i++) {
        for (size_t k = 0; k < sizeof(one_sided) / sizeof(one_sided[0]); k++) {
            bool name = (i > 0 && (token_is(t.v[i - 1], ".") || token_is(t.v[i - 1], "AS"))) ||
                        strcmp(one_sided[k].word, "TOTAL") == 0;
            bool call = i + 1 < t.n && token_is(t.v[i + 1], "(");
            if (words_at(t, i, one_sided[k].word) && (!name || call))
                complain(c, file->file, s->line, s->name, "%s is not in the shared dialect: write %s",
                         one_sided[k].word, one_sided[k].instead);
        }
    }
    const char *word = reserved_word(t);
    if (word)
        complain(c, file->file, s->line, s->name, "'%s' is a reserved word of PostgreSQL: choose another name", word);
}

/* ---- names */

void lint_schema(struct arena *a, struct complaints *c, const struct schema_file *schema, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *word = reserved_word(tokens_of(a, schema[i].common));
        if (word)
            complain(c, schema[i].name, 0, STR_NONE, "'%s' is a reserved word of PostgreSQL: choose another name",
                     word);
    }
}

/* ---- parameters and columns */

static const char *const c_words[] = {
    "auto",   "bool",     "break",    "case",     "char",   "const",       "continue", "db",       "default",  "do",
    "double", "else",     "enum",     "extern",   "false",  "float",       "for",      "goto",     "if",       "inline",
    "int",    "long",     "register", "restrict", "return", "ret_changed", "ret_row",  "ret_rows", "row",      "short",
    "signed", "sizeof",   "static",   "struct",   "switch", "true",        "typedef",  "union",    "unsigned", "values",
    "void",   "volatile", "while",    "asm",      "typeof", "unix",        "linux",
};

static bool c_word(struct str name)
{
    for (size_t i = 0; i < sizeof(c_words) / sizeof(c_words[0]); i++)
        if (str_eq(name, str_from_cstr(c_words[i])))
            return true;
    return false;
}

static void check_params(struct arena *a, struct complaints *c, const struct sql_file *file, const struct statement *s,
                         struct tokens t)
{
    bool used[MAX_PARAMS + 1] = {false};
    struct tokens variant = tokens_of(a, s->has_variant ? s->postgres : STR_NONE);

    if (s->n_params > MAX_PARAMS)
        complain(c, file->file, s->line, s->name, "more than %d parameters", MAX_PARAMS);
    for (size_t pass = 0; pass < 2; pass++) {
        struct tokens list = pass ? variant : t;
        for (size_t i = 0; i < list.n; i++) {
            if (list.v[i].kind == TOKEN_PUNCT && (list.v[i].text.ptr[0] == '?' || list.v[i].text.ptr[0] == '$'))
                complain(c, file->file, s->line, s->name, "write parameters as $1, $2, ...");
            if (list.v[i].kind != TOKEN_PARAM)
                continue;
            int64_t number = 0;
            if (str_int64(str_sub(list.v[i].text, 1, list.v[i].text.len), 1, MAX_PARAMS, &number) != OK ||
                (size_t)number > s->n_params)
                complain(c, file->file, s->line, s->name, STR_FMT " is not in the list of parameters, which has %zu",
                         STR_ARG(list.v[i].text), s->n_params);
            else
                used[number] = true;
        }
    }
    for (size_t i = 0; i < s->n_params && i < MAX_PARAMS; i++) {
        if (!used[i + 1])
            complain(c, file->file, s->line, s->name, "parameter " STR_FMT " ($%zu) is not used",
                     STR_ARG(s->params[i].name), i + 1);
        if (c_word(s->params[i].name))
            complain(c, file->file, s->line, s->name, "parameter " STR_FMT " would be a word of C: choose another name",
                     STR_ARG(s->params[i].name));
    }
}

static bool good_column_name(struct str name)
{
    if (name.len == 0 || name.len > 60)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char x = name.ptr[i];
        if (!((x >= 'a' && x <= 'z') || x == '_' || (i > 0 && x >= '0' && x <= '9')))
            return false;
    }
    return true;
}

static void describe_columns(struct arena *a, struct complaints *c, const struct sql_file *file, struct statement *s,
                             sqlite3_stmt *st, struct tokens t)
{
    int n = sqlite3_column_count(st);

    if (n > MAX_COLUMNS) {
        complain(c, file->file, s->line, s->name, "more than %d columns", MAX_COLUMNS);
        return;
    }
    s->columns = arena_array(a, struct column, (size_t)n + 1);
    s->n_columns = (size_t)n;
    for (int i = 0; i < n; i++) {
        const char *declared = sqlite3_column_decltype(st, i);
        struct str name = str_dup(a, str_from_cstr(sqlite3_column_name(st, i)));
        s->columns[i].name = name;
        s->columns[i].type = 'i';
        if (!good_column_name(name) || c_word(name)) {
            complain(c, file->file, s->line, s->name,
                     "column %d (%s) needs a lower-case name that is no word of C: ... AS name", i + 1,
                     str_cstr(a, name));
            continue;
        }
        for (int k = 0; k < i; k++)
            if (str_eq(s->columns[k].name, name))
                complain(c, file->file, s->line, s->name,
                         "two columns are called " STR_FMT ": give one another name with AS", STR_ARG(name));
        char type = declared ? type_of(declared) : cast_type(a, t, str_cstr(a, name));
        if (declared && !type)
            complain(c, file->file, s->line, s->name,
                     "column " STR_FMT " is a %s: the schema knows BIGINT, SMALLINT, TEXT, BYTEA, DOUBLE PRECISION",
                     STR_ARG(name), declared);
        else if (type == '?')
            complain(c, file->file, s->line, s->name, "the CASTs to " STR_FMT " do not agree", STR_ARG(name));
        else if (!type)
            complain(c, file->file, s->line, s->name,
                     "column " STR_FMT
                     " is an expression: write CAST(... AS BIGINT|SMALLINT|TEXT|BYTEA|DOUBLE PRECISION) AS " STR_FMT,
                     STR_ARG(name), STR_ARG(name));
        else
            s->columns[i].type = type;
    }
}

void describe(struct arena *a, struct complaints *c, sqlite3 *db, const struct sql_file *file, struct statement *s)
{
    struct tokens t = tokens_of(a, s->sql);
    sqlite3_stmt *st = NULL;
    const char *tail = NULL;
    char *text = str_cstr(a, s->sqlite);

    if (t.n == 0)
        return;
    check_params(a, c, file, s, t);
    int rc = sqlite3_prepare_v2(db, text, -1, &st, &tail);
    if (rc != SQLITE_OK) {
        complain(c, file->file, s->line, s->name, "%s", sqlite3_errmsg(db));
        return;
    }
    if (tail && str_trim(str_from_cstr(tail)).len)
        complain(c, file->file, s->line, s->name, "holds more than one statement");
    describe_columns(a, c, file, s, st, t);
    s->writes = !sqlite3_stmt_readonly(st);
    bool rows = s->kind == KIND_ONE || s->kind == KIND_MANY;
    if (rows && s->n_columns == 0)
        complain(c, file->file, s->line, s->name, "gives no columns: its kind is :exec or :count");
    if (!rows && s->n_columns > 0)
        complain(c, file->file, s->line, s->name, "gives columns: its kind is :one or :many");
    if (!s->has_variant)
        check_dialect(c, file, s, t);
    sqlite3_finalize(st);
}
