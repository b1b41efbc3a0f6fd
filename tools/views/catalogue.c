/* catalogue.c: i18n/<language>/<module>.txt becomes enum text and the tables of strings.
 *
 * Lines are `key = text`; a line that begins with a blank goes on with the text of the line before, on a new line; '#'
 * begins a comment. In a text: {name} an argument, {n|one|many} a choice by number, \n \{ \} \| \\ for themselves. */
#include <stdlib.h>

#include "views.h"

static const char *const lang_folder[LANGS] = {"zh-CN", "en"};

struct text_entry *catalogue_lookup(const struct tool *t, struct str key)
{
    size_t low = 0, high = t->n_texts;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = str_cmp(t->text[middle].key, key);
        if (c == 0)
            return &t->text[middle];
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* While reading, entries are in the order of the files: found by a walk backwards over what the first language left. */
static struct text_entry *entry_find(struct tool *t, struct str key)
{
    for (size_t i = 0; i < t->n_texts; i++)
        if (str_eq(t->text[i].key, key))
            return &t->text[i];
    return NULL;
}

static struct text_entry *entry_add(struct tool *t, struct str key)
{
    if (t->n_texts == t->room_texts) {
        size_t room = t->room_texts * 2 + 1024;
        struct text_entry *more = arena_array(t->arena, struct text_entry, room);
        if (t->n_texts)
            memcpy(more, t->text, t->n_texts * sizeof *more);
        t->text = more;
        t->room_texts = room;
    }
    struct text_entry *e = &t->text[t->n_texts++];
    e->key = key;
    return e;
}

static bool is_key(struct str key)
{
    struct str rest = key, part;
    size_t parts = 0;

    while (str_cut(&rest, '.', &part)) {
        if (part.len == 0)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
                return false;
        }
        parts++;
    }
    return parts >= 2 && key.ptr[key.len - 1] != '.';
}

/* Collects the arguments of a text; says what is wrong with it, or NULL. */
static const char *params_of(struct str text, struct text_param *param, size_t *n, int depth)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\') {
            if (i + 1 == text.len || !strchr("n{}|\\", text.ptr[i + 1]))
                return "a backslash stands before n { } | or another backslash";
            i++;
            continue;
        }
        if (text.ptr[i] == '}')
            return "a } without its {";
        if (text.ptr[i] != '{')
            continue;
        size_t from = i + 1, end = from, bars = 0, first_bar = 0, open = 1;
        for (; end < text.len; end++) {
            if (text.ptr[end] == '\\')
                end++;
            else if (text.ptr[end] == '{')
                open++;
            else if (text.ptr[end] == '}' && --open == 0)
                break;
            else if (text.ptr[end] == '|' && open == 1) {
                if (bars++ == 0)
                    first_bar = end;
            }
        }
        if (end >= text.len)
            return "a { without its }";
        struct str name = {text.ptr + from, (bars ? first_bar : end) - from};
        if (!is_name(name))
            return "the name of an argument is snake_case: {name} or {n|one|many}";
        if (bars != 0 && bars != 2)
            return "a choice by number has two forms: {n|one|many}";
        size_t k = 0;
        while (k < *n && !str_eq(param[k].name, name))
            k++;
        if (k == *n) {
            if (*n == 8)
                return "more than 8 arguments";
            param[(*n)++] = (struct text_param){name, false};
        }
        if (bars) {
            if (depth > 0)
                return "a choice by number inside another";
            param[k].plural = true;
            struct str forms = {text.ptr + first_bar + 1, end - first_bar - 1};
            size_t bar = 0, level = 0;
            for (; bar < forms.len; bar++) {
                if (forms.ptr[bar] == '\\')
                    bar++;
                else if (forms.ptr[bar] == '{')
                    level++;
                else if (forms.ptr[bar] == '}')
                    level--;
                else if (forms.ptr[bar] == '|' && level == 0)
                    break;
            }
            const char *why = params_of(str_sub(forms, 0, bar), param, n, depth + 1);
            if (!why)
                why = params_of(str_sub(forms, bar + 1, forms.len), param, n, depth + 1);
            if (why)
                return why;
        }
        i = end;
    }
    return NULL;
}

