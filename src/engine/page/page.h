/* page.h: writing HTML and JSON. Compiled views call this; handlers call little of it. */
#ifndef LILONG_PAGE_H
#define LILONG_PAGE_H

#include <inttypes.h>

#include "engine/base/buf.h"
#include "engine/page/text.h" /* generated: enum text, enum lang, T_… */

/* Escaping is decided by type. */
struct safe_html { struct str s; }; /* made by markdown_render() only */
struct url { struct str s; };       /* made by url_path(), url_media() and the like only; already percent-encoded */

struct url url_path(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3))); /* begins with '/' */
struct url url_add(struct arena *a, struct url base, const char *name, struct str value); /* adds ?name=value or &name=value */

/* What was wrong with a field, and what was typed into it. Filled by the pipeline (engine/app). */
struct form_error { struct str field; enum text message; };
struct form_value { struct str name, value; };
struct form_state {
    struct str csrf, key;                    /* tokens for {{csrf}} */
    const struct form_error *error; size_t n_errors;
    const struct form_value *value; size_t n_values;
};

struct html {
    struct buf buf;
    enum lang lang;
    int64_t now;                             /* for "2 hours ago" */
    const struct form_state *form;
    const void *frame;                       /* struct frame_view, for layouts */
    enum text title; struct str title_text;  /* set by {{title …}} */
    void (*content)(struct html *, const void *view); const void *content_view; /* what {{content}} writes */
};

void html_init(struct html *h, struct arena *a, enum lang lang, int64_t now);
void html_raw(struct html *h, struct str literal);   /* compiled template text only */
void html_text(struct html *h, struct str s);        /* & < > " ' escaped */
void html_time(struct html *h, int64_t t);           /* <time datetime title>as people say it</time> */

/* The words of a moment or a span for a person: "今天 17:00", "明天 12:00", "11月25日 周三"; "已超时 3 小时", "还剩 2 个工作日" come from civic/calendar. */
struct str time_words(struct arena *a, enum lang lang, int64_t now, int64_t t);

struct json { struct buf buf; bool comma; };
void json_init(struct json *j, struct arena *a);
void json_open(struct json *j, char bracket);        /* '{' or '[' */
void json_close(struct json *j, char bracket);
void json_key(struct json *j, struct str key);
void json_str(struct json *j, struct str s);
void json_int(struct json *j, int64_t n);
void json_id(struct json *j, int64_t id);            /* "123": a string */
void json_real(struct json *j, double d);
void json_bool(struct json *j, bool b);
void json_null(struct json *j);
void json_time(struct json *j, int64_t t);           /* RFC 3339, null for 0 */

struct view_info { const char *name; const char *schema; /* JSON Schema text */ };

/* Markdown to safe HTML: CommonMark with tables, no HTML input, links http(s)/mailto/relative with rel="nofollow noopener". */
struct safe_html markdown_render(struct arena *a, struct str markdown);

/* Assets: embedded, content-hashed names, pre-compressed. */
struct asset { struct str name, path, type, plain, gzip, brotli, etag; };
const struct asset *asset_find(struct str path);     /* by "/assets/style.1a2b3c4d.css"; NULL when unknown */

#endif
