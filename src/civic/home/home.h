/* home.h: the pages of places: where a resident arrives, and what an office sees of the places below it.
 *
 * The boards say what of them stands on these pages (struct home_table); the list of modules in main hands the tables in. */
#ifndef LILONG_CIVIC_HOME_H
#define LILONG_CIVIC_HOME_H

#include "civic/board/board.h"
#include "engine/app/app.h"

/* The community whose front page is made, and those of its boards that the viewer may read: read once for everybody. */
struct home_here {
    int64_t community;
    const struct boards *readable;
};

/* 今天要紧: one line of what waits for the viewer, or has changed in the viewer's things. */
struct home_item {
    struct str text; /* 「广场变菜园」办好了，等您确认 */
    struct url url;
    enum text badge; /* 请确认; T_none: none */
    int64_t due;     /* orders the lines: the nearest first; 0 last */
    bool emergency;  /* before everything else, and in red: an emergency notice that has not been read */
};

/* The newest of a board. */
struct home_entry {
    struct str title;
    struct url url;
    struct str board;       /* its name */
    enum text state;        /* T_none for entries without one */
    const char *mark;       /* of the state: "open", "wait", "doing", "late", "done", "shut"; NULL: none */
    struct str clock;       /* 城管、物业、网格 · 今天 17:00 前; may be empty */
    struct str who;         /* 周女士 · 3号楼 */
    struct url photo;       /* of a square thumbnail; may be empty */
    int64_t at;             /* orders the entries, newest first */
};

/* Something late, by name: for staff of a place above. */
struct home_late {
    struct str title;
    struct url url;
    int64_t community;
    struct str who, late; /* 海江物业; 已超时 3 小时 */
    int64_t due;          /* orders them, the longest late first */
};

/* Somebody who is responsible here, with a face. */
struct home_person {
    struct str name, badge; /* 警号; may be empty */
    struct str organisation, phone;
    struct url photo;       /* may be empty */
};

/* What many people speak of. */
struct home_hot {
    struct str title; /* 毁绿占绿 */
    struct url url;   /* the list in the community that has most of it */
    int64_t community;
    int64_t n, most;  /* how many, and how many there */
    int64_t joined;   /* households that met it too */
};

/* Entries of civic/entry stand among the newest by themselves, whatever their kind, with one walk for all boards: a kind gives `newest` only for
 * what is no entry, or to say more of its own (the same address: its row counts).
 * Each function fills at most max places of the array and may be NULL. What the viewer may not see is not given. */
struct home_table {
    enum result (*waiting)(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n);
    enum result (*newest)(struct request *rq, const struct home_here *here, size_t max, struct home_entry *ret_entries,
                          size_t *ret_n);
    enum result (*late)(struct request *rq, int64_t place, size_t max, struct home_late *ret_late, size_t *ret_n);
    enum result (*hot)(struct request *rq, int64_t place, int64_t since, size_t max, struct home_hot *ret_hot, size_t *ret_n);
    /* The police officers of the community, as their organisation shows them. At most one statement: it stands on every front page. */
    enum result (*officers)(struct request *rq, int64_t community, size_t max, struct home_person *ret_people, size_t *ret_n);
};
/* Where the one search field of a community leads, below /p/{place}: "/search". Unset: the reports'. Once, at start. */
void home_use_search(const char *tail);
void home_use(const struct home_table *const *tables, size_t n); /* once, at start */

extern const struct module home_module;

#endif