static void file_read(struct tool *t, int lang, const char *path, struct str module)
{
    bool found, dynamic = false;
    struct str rest = read_whole(t, path, &found), line;
    struct text_entry *last = NULL;
    int number = 0;

    if (!str_utf8_text(rest))
        report(t, path, 1, "not valid UTF-8, or control characters in it");
    while (str_cut(&rest, '\n', &line)) {
        number++;
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        struct str bare = str_trim(line);
        if (bare.len == 0) {
            last = NULL;
            dynamic = false;
            continue;
        }
        if (line.ptr[0] == '#') {
            struct str comment = str_trim(str_sub(line, 1, line.len));
            if (str_starts(comment, STR("dynamic")))
                dynamic = true;
            last = NULL;
            continue;
        }
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
            if (!last) {
                report(t, path, number, "a line that goes on, without a text before it");
                continue;
            }
            last->text[lang] = str_printf(t->arena, STR_FMT "\\n" STR_FMT, STR_ARG(last->text[lang]), STR_ARG(bare));
            continue;
        }
        struct str value = line, key;
        str_cut(&value, '=', &key);
        last = NULL;
        if (key.len == line.len) {
            report(t, path, number, "a line is `key = text`");
            continue;
        }
        key = str_trim(key);
        value = str_trim(value);
        if (!is_key(key)) {
            report(t, path, number, "`%.*s` is not a key: dotted snake_case, beginning with the module", STR_ARG(key));
            continue;
        }
        if (!(str_starts(key, module) && key.len > module.len && key.ptr[module.len] == '.')) {
            report(t, path, number, "the keys of this file begin with `%.*s.`", STR_ARG(module));
            continue;
        }
        struct text_entry *e = entry_find(t, key);
        if (!e)
            e = entry_add(t, key);
        if (e->file[lang]) {
            report(t, path, number, "`%.*s` stands already at %s:%d", STR_ARG(key), e->file[lang], e->line[lang]);
            continue;
        }
        e->file[lang] = str_cstr(t->arena, str_from_cstr(path));
        e->line[lang] = number;
        e->text[lang] = value;
        e->dynamic |= dynamic;
        last = e;
    }
}

static int compare_entries(const void *a, const void *b)
{
    return str_cmp(((const struct text_entry *)a)->key, ((const struct text_entry *)b)->key);
}

static int compare_names(const void *a, const void *b)
{
    return str_cmp((*(struct text_entry *const *)a)->c_name, (*(struct text_entry *const *)b)->c_name);
}

static void entry_check(struct tool *t, struct text_entry *e)
{
    struct text_param param[LANGS][8];
    size_t n[LANGS] = {0};

    for (int lang = 0; lang < LANGS; lang++)
        if (!e->file[lang]) {
            int other = 1 - lang;
            report(t, e->file[other], e->line[other], "`%.*s` is missing in i18n/%s", STR_ARG(e->key),
                   lang_folder[lang]);
            return;
        }
    for (int lang = 0; lang < LANGS; lang++) {
        if (e->text[lang].len == 0)
            report(t, e->file[lang], e->line[lang], "`%.*s` has no text", STR_ARG(e->key));
        const char *why = params_of(e->text[lang], param[lang], &n[lang], 0);
        if (why) {
            report(t, e->file[lang], e->line[lang], "`%.*s`: %s", STR_ARG(e->key), why);
            return;
        }
    }
    for (int lang = 0; lang < LANGS; lang++)
        for (size_t i = 0; i < n[lang]; i++) {
            int other = 1 - lang;
            size_t k = 0;
            while (k < n[other] && !str_eq(param[other][k].name, param[lang][i].name))
                k++;
            if (k == n[other])
                report(t, e->file[lang], e->line[lang], "`%.*s`: the argument {%.*s} is not in the text of i18n/%s",
                       STR_ARG(e->key), STR_ARG(param[lang][i].name), lang_folder[other]);
            else if (param[other][k].plural)
                param[lang][i].plural = true;
        }
    memcpy(e->param, param[0], sizeof e->param);
    e->n_params = n[0];
}

