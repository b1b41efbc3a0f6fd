/* markdown_fuzz.c: whatever people write: the HTML holds our tags only, with our attributes only, and is balanced. */
#include "fuzz.h"

#include "engine/page/page.h"

static const char *const tags[] = {"p",     "strong", "em", "del", "code", "pre", "a",  "ul",         "ol",
                                   "li",    "h3",     "h4", "h5",  "h6",   "br",  "hr", "blockquote", "table",
                                   "thead", "tbody",  "tr", "th",  "td",   "div", "img"};
static const char *const attributes[] = {
    " href=\"",          " rel=\"nofollow noopener\"", " src=\"/media/", " alt=\"",
    " loading=\"lazy\"", " class=\"table\"",           " scope=\"col\"", " start=\""};

static bool starts_with_one(struct str s, const char *const *list, size_t n, bool whole_word)
{
    for (size_t i = 0; i < n; i++) {
        struct str word = str_from_cstr(list[i]);
        if (str_starts(s, word) && (!whole_word || (s.len > word.len && strchr("> ", s.ptr[word.len]))))
            return true;
    }
    return false;
}

static void check_link(struct str s)
{
    for (size_t i = 0; i < s.len && !strchr("/?#\"", s.ptr[i]); i++)
        if (s.ptr[i] == ':') {
            struct str scheme = str_sub(s, 0, i);
            FUZZ_CHECK(str_eq_ci(scheme, STR("http")) || str_eq_ci(scheme, STR("https")) ||
                       str_eq_ci(scheme, STR("mailto")));
            return;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct str html;
    bool quoted = false, in_tag = false;
    struct str *open; /* elements that wait for their end */
    size_t n_open = 0;

    if (!a)
        return 0;
    html = markdown_render(a, fuzz_str(data, size)).s;
    open = arena_array(a, struct str, html.len + 1);
    for (size_t i = 0; i < html.len; i++) {
        struct str rest = str_sub(html, i, html.len - i);
        char c = html.ptr[i];
        if (!in_tag && c == '<') {
            size_t name = html.len > i + 1 && html.ptr[i + 1] == '/' ? 2 : 1;
            FUZZ_CHECK(starts_with_one(str_sub(rest, name, rest.len), tags, sizeof tags / sizeof *tags, true));
            struct str element = {rest.ptr + name, strcspn(str_cstr(a, str_sub(rest, name, 16)), "> ")};
            if (name == 2)
                FUZZ_CHECK(n_open > 0 && str_eq(open[--n_open], element));
            else if (!str_eq(element, STR("br")) && !str_eq(element, STR("hr")) && !str_eq(element, STR("img")))
                open[n_open++] = element;
            in_tag = true;
        } else if (in_tag && c == '"') {
            quoted = !quoted;
        } else if (in_tag && !quoted && c == '>') {
            in_tag = false;
        } else if (in_tag && !quoted && c == ' ') {
            FUZZ_CHECK(starts_with_one(rest, attributes, sizeof attributes / sizeof *attributes, false));
            if (str_starts(rest, STR(" href=\"")))
                check_link(str_sub(rest, 7, rest.len));
        }
        FUZZ_CHECK(!(in_tag && quoted && c == '<'));
    }
    FUZZ_CHECK(!in_tag && !quoted && n_open == 0);
    arena_close(a);
    return 0;
}
