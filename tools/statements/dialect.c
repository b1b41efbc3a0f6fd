/* dialect.c: the words of SQL, and the few places where the two engines want the same thing written differently. */
#include <ctype.h>
#include <strings.h>

#include "statements/statements.h"

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Length of what is quoted with s.ptr[0], a doubled quote standing for itself. To the end when it is not closed. */
static size_t quoted_len(struct str s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] != s.ptr[0])
            continue;
        if (i + 1 < s.len && s.ptr[i + 1] == s.ptr[0])
            i++;
        else
            return i + 1;
    }
    return s.len;
}

static size_t span(struct str s, bool (*in)(char c))
{
    size_t n = 1;

    while (n < s.len && in(s.ptr[n]))
        n++;
    return n;
}

static bool blank_char(char c)
{
    return isspace((unsigned char)c);
}

static bool not_newline(char c)
{
    return c != '\n';
}

struct token token_next(struct str *rest)
{
    struct str s = *rest;
    struct token t = {TOKEN_END, {s.ptr, 0}};

    if (s.len == 0)
        return t;
    char c = s.ptr[0];
    if (blank_char(c)) {
        t.kind = TOKEN_SPACE, t.text.len = span(s, blank_char);
    } else if (str_starts(s, STR("--"))) {
        t.kind = TOKEN_COMMENT, t.text.len = span(s, not_newline);
    } else if (str_starts(s, STR("/*"))) {
        size_t end = str_find(s, STR("*/"));
        t.kind = TOKEN_COMMENT, t.text.len = end == SIZE_MAX ? s.len : end + 2;
    } else if (c == '\'') {
        t.kind = TOKEN_STRING, t.text.len = quoted_len(s);
    } else if (c == '"') {
        t.kind = TOKEN_QUOTED, t.text.len = quoted_len(s);
    } else if (c == '$' && s.len > 1 && isdigit((unsigned char)s.ptr[1])) {
        t.kind = TOKEN_PARAM, t.text.len = span(s, word_char);
    } else if (isdigit((unsigned char)c)) {
        t.kind = TOKEN_NUMBER, t.text.len = span(s, word_char);
    } else if (word_char(c)) {
        t.kind = TOKEN_WORD, t.text.len = span(s, word_char);
    } else {
        t.kind = TOKEN_PUNCT, t.text.len = 1;
    }
    rest->ptr += t.text.len;
    rest->len -= t.text.len;
    return t;
}

bool token_is(struct token t, const char *word)
{
    size_t n = strlen(word);

    return (t.kind == TOKEN_WORD || t.kind == TOKEN_PUNCT) && t.text.len == n && strncasecmp(t.text.ptr, word, n) == 0;
}

struct tokens tokens_of(struct arena *a, struct str sql)
{
    struct tokens list = {NULL, 0};
    size_t room = 0;

    for (;;) {
        struct token t = token_next(&sql);
        if (t.kind == TOKEN_END)
            return list;
        if (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT)
            continue;
        if (list.n == room) {
            struct token *more = arena_array(a, struct token, room = room ? room * 2 : 64);
            if (list.n)
                memcpy(more, list.v, list.n * sizeof(*more));
            list.v = more;
        }
        list.v[list.n++] = t;
    }
}

static void put_token(struct buf *b, struct token t, enum dialect dialect)
{
    if (dialect == DIALECT_SQLITE && t.kind == TOKEN_PARAM) {
        buf_putc(b, '?');
        buf_put(b, str_sub(t.text, 1, t.text.len));
    } else if (dialect == DIALECT_SQLITE && token_is(t, "BYTEA")) {
        buf_put(b, STR("BLOB"));
    } else {
        buf_put(b, t.text);
    }
}

struct str statement_text(struct arena *a, struct str sql, enum dialect dialect)
{
    struct buf b;
    bool blank = false;

    buf_init(&b, a, sql.len + 16, 1 << 20);
    for (struct token t = token_next(&sql); t.kind != TOKEN_END; t = token_next(&sql)) {
        if (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT) {
            blank = true;
            continue;
        }
        if (blank && b.len)
            buf_putc(&b, ' ');
        blank = false;
        put_token(&b, t, dialect);
    }
    while (b.len && (b.ptr[b.len - 1] == ';' || b.ptr[b.len - 1] == ' '))
        b.len--;
    return buf_str(&b);
}

/* One statement of a schema file, from its first token to before its ';'. */
static void put_schema_statement(struct buf *b, const struct token *v, size_t n)
{
    bool table = n > 2 && token_is(v[0], "CREATE") && token_is(v[1], "TABLE");
    bool key = false, row_number = false;

    for (size_t i = 0; i < n; i++) {
        bool lone_key = table && token_is(v[i], "BIGINT") &&
                        ((i + 2 < n && token_is(v[i + 1], "PRIMARY") && token_is(v[i + 2], "KEY")) ||
                         (i + 4 < n && token_is(v[i + 1], "NOT") && token_is(v[i + 2], "NULL") &&
                          token_is(v[i + 3], "PRIMARY") && token_is(v[i + 4], "KEY")));
        key = key || (token_is(v[i], "PRIMARY") && i + 1 < n && token_is(v[i + 1], "KEY"));
        row_number = row_number || lone_key;
        if (i)
            buf_putc(b, ' ');
        if (lone_key)
            buf_put(b, STR("INTEGER"));
        else
            put_token(b, v[i], DIALECT_SQLITE);
    }
    if (table && key && !row_number && !token_is(v[n - 1], "ROWID"))
        buf_put(b, STR(" WITHOUT ROWID"));
    buf_put(b, STR(";\n"));
}

struct str schema_text(struct arena *a, struct str sql)
{
    struct tokens list = tokens_of(a, sql);
    struct buf b;
    size_t from = 0;

    buf_init(&b, a, sql.len + 256, 1 << 22);
    for (size_t i = 0; i <= list.n; i++) {
        if (i < list.n && !token_is(list.v[i], ";"))
            continue;
        if (i > from)
            put_schema_statement(&b, list.v + from, i - from);
        from = i + 1;
    }
    return buf_str(&b);
}