void catalogue_read(struct tool *t, const char *const *input, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str path = str_from_cstr(input[i]);
        int lang = -1;

        if (!str_ends(path, STR(".txt")))
            continue;
        for (int k = 0; k < LANGS; k++) {
            struct str folder = str_printf(t->arena, "i18n/%s/", lang_folder[k]);
            if (str_starts(path, folder)) {
                struct str inside = str_sub(path, folder.len, path.len), module = str_sub(inside, 0, inside.len - 4);
                lang = k;
                if (is_name(module))
                    file_read(t, lang, input[i], module);
                else
                    report(t, input[i], 1, "the file is not named by a module: i18n/<language>/<module>.txt");
            }
        }
        if (lang < 0)
            report(t, input[i], 1, "a catalogue stands in i18n/zh-CN or i18n/en");
    }
    if (t->n_texts)
        qsort(t->text, t->n_texts, sizeof *t->text, compare_entries);
    for (size_t i = 0; i < t->n_texts; i++) {
        struct text_entry *e = &t->text[i];
        char *name = str_cstr(t->arena, str_printf(t->arena, "T_" STR_FMT, STR_ARG(e->key)));
        for (char *p = name; *p; p++)
            if (*p == '.')
                *p = '_';
        e->c_name = str_from_cstr(name);
        e->number = (int)i + 1;
        entry_check(t, e);
    }
    struct text_entry **by_name = arena_array(t->arena, struct text_entry *, t->n_texts + 1);
    for (size_t i = 0; i < t->n_texts; i++)
        by_name[i] = &t->text[i];
    qsort(by_name, t->n_texts, sizeof *by_name, compare_names);
    for (size_t i = 1; i < t->n_texts; i++)
        if (str_eq(by_name[i]->c_name, by_name[i - 1]->c_name))
            report(t, by_name[i]->file[0] ? by_name[i]->file[0] : by_name[i]->file[1], by_name[i]->line[0],
                   "`%.*s` and `%.*s` have the same name in C", STR_ARG(by_name[i]->key), STR_ARG(by_name[i - 1]->key));
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static int compare_name_to_entry(const void *name, const void *entry)
{
    return str_cmp(*(const struct str *)name, (*(struct text_entry *const *)entry)->c_name);
}

void catalogue_scan_source(struct tool *t)
{
    static const char *const suffix[] = {".c", ".h"};
    const char *src = "src";
    struct text_entry **by_name = arena_array(t->arena, struct text_entry *, t->n_texts + 1);

    for (size_t i = 0; i < t->n_texts; i++)
        by_name[i] = &t->text[i];
    qsort(by_name, t->n_texts, sizeof *by_name, compare_names);
    for (size_t s = 0; s < 2; s++) {
        struct str rest = file_list(t, src, suffix[s]), path;
        while (str_cut(&rest, '\n', &path)) {
            bool found;
            struct str text = read_whole(t, str_cstr(t->arena, path), &found);
            for (size_t i = 0; i + 2 < text.len; i++) {
                if (text.ptr[i] != 'T' || text.ptr[i + 1] != '_' || (i > 0 && is_word_byte(text.ptr[i - 1])))
                    continue;
                size_t end = i + 2;
                while (end < text.len && is_word_byte(text.ptr[end]))
                    end++;
                struct str name = {text.ptr + i, end - i};
                struct text_entry **hit = bsearch(&name, by_name, t->n_texts, sizeof *by_name, compare_name_to_entry);
                if (hit)
                    (*hit)->used = true;
                i = end;
            }
        }
    }
}

