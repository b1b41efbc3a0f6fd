/* views.h: the compiler of views and of the catalogue. docs/views.md is what it implements.
 *
 * One run reads everything (i18n, all views, the list of assets), then writes everything. Memory is one arena that
 * lives until the end. A mistake in a file is reported as file:line: message; the rest is still read, so that one run
 * shows the mistakes of all files. */
#ifndef LILONG_TOOLS_VIEWS_H
#define LILONG_TOOLS_VIEWS_H

#include <setjmp.h>
#include <stdio.h>

#include "engine/base/buf.h"

/* A string that is put together, in the tool's arena. */
#define TOOL_BUF_MAX ((size_t)1 << 28)

/* ---- the catalogue ---- */

enum { LANGS = 2 }; /* 0 zh-CN, 1 en: enum lang of the generated header */

struct text_param {
    struct str name;
    bool plural; /* picks a form by number: must be given a number */
};

struct text_entry {
    struct str key;     /* "report.new.title" */
    struct str c_name;  /* "T_report_new_title" */
    struct str text[LANGS];
    const char *file[LANGS];
    int line[LANGS];
    struct text_param param[8];
    size_t n_params;
    bool used, dynamic;
    int number;         /* of enum text */
};

/* ---- the data of a view ---- */

enum kind {
    KIND_TEXT, KIND_WORD, KIND_TIME, KIND_DAY, KIND_ID, KIND_INT, KIND_REAL, KIND_BOOL, KIND_URL, KIND_HTML,
    KIND_VIEW,   /* the data of another view */
    KIND_RECORD, /* an inline struct */
    KIND_LIST,
};

struct type {
    enum kind kind;
    bool optional;
    struct str view_name;  /* KIND_VIEW */
    struct view *view;
    struct record *record; /* KIND_RECORD */
    struct type *item;     /* KIND_LIST */
};

struct field {
    struct str name, doc;
    struct type type;
    bool hidden; /* '-': never in the JSON */
    int line;
};

struct record {
    struct str c_name; /* "report_show_view", "report_show_tabs" */
    struct field *field;
    size_t n, room;
    bool listed;       /* as item of a list */
};

/* ---- the body of a view ---- */

enum place { /* where in the HTML a {{tag}} stands */
    PLACE_TEXT,      /* between tags */
    PLACE_RCDATA,    /* in <title> or <textarea>: text, no tags */
    PLACE_ATTRIBUTE, /* in a quoted attribute */
    PLACE_TAG,       /* in a tag, between attributes */
    PLACE_BAD,       /* where nothing may stand; why says it */
};

struct spot {
    enum place place;
    struct str attribute; /* name, lower case, for PLACE_ATTRIBUTE */
    struct str before;    /* fixed beginning of the attribute's value */
    bool value_begun;     /* something dynamic stands before in the value */
    const char *why;
};

enum node_kind {
    NODE_LITERAL, NODE_FIELD, NODE_CALL, NODE_PARTIAL, NODE_IF, NODE_EACH,
};

struct node {
    enum node_kind kind;
    int line;
    struct spot spot;
    struct str text;      /* LITERAL: folded bytes. CALL: name of the built-in. PARTIAL: name of the view */
    struct str *arg;      /* FIELD, IF, EACH: the path first */
    size_t n_args;
    bool negated;         /* {{#unless}} */
    struct node *then, *otherwise, *next;
};

struct view {
    struct str name, doc, dir; /* dir: "boards/report/views", relative to the source root */
    const char *file;
    struct str source;
    struct str layout;  /* empty: none */
    struct str of;      /* for layouts and their parts: the view whose data they show */
    bool mail;          /* style attributes are allowed: mail programs know nothing else */
    bool has_content;   /* {{content}} stands in it */
    struct record record;
    struct record **inner; /* inline structs, innermost first */
    size_t n_inner, room_inner;
    struct node *title;    /* {{title …}} */
    struct node *body;
    size_t body_from;      /* where the body begins in the source */
    bool broken;           /* has been reported; nothing is written for it */
    int visit;             /* 0 new, 1 open, 2 done: search for a view that contains itself */
};

struct asset_name {
    struct str kind, name, path; /* "file", "style.css", "/assets/style.1a2b3c4d.css" or "icon", "camera", address of the symbol */
};

struct tool {
    struct arena *arena;
    const char *out;
    FILE *err;
    bool list_unused;
    struct text_entry *text;
    size_t n_texts, room_texts;
    struct view **view;
    size_t n_views, room_views;
    struct asset_name *asset;
    size_t n_assets;
    size_t errors, warnings;
    jmp_buf skip; /* fail() goes here: to the next view */
};

struct views_job {
    const char *out;         /* folder for what is made */
    const char *assets;      /* list of tools/assets; NULL: no asset is known */
    const char **input;      /* .html and .txt */
    size_t n_inputs;
    bool list_unused;
};

/* compile.c */
int views_compile(const struct views_job *job, FILE *err); /* 0, or 1 after errors that went to err */
/* One view without a file, a catalogue or neighbours, and nothing is written: what the fuzzer calls. */
bool views_check(struct str source, FILE *err);

void report(struct tool *t, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));
_Noreturn void fail(struct tool *t, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5))); /* reports and gives up the view */
struct str read_whole(struct tool *t, const char *path, bool *ret_found);
void write_changed(struct tool *t, const char *name, struct str text); /* leaves a file that is the same alone */
struct str file_list(struct tool *t, const char *dir, const char *suffix); /* paths below dir, each ended by '\n', in byte order */
const struct asset_name *asset_lookup(const struct tool *t, struct str kind, struct str name);
struct view *view_lookup(const struct tool *t, struct str name);
bool is_name(struct str s); /* snake_case */
void put(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vput(struct buf *b, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
void put_c_string(struct buf *b, struct str s, int indent); /* "…", broken into lines */

/* catalogue.c */
void catalogue_read(struct tool *t, const char *const *input, size_t n);
struct text_entry *catalogue_lookup(const struct tool *t, struct str key);
/* Initializers of struct form_label for the fields of a view that have one label and one form; how many. */
struct str field_labels(struct tool *t, const struct view *v, size_t *ret_n);
void catalogue_scan_source(struct tool *t);  /* marks the keys that C names */
void catalogue_warn_unused(struct tool *t);
void catalogue_write(struct tool *t);

/* header.c: the {{view …}} header and the C structs */
size_t header_parse(struct tool *t, struct view *v);   /* returns where the body begins */
void header_resolve(struct tool *t, struct view *v);   /* names of views become pointers */
const struct record *record_of(const struct type *type); /* of a view's data or an inline struct; else NULL */
struct field *record_field(const struct record *r, struct str name);
const char *type_word(const struct type *type);        /* for messages: "text", "list" */
void header_write(struct tool *t, struct view *v);     /* NAME.html.h */

/* body.c: text to nodes, with the place of each */
void body_parse(struct tool *t, struct view *v, size_t from);

/* emit_html.c, emit_json.c */
void emit_html(struct tool *t, struct view *v, struct buf *b);
void emit_json(struct tool *t, struct view *v, struct buf *b);
void emit_schema(struct tool *t, struct view *v, struct buf *b);

#endif
