/* page.h: writing HTML and JSON. Compiled views call this; handlers call little of it. */
#ifndef LILONG_PAGE_H
#define LILONG_PAGE_H

#include <inttypes.h>

#include "engine/base/buf.h"
#include "engine/page/text.h" /* generated: enum text, enum lang, T_… */

/* Escaping is decided by type. */
struct safe_html { struct str s; }; /* made by markdown_render() only */
struct url { struct str s; };       /* made by the functions below only; already percent-encoded */

/* ---- addresses ------------------------------------------------------------------------------------------ */

/* An address of our own; the format begins with '/'. Whatever a %s brings along is percent-encoded where an address
 * cannot hold it, but '/', '?', '&', '=', '#' and '%' go through: words from people go in by url_add(). */
struct url url_path(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct url url_below(struct arena *a, struct url base, const char *rest); /* rest as it is written in C: "/join", "#comments" */
struct url url_number(struct arena *a, struct url base, int64_t n, const char *rest); /* base/17 and the rest, as url_below: in lists */
struct url url_add(struct arena *a, struct url base, const char *name, struct str value); /* adds ?name=value or &name=value */
struct url url_tel(struct arena *a, struct str number);    /* tel:; {NULL,0} when it has no digits */
struct url url_mail(struct arena *a, struct str address);  /* mailto:; {NULL,0} when it is none */
struct url url_web(struct arena *a, struct str address);   /* somebody's http(s) address; {NULL,0} for anything else */
/* Where a browser asked to be sent back to. Only paths of our own pass: no scheme, no other host. */
enum result url_local(struct arena *a, struct str path, struct url *ret_url) MUST_USE;

/* ---- text of the catalogue -------------------------------------------------------------------------------- */

struct str text(enum lang lang, enum text key);      /* T_none: empty. Static storage */
struct str text_safe(enum lang lang, enum text key); /* the same, escaped for HTML */
struct str text_key(enum text key);                  /* "report.state.answered" */
struct str text_word(enum text key);                 /* "answered": what JSON and class names show */
enum result text_lookup(struct str key, enum text *ret_text) MUST_USE; /* E_NOT_FOUND */
const char *lang_tag(enum lang lang);                /* "zh-CN", "en" */

struct text_arg {
    const char *name;
    bool is_number;
    int64_t number;
    struct str text;
};
#define TEXT_INT(name, n) ((struct text_arg){(name), true, (n), {NULL, 0}})
#define TEXT_STR(name, s) ((struct text_arg){(name), false, 0, (s)})

/* text_format(arena, lang, T_report_joined, TEXT_INT("n", 3), TEXT_STR("name", name)). In HTML the arguments are escaped.
 * An argument that the text asks for and nobody gives shows as its name in braces: a bug that can be seen. */
struct str text_format_(struct arena *a, enum lang lang, enum text key, const struct text_arg *arg, size_t n);
#define TEXT_ARGS(...) ((const struct text_arg[]){__VA_ARGS__}), sizeof((const struct text_arg[]){__VA_ARGS__}) / sizeof(struct text_arg)
#define text_format(a, lang, key, ...) text_format_((a), (lang), (key), TEXT_ARGS(__VA_ARGS__))

/* ---- words for moments and figures; moments are ms, days are day numbers, 0 gives an empty string ------------ */

/* 刚刚, 5 分钟前, 今天 17:00, 昨天 09:12, 明天 12:00, 11月25日 周三 15:00, 2025年11月25日. Spans and deadlines: civic/calendar. */
struct str time_words(struct arena *a, enum lang lang, int64_t now, int64_t t);
struct str time_exact_words(struct arena *a, enum lang lang, int64_t t);          /* 2026年11月25日 周三 15:00 */
struct str day_words(struct arena *a, enum lang lang, int64_t now, int32_t day);  /* 今天, 明天, 11月25日 周三, 2025年11月25日 */
struct str day_iso(struct arena *a, int32_t day);                                 /* 2026-11-25 */
struct str time_input(struct arena *a, int64_t t);                                /* 2026-11-25T15:00, for datetime-local */
struct str real_words(struct arena *a, double d);                                 /* one decimal: "12.5" */

/* ---- HTML --------------------------------------------------------------------------------------------------- */

/* What was wrong with a field, and what was typed into it. Filled by the pipeline (engine/app). */
struct form_error { struct str field; enum text message; struct str words; }; /* words: the message with its arguments in it; empty: as it is */
struct form_value { struct str name, value; };
struct form_state {
    struct str csrf, key;                    /* tokens for {{csrf}} */
    const struct form_error *error; size_t n_errors;
    const struct form_value *value; size_t n_values;
    struct str version;                      /* of what the forms of the page edit, for {{csrf}} */
    struct str sure;                         /* what the writer is asked about: sent again, it is a yes; for {{csrf}} */
    bool changed;                            /* it was edited by somebody else meanwhile: what they wrote is shown beside */
    const struct form_value *current; size_t n_current; /* then: what stands there now, of fields that have no default in the view */
    struct str sent_to; int64_t sent_as;     /* the path and the number (in its key; 0: unknown) of the form that comes again: none of the other
                                              * forms of its page has what was typed, nor what was wrong */
};

struct html {
    struct buf buf;
    enum lang lang;
    int64_t now;                             /* for "2 hours ago"; its day and its year */
    int32_t today;
    int year;
    const struct form_state *form;
    struct form_value newer[12]; size_t n_newer; /* fields whose text is not what was typed: shown with {{error}} */
    int64_t forms;                           /* how many have begun, with {{csrf}} */
    bool other, sent_met;                    /* within another form than the one that was sent; the sent one was met */
    const void *frame;                       /* struct frame_view, for layouts; NULL: pages are written without */
    bool bare;                               /* without the layout: an answer to htmx */
    enum text title; struct str title_text;  /* set by {{title …}} */
    void (*content)(struct html *, const void *view); const void *content_view; /* what {{content}} writes */
};

enum { HTML_MAX = 8 << 20 }; /* of one page; past it the arena's escape is taken */

void html_init(struct html *h, struct arena *a, enum lang lang, int64_t now);

/* Compiled template text only, never empty. A page has hundreds of them: of a literal's length is known how to copy it. */
__attribute__((always_inline)) static inline void html_raw(struct html *h, struct str literal)
{
    struct buf *b = &h->buf;

    if (b->room - b->len < literal.len)
        buf_grow(b, literal.len);
    memcpy(b->ptr + b->len, literal.ptr, literal.len);
    b->len += literal.len;
}

void html_text(struct html *h, struct str s);        /* & < > " ' escaped */
void html_lines(struct html *h, struct str s);       /* the same with <br> for line ends */
void html_safe(struct html *h, struct safe_html html);
void html_url(struct html *h, struct url url);
void html_word(struct html *h, enum text key);
void html_int(struct html *h, int64_t n);
void html_real(struct html *h, double d);
void html_time(struct html *h, int64_t t);           /* <time datetime title>as people say it</time>; nothing for 0 */
void html_time_words(struct html *h, int64_t t);     /* without the tag: in attributes */
void html_time_exact(struct html *h, int64_t t);
void html_time_machine(struct html *h, int64_t t);   /* RFC 3339 */
void html_time_input(struct html *h, int64_t t);
void html_day(struct html *h, int32_t day);
void html_day_words(struct html *h, int32_t day);
void html_day_machine(struct html *h, int32_t day);
void html_icon(struct html *h, struct str name);     /* {{icon =field}}: nothing for a name that is no icon */
void html_page_title(struct html *h);
void html_text_format_(struct html *h, enum text key, const struct text_arg *arg, size_t n);
#define html_text_format(h, key, ...) html_text_format_((h), (key), TEXT_ARGS(__VA_ARGS__))

/* Forms: see docs/views.md. */
void html_csrf(struct html *h);
int64_t html_form_number(struct str key);            /* which of the forms of its page a key was written for; 0: another key */
void html_form_value(struct html *h, struct str name, struct str otherwise);
void html_form_chosen(struct html *h, struct str name, struct str option, struct str attribute);
void html_form_invalid(struct html *h, struct str name);
void html_form_error(struct html *h, struct str name);
struct form_label { const char *field; enum text label; };
void html_form_errors(struct html *h, const struct form_label *label, size_t n); /* labels: of the page's fields, gathered by the compiler */

/* ---- JSON --------------------------------------------------------------------------------------------------- */

struct json { struct buf buf; bool comma; };

void json_init(struct json *j, struct arena *a);
void json_open(struct json *j, char bracket);        /* '{' or '[' */
void json_close(struct json *j, char bracket);       /* '}' or ']' */
void json_key(struct json *j, struct str key);
void json_str(struct json *j, struct str s);
void json_int(struct json *j, int64_t n);
void json_id(struct json *j, int64_t id);            /* "123": a string */
void json_double(struct json *j, double d);          /* null when it is no number. (json_real is jansson's) */
void json_bool(struct json *j, bool b);
void json_none(struct json *j);                      /* null. (json_null is jansson's) */
void json_time(struct json *j, int64_t t);           /* RFC 3339, null for 0 */
void json_day(struct json *j, int32_t day);          /* "2026-02-17", null for 0 */

/* For compiled views: a literal that ends where a value is due, and one that ends behind a value. */
static inline void json_next(struct json *j)
{
    if (j->comma)
        buf_putc(&j->buf, ',');
    j->comma = false;
}

static inline void json_raw(struct json *j, struct str literal)
{
    buf_put(&j->buf, literal);
    j->comma = false;
}

static inline void json_raw_end(struct json *j, struct str literal)
{
    buf_put(&j->buf, literal);
    j->comma = true;
}

/* ---- views, Markdown, assets ---------------------------------------------------------------------------------- */

struct view_info { const char *name; const char *schema; /* JSON Schema text */ };
extern const struct view_info *const views_all[];    /* ends with NULL */
extern const size_t views_all_n;

/* Markdown to safe HTML: CommonMark with tables and strikethrough, no HTML input, links http(s)/mailto/relative with
 * rel="nofollow noopener", pictures of our own /media/ only, headings from <h3> down. */
struct safe_html markdown_render(struct arena *a, struct str markdown);
/* Its words alone, on one line: no marks, no tables' lines, of a link what stands for it. For what is shown of it elsewhere, as text. */
struct str markdown_plain(struct arena *a, struct str markdown);

/* Assets: embedded, content-hashed names, pre-compressed. gzip and brotli are empty where they would not be smaller. */
struct asset { struct str name, path, type, plain, gzip, brotli, etag; };
const struct asset *asset_find(struct str path);     /* by "/assets/style.1a2b3c4d.css"; NULL when unknown */
const struct asset *asset_named(struct str name);    /* by "style.css" */

#endif