void catalogue_warn_unused(struct tool *t)
{
    size_t shown = 0, all = 0;

    for (size_t i = 0; i < t->n_texts; i++) {
        const struct text_entry *e = &t->text[i];
        if (e->used || e->dynamic)
            continue;
        all++;
        if (t->list_unused || shown < 5) {
            fprintf(t->err, "%s:%d: warning: `%.*s` is used nowhere\n", e->file[0], e->line[0], STR_ARG(e->key));
            shown++;
        }
    }
    if (all > shown)
        fprintf(t->err, "views: warning: %zu keys are used nowhere; --list-unused shows them all\n", all);
    t->warnings += all;
}

/* As it stands in HTML: the literal parts are escaped here, so that no page escapes them again. */
static struct str escaped(struct tool *t, struct str s)
{
    struct buf b;

    buf_init(&b, t->arena, s.len + 16, TOOL_BUF_MAX);
    for (size_t i = 0; i < s.len; i++)
        switch (s.ptr[i]) {
        case '&': buf_put(&b, STR("&amp;")); break;
        case '<': buf_put(&b, STR("&lt;")); break;
        case '>': buf_put(&b, STR("&gt;")); break;
        case '"': buf_put(&b, STR("&quot;")); break;
        case '\'': buf_put(&b, STR("&#39;")); break;
        default: buf_putc(&b, s.ptr[i]);
        }
    return buf_str(&b);
}

static struct str unescaped(struct tool *t, struct str s)
{
    struct buf b;

    buf_init(&b, t->arena, s.len + 1, TOOL_BUF_MAX);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\\' && i + 1 < s.len) {
            c = s.ptr[++i];
            if (c == 'n')
                c = '\n';
        }
        buf_putc(&b, c);
    }
    return buf_str(&b);
}

/* A text without arguments is stored ready to be shown: its escapes are taken out here. */
static struct str plain(struct tool *t, const struct text_entry *e, int lang)
{
    return e->n_params ? e->text[lang] : unescaped(t, e->text[lang]);
}

/* ---- texts with arguments, cut into pieces, so that nothing is looked for when they are put together ---- */

/* One piece of a text with arguments, as enum text_piece_kind has it. */
static void put_piece(struct buf *b, size_t *n, const char *kind, struct str words, size_t one, size_t many)
{
    put(b, "    {");
    put_c_string(b, words, 4);
    put(b, ", %zu, TEXT_PIECE_%s, %zu, %zu},\n", words.len, kind, one, many);
    ++*n;
}

static void put_words(struct tool *t, struct buf *b, size_t *n, struct str raw)
{
    struct str words = unescaped(t, raw);

    if (words.len)
        put_piece(b, n, escaped(t, words).len == words.len ? "WORDS" : "TEXT", words, 0, 0);
}

/* Where the bracket that is open at `from` ends, or its first '|' before that. */
static size_t part_end(struct str s, size_t from, bool at_bar)
{
    size_t level = 0, i = from;

    for (; i < s.len; i++)
        if (s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '{')
            level++;
        else if (level == 0 && (s.ptr[i] == '}' || (at_bar && s.ptr[i] == '|')))
            break;
        else if (s.ptr[i] == '}')
            level--;
    return i < s.len ? i : s.len;
}

static size_t put_pieces(struct tool *t, struct buf *b, struct str s);

/* What stands from the '{' at `open` to its '}'; returns where that is. */
static size_t put_bracket(struct tool *t, struct buf *b, size_t *n, struct str s, size_t open)
{
    size_t end = part_end(s, open + 1, false), bar = part_end(s, open + 1, true), middle, one, many;
    struct str name = str_sub(s, open + 1, bar - open - 1);
    struct buf forms;

    if (bar == end) {
        put_piece(b, n, "ARG", name, 0, 0);
        return end;
    }
    middle = part_end(s, bar + 1, true);
    buf_init(&forms, t->arena, 256, TOOL_BUF_MAX);
    one = put_pieces(t, &forms, str_sub(s, bar + 1, middle - bar - 1));
    many = put_pieces(t, &forms, str_sub(s, middle + 1, end - middle - 1));
    put_piece(b, n, "CHOICE", name, one, many);
    buf_put(b, buf_str(&forms));
    *n += one + many;
    return end;
}

/* The pieces of a text whose form entry_check has found right; returns how many. */
static size_t put_pieces(struct tool *t, struct buf *b, struct str s)
{
    size_t from = 0, n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\\') {
            i++;
        } else if (s.ptr[i] == '{') {
            put_words(t, b, &n, str_sub(s, from, i - from));
            i = put_bracket(t, b, &n, s, i);
            from = i + 1;
        }
    }
    put_words(t, b, &n, str_sub(s, from, s.len));
    return n;
}

static void write_pieces(struct tool *t, struct buf *b)
{
    struct buf first;
    size_t n = 0;

    buf_init(&first, t->arena, 1 << 16, TOOL_BUF_MAX);
    put(b, "\nconst struct text_piece text_piece_table[] = {\n");
    for (int lang = 0; lang < LANGS; lang++) {
        put(&first, "    {%zu,", n); /* T_none */
        for (size_t i = 0; i < t->n_texts; i++) {
            put(&first, "%s%zu,", i % 16 ? " " : "\n     ", n);
            if (t->text[i].n_params)
                n += put_pieces(t, b, t->text[i].text[lang]);
        }
        put(&first, " %zu},\n", n);
    }
    put(b,
        "    {\"\", 0, TEXT_PIECE_WORDS, 0, 0},\n};\n\nconst uint32_t text_piece_first[LANG_COUNT][TEXT_COUNT + 1] = {\n");
    buf_put(b, buf_str(&first));
    put(b, "};\n");
}

void catalogue_write(struct tool *t)
{
    struct buf b;

    buf_init(&b, t->arena, 1 << 16, TOOL_BUF_MAX);
    put(&b, "/* Made by tools/views from i18n/. */\n#ifndef LILONG_TEXT_H\n#define LILONG_TEXT_H\n\n"
            "enum lang { LANG_ZH_CN, LANG_EN, LANG_COUNT };\n\nenum text {\n    T_none = 0,\n");
    for (size_t i = 0; i < t->n_texts; i++)
        put(&b, "    %.*s = %d,\n", STR_ARG(t->text[i].c_name), t->text[i].number);
    put(&b, "};\n\n#define TEXT_COUNT %zu /* with T_none */\n\n#endif\n", t->n_texts + 1);
    write_changed(t, "engine/page/text.h", buf_str(&b));

    buf_init(&b, t->arena, 1 << 18, TOOL_BUF_MAX);
    put(&b, "/* Made by tools/views from i18n/. */\n#include \"engine/page/text_table.h\"\n\n"
            "const struct str text_key_table[TEXT_COUNT] = {\n    {\"\", 0},\n");
    for (size_t i = 0; i < t->n_texts; i++)
        put(&b, "    {\"%.*s\", %zu},\n", STR_ARG(t->text[i].key), t->text[i].key.len);
    buf_put(&b, STR("};\n\nconst struct text_row text_table[LANG_COUNT][TEXT_COUNT] = {\n"));
    for (int lang = 0; lang < LANGS; lang++) {
        buf_put(&b, STR("    {\n        {{\"\", 0}, {\"\", 0}},\n"));
        for (size_t i = 0; i < t->n_texts; i++) {
            struct str s = plain(t, &t->text[i], lang), safe = escaped(t, s);
            buf_put(&b, STR("        {{"));
            put_c_string(&b, s, 10);
            put(&b, ", %zu}, {", s.len);
            put_c_string(&b, safe, 10);
            put(&b, ", %zu}},\n", safe.len);
        }
        buf_put(&b, STR("    },\n"));
    }
    buf_put(&b, STR("};\n"));
    write_pieces(t, &b);
    write_changed(t, "text.c", buf_str(&b));
}
