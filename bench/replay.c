/* replay.c: what a generated year's people did, done again over HTTP, each under their own session.
 *
 *   replay PORT YEAR.db [OPTIONS]
 *
 * YEAR.db is the database of a year that `lilong generate` has made; the server on PORT serves a copy of it. Every act of the year on reports, talk, notices and swaps — a
 * report, an answer, a work order, a comment, a thumb, a receipt, taking something up, handing it over — is read from it in the order of time and sent as the request that a
 * browser would send. Not done again: activities and bookings (their days are over), votes of the guide (everybody has one), questions to the police. Acts on the same report follow one another as they did;
 * otherwise each connection takes the next one as soon as it is free. People sign in when they first act.
 *
 *   -c CONNECTIONS (64)   -s SHARE   only this share of the reports and entries, with everything that happened to them (1)
 *   -i INTERACTIONS       pages are read between the acts, until acts and pages are so many (0: none)
 *   -p PID[,PID]          whose CPU time is counted       -q   no bar
 *   -k COPY.db            afterwards: is what was acknowledged there, entry by entry, and nothing else? COPY.db is the database of the server, which may run on
 *
 * An answer that does not come because the server was stopped is asked for again, with the same key, once it is back. A refusal is a failure: in the year the same act
 * was allowed. Result: one line of figures for the run, one for the recount. Exit status 1 when anything failed or is missing. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/epoll.h>

#include "client.h"

enum { ROOM_OUT = 1 << 14, CONNECTIONS_MAX = 1024, PIDS_MAX = 16, BOXES = 1 << 22, NONE = -1 };

/* ---- the kinds of acts ------------------------------------------------------------------------------------------ */

enum kind {
    REPORT,
    ANSWER,
    SOLVE,
    EXPLAIN,
    HAND,
    ACCEPT,
    FINISH,
    PASS,
    FAIL,
    VOID,
    RATE,
    REJECT,
    COMMENT,
    THUMB,
    FOLLOW,
    JOIN,
    ENTRY,
    REMARK,
    LIKE,
    READ,
    TAKE,
    QUEUE,
    SAY,
    CONFIRM,
    BACK,
    THANK,
    KINDS
};

enum where { RESIDENT, DESK, ENTRIES };
enum family { OF_REPORTS, OF_TALK, OF_NOTICES, OF_SWAPS };
static const char *const address[] = {"report", "talk", "bulletin", "exchange"};

static const struct {
    const char *name;
    const char *verb; /* of report_step */
    enum where where;
    const char *tail; /* of the address, behind the report or the entry */
} kinds[KINDS] = {
    [REPORT] = {"reports", "reported", RESIDENT, NULL},
    [ANSWER] = {"answers", "answered", DESK, "answer"},
    [SOLVE] = {"solved", "solved", DESK, "answer"},
    [EXPLAIN] = {"explained", "explained", DESK, "answer"},
    [HAND] = {"handed on", "handed_off", DESK, "hand-off"},
    [ACCEPT] = {"accepted", "accepted", DESK, "accept"},
    [FINISH] = {"done", "done", DESK, "done"},
    [PASS] = {"passed", "check_passed", DESK, "check"},
    [FAIL] = {"not passed", "check_failed", DESK, "check"},
    [VOID] = {"voided", "voided", DESK, "void"},
    [RATE] = {"rated", "rated", RESIDENT, "confirm"},
    [REJECT] = {"reopened", "reopened", RESIDENT, "confirm"},
    [COMMENT] = {"comments", NULL, RESIDENT, "comment"},
    [THUMB] = {"thumbs", NULL, RESIDENT, "thumb"},
    [FOLLOW] = {"follows", NULL, RESIDENT, "follow"},
    [JOIN] = {"joins", NULL, RESIDENT, "join"},
    [ENTRY] = {"entries", NULL, ENTRIES, NULL},
    [REMARK] = {"entries' comments", NULL, ENTRIES, "comment"},
    [LIKE] = {"entries' thumbs", NULL, ENTRIES, "thumb"},
    [READ] = {"receipts", NULL, ENTRIES, "read"},
    [TAKE] = {"taken up", NULL, ENTRIES, "take"},
    [QUEUE] = {"queued", NULL, ENTRIES, "queue"},
    [SAY] = {"words", NULL, ENTRIES, "say"},
    [CONFIRM] = {"handed over", NULL, ENTRIES, "confirm"},
    [BACK] = {"brought back", NULL, ENTRIES, "back"},
    [THANK] = {"thanks", NULL, ENTRIES, "thank"},
};

struct act {
    int64_t at, id; /* id: what the server made of it; of an acknowledged report, comment, entry */
    int32_t subject, person;
    int32_t next; /* of those that wait for the subject */
    uint32_t text;
    uint16_t more; /* RATE: stars. HAND: which organisation of the list. CONFIRM: minutes */
    uint8_t kind, state;
};
enum { PLANNED, ACKNOWLEDGED, REFUSED };

struct subject {                /* a report or an entry */
    int64_t old, community, id; /* id: the new one; 0 as long as there is none */
    uint32_t title, body, spot, category, board;
    uint32_t sort;     /* of a swap; of a notice: its weight */
    int32_t number[3]; /* of a swap: price, minutes, days */
    enum family family;
    int32_t first, last; /* acts that wait */
    bool busy, chosen;
};

struct person {
    int64_t id;
    char *head; /* header lines of the session */
};

/* From an id to a number; open addressing, grown when half full. */
struct map {
    int64_t *key;
    int32_t *value;
    size_t n, room;
};

struct plan {
    struct act *act;
    size_t n, room;
    struct subject *subject;
    size_t n_subjects, subjects_room;
    struct person *person;
    size_t n_people, people_room;
    struct map subjects, people;
    char *text; /* all texts, each once, each closed by a zero; the empty one at 0 */
    size_t text_len, text_room;
    struct map texts;
    int64_t *organisation;
    size_t n_organisations;
    double share;
};

static void *grown(void *p, size_t *room, size_t n, size_t size)
{
    if (n < *room)
        return p;
    *room = *room ? *room * 2 : 1024;
    p = realloc(p, *room * size);
    if (!p)
        die("no memory");
    return p;
}

static size_t slot(const struct map *m, int64_t key)
{
    size_t i = ((uint64_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (m->room - 1);

    while (m->key[i] && m->key[i] != key)
        i = (i + 1) & (m->room - 1);
    return i;
}

static int32_t map_find(const struct map *m, int64_t key)
{
    size_t i = m->room ? slot(m, key) : 0;

    return m->room && m->key[i] ? m->value[i] : NONE;
}

static void map_put(struct map *m, int64_t key, int32_t value)
{
    if (m->n * 2 >= m->room) {
        struct map old = *m;
        m->room = old.room ? old.room * 2 : 4096;
        m->key = calloc(m->room, sizeof(*m->key));
        m->value = calloc(m->room, sizeof(*m->value));
        if (!m->key || !m->value)
            die("no memory");
        for (size_t i = 0; i < old.room; i++)
            if (old.key[i]) {
                size_t k = slot(m, old.key[i]);
                m->key[k] = old.key[i];
                m->value[k] = old.value[i];
            }
        free(old.key);
        free(old.value);
    }
    size_t i = slot(m, key);
    if (!m->key[i])
        m->n++;
    m->key[i] = key;
    m->value[i] = value;
}

/* Where a text lies; equal texts lie once. */
static uint32_t keep_text(struct plan *p, const char *s)
{
    size_t len = strlen(s);
    uint64_t hash = UINT64_C(1469598103934665603);

    if (!len)
        return 0;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    for (;; hash++) {
        int64_t key = (int64_t)(hash ? hash : 1);
        int32_t at = map_find(&p->texts, key);
        if (at >= 0 && strcmp(p->text + at, s) == 0)
            return (uint32_t)at;
        if (at >= 0)
            continue; /* another text of the same hash */
        while (p->text_len + len + 1 > p->text_room) {
            p->text_room = p->text_room ? p->text_room * 2 : 1 << 16;
            p->text = realloc(p->text, p->text_room);
            if (!p->text)
                die("no memory");
        }
        memcpy(p->text + p->text_len, s, len + 1);
        map_put(&p->texts, key, (int32_t)p->text_len);
        p->text_len += len + 1;
        return (uint32_t)(p->text_len - len - 1);
    }
}

static int32_t keep_person(struct plan *p, int64_t id)
{
    int32_t n = map_find(&p->people, id);

    if (n >= 0)
        return n;
    p->person = grown(p->person, &p->people_room, p->n_people, sizeof(*p->person));
    p->person[p->n_people] = (struct person){.id = id};
    map_put(&p->people, id, (int32_t)p->n_people);
    return (int32_t)p->n_people++;
}

/* ---- reading the year ------------------------------------------------------------------------------------------- */

static sqlite3 *open_year(const char *path)
{
    sqlite3 *db;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("%s: %s", path, sqlite3_errmsg(db));
    sqlite3_exec(db, "PRAGMA cache_size = -65536", NULL, NULL, NULL);
    return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st;

    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(db));
    return st;
}

static const char *text_at(sqlite3_stmt *st, int i)
{
    const char *s = (const char *)sqlite3_column_text(st, i);

    return s ? s : "";
}

static bool row(sqlite3_stmt *st)
{
    int code = sqlite3_step(st);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        die("%s", sqlite3_errmsg(sqlite3_db_handle(st)));
    return code == SQLITE_ROW;
}

static void read_subjects(struct plan *p, sqlite3 *db, enum family family, const char *sql)
{
    sqlite3_stmt *st = prepare(db, sql);

    while (row(st)) {
        p->subject = grown(p->subject, &p->subjects_room, p->n_subjects, sizeof(*p->subject));
        int64_t old = sqlite3_column_int64(st, 1);
        p->subject[p->n_subjects] = (struct subject){
            .community = sqlite3_column_int64(st, 0),
            .old = old,
            .title = keep_text(p, text_at(st, 2)),
            .body = keep_text(p, text_at(st, 3)),
            .spot = keep_text(p, text_at(st, 4)),
            .category = keep_text(p, text_at(st, 5)),
            .board = keep_text(p, text_at(st, 6)),
            .sort = keep_text(p, text_at(st, 7)),
            .number = {sqlite3_column_int(st, 8), sqlite3_column_int(st, 9), sqlite3_column_int(st, 10)},
            .family = family,
            .first = NONE,
            .last = NONE,
            .chosen = (double)((uint64_t)old * UINT64_C(0x9e3779b97f4a7c15) >> 44) < p->share * (1 << 20),
        };
        map_put(&p->subjects, old, (int32_t)p->n_subjects++);
    }
    sqlite3_finalize(st);
}

static struct act *read_act(struct plan *p, enum kind kind, int64_t at, int64_t subject, int64_t person)
{
    int32_t n = map_find(&p->subjects, subject);

    if (n < 0 || !p->subject[n].chosen || !person)
        return NULL;
    p->act = grown(p->act, &p->room, p->n, sizeof(*p->act));
    p->act[p->n] = (struct act){.at = at,
                                .subject = n,
                                .person = keep_person(p, person),
                                .next = NONE,
                                .kind = (uint8_t)kind,
                                .id = (int64_t)p->n};
    return &p->act[p->n++];
}

/* Columns: at, subject, person, text. */
static void read_acts(struct plan *p, sqlite3 *db, enum kind kind, const char *sql)
{
    sqlite3_stmt *st = prepare(db, sql);

    while (row(st)) {
        struct act *a = read_act(p, kind, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                                 sqlite3_column_int64(st, 2));
        if (a && sqlite3_column_count(st) > 3)
            a->text = keep_text(p, text_at(st, 3));
    }
    sqlite3_finalize(st);
}

static uint16_t keep_organisation(struct plan *p, int64_t id)
{
    for (size_t i = 0; i < p->n_organisations; i++)
        if (p->organisation[i] == id)
            return (uint16_t)i;
    p->organisation = realloc(p->organisation, (p->n_organisations + 1) * sizeof(id));
    if (!p->organisation || p->n_organisations >= UINT16_MAX)
        die("too many organisations");
    p->organisation[p->n_organisations] = id;
    return (uint16_t)p->n_organisations++;
}

static void read_steps(struct plan *p, sqlite3 *db)
{
    sqlite3_stmt *st = prepare(
        db,
        "SELECT s.at, s.report, s.person, s.body, s.verb, COALESCE(w.organisation, 0), r.rating FROM report_step s JOIN report r "
        "ON r.community = s.community AND r.id = s.report LEFT JOIN work_order w ON w.community = "
        "s.community AND w.id = s.work_order ORDER BY s.community, s.id");

    while (row(st)) {
        const char *verb = text_at(st, 4);
        int kind = 0;
        while (kind < KINDS && (!kinds[kind].verb || strcmp(kinds[kind].verb, verb) != 0))
            kind++;
        if (kind == KINDS)
            continue; /* what the clocks and the rules themselves do */
        struct act *a = read_act(p, (enum kind)kind, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                                 sqlite3_column_int64(st, 2));
        if (!a)
            continue;
        a->text = keep_text(p, text_at(st, 3));
        if (kind == HAND)
            a->more = keep_organisation(p, sqlite3_column_int64(st, 5));
        else if (kind == RATE)
            a->more = (uint16_t)sqlite3_column_int(st, 6);
    }
    sqlite3_finalize(st);
}

/* Both say that it was handed over; of what is lent, that it is back. */
static void read_hands(struct plan *p, sqlite3 *db)
{
    sqlite3_stmt *st = prepare(
        db,
        "SELECT l.at, l.subject, l.actor, x.sort = 'lend' AND l.verb IN ('exchanged', 'brought_back', 'returned'), "
        "(SELECT COALESCE(MAX(t.minutes), 0) FROM exchange_turn t WHERE t.community = x.community AND t.entry = x.entry AND t.id = x.turn) "
        "FROM ledger l JOIN exchange x ON x.community = l.community AND x.entry = l.subject "
        "WHERE l.subject_kind = 'entry' AND l.verb IN ('confirmed', 'exchanged', 'lent', 'brought_back', 'returned')");

    while (row(st)) {
        bool back = sqlite3_column_int(st, 3);
        struct act *a = read_act(p, back ? BACK : CONFIRM, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                                 sqlite3_column_int64(st, 2));
        if (a)
            a->more = (uint16_t)sqlite3_column_int(st, 4);
    }
    sqlite3_finalize(st);
}

static int by_time(const void *x, const void *y)
{
    const struct act *a = x, *b = y;

    return a->at != b->at ? (a->at < b->at ? -1 : 1) : a->id < b->id ? -1 : 1;
}

static void read_year(struct plan *p, const char *path)
{
    sqlite3 *db = open_year(path);

    p->text = calloc(1, p->text_room = 1 << 16);
    p->text_len = 1;
    read_subjects(
        p, db, OF_REPORTS,
        "SELECT community, id, title, body, CASE spot WHEN '' THEN '小区里' ELSE spot END, category, '', '', 0, 0, 0 FROM report WHERE photos = 0");
    read_subjects(
        p, db, OF_TALK,
        "SELECT e.community, e.id, e.title, e.body, '', '', b.word, '', 0, 0, 0 FROM entry e JOIN board b ON b.id = e.board WHERE e.kind = 'talk' AND e.photos = 0 AND e.version = 1");
    read_subjects(
        p, db, OF_NOTICES,
        "SELECT e.community, e.id, e.title, e.body, '', '', b.word, n.weight, 0, 0, 0 FROM bulletin n JOIN entry e ON e.community = n.community AND e.id = n.id "
        "JOIN board b ON b.id = e.board WHERE e.photos = 0 AND e.version = 1 AND e.published_at > 0");
    /* What a limit has decided is left out: the next may come after it. */
    read_subjects(
        p, db, OF_SWAPS,
        "SELECT e.community, e.id, e.title, e.body, x.spot, '', b.word, x.sort, x.price, x.minutes, x.days FROM exchange x "
        "JOIN entry e ON e.community = x.community AND e.id = x.entry JOIN board b ON b.id = e.board WHERE e.photos = 0 AND e.version = 1 "
        "AND b.review <> 'before' AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.community = e.community AND l.subject = e.id AND l.actor = 0 "
        "AND l.verb NOT IN ('expired', 'reminded'))");
    read_steps(p, db);
    read_acts(p, db, ENTRY, "SELECT created_at, id, author FROM entry WHERE kind IN ('talk', 'bulletin', 'exchange')");
    read_acts(p, db, COMMENT, "SELECT created_at, report, author, body FROM report_comment ORDER BY community, id");
    read_acts(p, db, THUMB, "SELECT at, report, person FROM report_thumb");
    read_acts(p, db, JOIN, "SELECT joined_at, report, person FROM report_join");
    read_acts(p, db, FOLLOW,
              "SELECT at, subject, actor FROM ledger WHERE subject_kind = 'report' AND verb = 'followed'");
    read_acts(p, db, REMARK, "SELECT created_at, entry, author, body FROM entry_comment ORDER BY community, id");
    read_acts(p, db, LIKE, "SELECT at, entry, person FROM entry_thumb");
    read_acts(p, db, READ, "SELECT at, entry, person FROM bulletin_receipt");
    read_acts(p, db, TAKE, "SELECT at, subject, actor FROM ledger WHERE subject_kind = 'entry' AND verb = 'taken_up'");
    read_acts(
        p, db, QUEUE,
        "SELECT l.at, t.entry, l.actor FROM ledger l JOIN exchange_turn t ON t.community = l.community AND t.id = l.subject "
        "WHERE l.subject_kind = 'exchange_turn' AND l.verb = 'queue'");
    read_acts(p, db, SAY, "SELECT at, entry, author, body FROM exchange_word WHERE thanks = 0 ORDER BY community, id");
    read_acts(p, db, THANK,
              "SELECT at, entry, author, body FROM exchange_word WHERE thanks = 1 ORDER BY community, id");
    read_hands(p, db);
    sqlite3_close(db);
    if (!p->n)
        die("nothing happened in %s", path);
    qsort(p->act, p->n, sizeof(*p->act), by_time);
    for (size_t i = 0; i < p->n; i++)
        p->act[i].id = 0;
}

/* ---- the run ---------------------------------------------------------------------------------------------------- */

enum phase { ENTER, TOKEN, PAGE, LOOK, DRAFT, ACT };

struct connection {
    int fd;
    bool busy;
    enum phase phase;
    int32_t act; /* NONE: free */
    int pages;   /* still to be read */
    int64_t draft, order;
    char cookie[300];   /* between ENTER and TOKEN */
    double sent, again; /* again: when to ask once more; 0: at once */
    char out[ROOM_OUT];
    size_t out_len;
    char *in;
    size_t in_len;
};

struct run {
    struct plan plan;
    int port, epoll, connections;
    struct connection *connection;
    size_t next;               /* of the acts */
    size_t settled;            /* acts that were answered for good */
    int32_t ready, ready_last; /* acts whose subject has become free */
    int64_t interactions, acts, pages, sign_ins, requests, retried, refused;
    int64_t done_of[KINDS];
    uint32_t *box_act, *box_page; /* microseconds */
    long pid[PIDS_MAX];
    int pids;
    bool quiet;
    char complaint[512];
};

/* A text as JSON writes it, in quotes; the room is enough for what the rules let through. */
static const char *quoted(char *ret, size_t room, const char *s)
{
    size_t n = 0;

    ret[n++] = '"';
    for (; *s; s++) {
        if (n + 8 > room)
            die("a text is too long");
        if (*s == '"' || *s == '\\') {
            ret[n++] = '\\';
            ret[n++] = *s;
        } else if ((unsigned char)*s < 32) {
            n += (size_t)snprintf(ret + n, 7, "\\u%04x", *s);
        } else {
            ret[n++] = *s;
        }
    }
    ret[n++] = '"';
    ret[n] = 0;
    return ret;
}

static const unsigned char proof[] = {/* a grey picture of 64 x 64: what staff show of a job that is done */
                                      137, 80,  78, 71, 13,  10,  26,  10,  0,   0,   0,   13,  73,  72,  68,  82,  0,
                                      0,   0,   64, 0,  0,   0,   64,  8,   0,   0,   0,   0,   143, 2,   46,  2,   0,
                                      0,   0,   42, 73, 68,  65,  84,  120, 218, 237, 204, 65,  17,  0,   0,   12,  2,
                                      32,  251, 39, 51, 150, 33,  246, 219, 65,  0,   210, 163, 8,   4,   2,   129, 64,
                                      32,  16,  8,  4,  2,   129, 64,  32,  248, 30,  12,  4,   10,  128, 181, 145, 142,
                                      67,  79,  0,  0,  0,   0,   73,  69,  78,  68,  174, 66,  96,  130};

static const char *text_of(const struct run *r, uint32_t at)
{
    return r->plan.text + at;
}

static size_t compose_done(const struct run *r, struct connection *c, const char *path, const char *head)
{
    static char body[4096];
    const struct act *a = &r->plan.act[c->act];
    int n = snprintf(
        body, sizeof(body) - sizeof(proof) - 64,
        "--lilong\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n%s\r\n--lilong\r\nContent-Disposition: form-data; name=\"photos\"; "
        "filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n",
        text_of(r, a->text));
    memcpy(body + n, proof, sizeof(proof));
    n += (int)sizeof(proof);
    n += snprintf(body + n, 32, "\r\n--lilong--\r\n");
    int m = snprintf(
        c->out, ROOM_OUT,
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n%sIdempotency-Key: replay-%d-%d\r\nContent-Type: "
        "multipart/form-data; boundary=lilong\r\nContent-Length: %d\r\n\r\n",
        path, head, (int)getpid(), (int)c->act, n);
    memcpy(c->out + m, body, (size_t)n);
    return (size_t)m + (size_t)n;
}

static void compose_path(const struct run *r, const struct connection *c, char *path, size_t room)
{
    const struct act *a = &r->plan.act[c->act];
    const struct subject *s = &r->plan.subject[a->subject];
    const char *tail = kinds[a->kind].tail;

    if (a->kind == REPORT && c->phase == DRAFT)
        snprintf(path, room, "/p/%" PRId64 "/report/draft", s->community);
    else if (a->kind == REPORT)
        snprintf(path, room, "/p/%" PRId64 "/report/draft/%" PRId64 "/send", s->community, c->draft);
    else if (a->kind == ENTRY)
        snprintf(path, room, "/p/%" PRId64 "/%s/%s/new", s->community, address[s->family], text_of(r, s->board));
    else if (kinds[a->kind].where == ENTRIES)
        snprintf(path, room, "/p/%" PRId64 "/%s/%s/%" PRId64 "/%s", s->community, address[s->family],
                 text_of(r, s->board), s->id, tail);
    else if (c->order)
        snprintf(path, room, "/desk/report/%" PRId64 "/%" PRId64 "/order/%" PRId64 "/%s", s->community, s->id, c->order,
                 tail);
    else if (kinds[a->kind].where == DESK)
        snprintf(path, room, "/desk/report/%" PRId64 "/%" PRId64 "/%s", s->community, s->id, tail);
    else
        snprintf(path, room, "/p/%" PRId64 "/report/%" PRId64 "/%s", s->community, s->id, tail);
}

/* What somebody writes on a board: each kind asks for more than title and text. */
static void compose_entry(const struct run *r, const struct subject *s, char *body, size_t room)
{
    static char t[3][ROOM_OUT / 2];
    const char *title = quoted(t[0], sizeof(t[0]), text_of(r, s->title)),
               *text = quoted(t[1], sizeof(t[1]), text_of(r, s->body));
    int n = snprintf(body, room, "{\"title\":%s,\"body\":%s", title, text);

    if (s->family == OF_NOTICES)
        n += snprintf(body + n, room - (size_t)n, ",\"weight\":\"%s\",\"then\":\"send\"", text_of(r, s->sort));
    if (s->family == OF_SWAPS)
        n += snprintf(body + n, room - (size_t)n,
                      ",\"sort\":\"%s\",\"spot\":%s,\"until\":30,\"minutes\":%d,\"sure\":true", text_of(r, s->sort),
                      quoted(t[2], sizeof(t[2]), text_of(r, s->spot)), s->number[1]);
    if (s->number[0])
        n += snprintf(body + n, room - (size_t)n, ",\"price\":\"%d.%02d\"", s->number[0] / 100, s->number[0] % 100);
    if (s->number[2])
        n += snprintf(body + n, room - (size_t)n, ",\"days\":%d", s->number[2]);
    snprintf(body + n, room - (size_t)n, "}");
}

static void compose_body(const struct run *r, const struct connection *c, char *body, size_t room)
{
    static char t[3][ROOM_OUT / 2];
    const struct act *a = &r->plan.act[c->act];
    const struct subject *s = &r->plan.subject[a->subject];
    const char *words = quoted(t[0], sizeof(t[0]), text_of(r, a->text));

    switch ((enum kind)a->kind) {
    case REPORT:
        if (c->phase == DRAFT)
            snprintf(body, room, "{\"title\":%s,\"body\":%s,\"spot\":%s,\"category\":\"%s\"}",
                     quoted(t[0], sizeof(t[0]), text_of(r, s->title)), quoted(t[1], sizeof(t[1]), text_of(r, s->body)),
                     quoted(t[2], sizeof(t[2]), text_of(r, s->spot)), text_of(r, s->category));
        else
            snprintf(body, room, "{}");
        break;
    case ENTRY: compose_entry(r, s, body, room); break;
    case ANSWER: snprintf(body, room, "{\"answer\":%s,\"kind\":\"public\"}", words); break;
    case SOLVE: snprintf(body, room, "{\"answer\":%s,\"kind\":\"solved\"}", words); break;
    case EXPLAIN: snprintf(body, room, "{\"answer\":%s,\"kind\":\"explained\"}", words); break;
    case HAND:
        snprintf(body, room, "{\"lead\":\"%" PRId64 "\",\"task\":%s}", r->plan.organisation[a->more], words);
        break;
    case PASS: snprintf(body, room, "{\"passed\":\"yes\"}"); break;
    case FAIL: snprintf(body, room, "{\"passed\":\"no\",\"text\":%s}", words); break;
    case VOID: snprintf(body, room, "{\"reason\":%s}", words); break;
    case RATE: snprintf(body, room, "{\"solved\":\"yes\",\"rating\":%d,\"words\":%s}", a->more, words); break;
    case REJECT: snprintf(body, room, "{\"solved\":\"no\",\"words\":%s}", words); break;
    case COMMENT:
    case REMARK: snprintf(body, room, "{\"body\":%s}", words); break;
    case SAY: snprintf(body, room, "{\"word\":%s}", words); break;
    case THANK: snprintf(body, room, "{\"thanks\":%s,\"shown\":true}", words); break;
    case CONFIRM: snprintf(body, room, "{\"minutes\":%d}", a->more); break;
    case THUMB:
    case LIKE:
    case FOLLOW: snprintf(body, room, "{\"on\":true}"); break;
    case ACCEPT:
    case FINISH:
    case JOIN:
    case READ:
    case TAKE:
    case QUEUE:
    case BACK:
    case KINDS: snprintf(body, room, "{}"); break;
    }
}

/* Whose page is read: the list of the act's board, or an entry of it that there is already. */
static void compose_page(const struct run *r, const struct connection *c, char *path)
{
    const struct subject *s = &r->plan.subject[r->plan.act[c->act].subject];
    const char *board = text_of(r, s->board);
    int n = *board ? snprintf(path, 200, "/p/%" PRId64 "/%s/%s", s->community, address[s->family], board)
                   : snprintf(path, 200, "/p/%" PRId64 "/report", s->community);

    if (s->id && c->pages % 2)
        snprintf(path + n, (size_t)(200 - n), "/%" PRId64, s->id);
}

static enum phase phase_of(const struct run *r, const struct connection *c)
{
    const struct act *a = &r->plan.act[c->act];

    if (!r->plan.person[a->person].head)
        return *c->cookie ? TOKEN : ENTER;
    if (c->pages > 0)
        return PAGE;
    if ((a->kind == ACCEPT || a->kind == FINISH) && !c->order)
        return LOOK;
    return a->kind == REPORT && !c->draft ? DRAFT : ACT;
}

static void compose(struct run *r, struct connection *c)
{
    static char body[ROOM_OUT];
    char path[256] = "", key[64] = "";
    const struct act *a = &r->plan.act[c->act];
    const struct subject *s = &r->plan.subject[a->subject];
    const struct person *who = &r->plan.person[a->person];
    const char *head = who->head ? who->head : "", *accept = "application/json";
    int n;

    *body = 0;
    switch (c->phase = phase_of(r, c)) {
    case ENTER:
        strcpy(path, "/demo");
        snprintf(body, sizeof(body), "{\"person\":\"%" PRId64 "\"}", who->id);
        break;
    case TOKEN: strcpy(path, "/api/session"); break;
    case PAGE:
        compose_page(r, c, path);
        accept = "text/html";
        break;
    case LOOK: snprintf(path, sizeof(path), "/desk/report/%" PRId64 "/%" PRId64, s->community, s->id); break;
    case DRAFT:
    case ACT:
        compose_path(r, c, path, sizeof(path));
        compose_body(r, c, body, sizeof(body));
        snprintf(key, sizeof(key), "Idempotency-Key: replay-%d-%d-%d\r\n", (int)getpid(), (int)c->act, c->phase);
        break;
    }
    if (c->phase == ACT && a->kind == FINISH) {
        c->out_len = compose_done(r, c, path, head);
        return;
    }
    n = *body
          ? snprintf(
                c->out, ROOM_OUT,
                "POST %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%s%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                path, accept, head, key, strlen(body), body)
          : snprintf(c->out, ROOM_OUT, "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%s%s%s%s\r\n", path, accept,
                     head, c->phase == TOKEN ? "Cookie: " : "", c->phase == TOKEN ? c->cookie : "",
                     c->phase == TOKEN ? "\r\n" : "");
    if (n < 0 || n >= ROOM_OUT)
        die("a request is too long");
    c->out_len = (size_t)n;
}

/* The server may be starting again: half a minute for it to come back. */
static void reconnect(struct run *r, struct connection *c)
{
    struct timespec pause = {0, 50000000};
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    double until = now() + 30;

    if (c->fd >= 0)
        close(c->fd);
    while ((c->fd = try_connect(r->port)) < 0) {
        if (now() > until)
            die("nobody listens on port %d: %s", r->port, strerror(errno));
        nanosleep(&pause, NULL);
    }
    if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
        die("epoll: %s", strerror(errno));
}

static void send_it(struct run *r, struct connection *c)
{
    compose(r, c);
    c->in_len = 0;
    c->busy = true;
    c->again = 0;
    c->sent = now();
    r->requests++;
    for (size_t at = 0; at < c->out_len;) {
        ssize_t n = send(c->fd, c->out + at, c->out_len - at, MSG_NOSIGNAL);
        if (n > 0) {
            at += (size_t)n;
        } else if (n < 0 && errno != EINTR) {
            reconnect(r, c);
            r->retried++;
            at = 0;
        }
    }
}

static int64_t id_of(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_integer(v) ? json_integer_value(v) : v ? strtoll(member(object, name), NULL, 10) : 0;
}

/* The work order that the desk's page offers to accept, or to finish. */
static int64_t order_on(const json_t *page, const char *what)
{
    const json_t *orders = json_object_get(page, "orders"), *o;
    size_t i;

    json_array_foreach(orders, i, o) if (json_is_true(json_object_get(o, what))) return id_of(o, "id");
    return 0;
}

static void note(uint32_t *box, double seconds)
{
    double us = seconds * 1e6;

    box[us < 0 ? 0 : us >= BOXES ? BOXES - 1 : (size_t)us]++;
}

static void append(struct run *r, int32_t *first, int32_t *last, int32_t act)
{
    r->plan.act[act].next = NONE;
    if (*first == NONE)
        *first = act;
    else
        r->plan.act[*last].next = act;
    *last = act;
}

static int32_t shift(struct run *r, int32_t *first)
{
    int32_t act = *first;

    if (act != NONE)
        *first = r->plan.act[act].next;
    return act;
}

/* The act is answered for good: what waited for its report may go. */
static void settle(struct run *r, struct connection *c, int state)
{
    struct act *a = &r->plan.act[c->act];
    struct subject *s = &r->plan.subject[a->subject];
    int32_t waiting = shift(r, &s->first);

    a->state = (uint8_t)state;
    r->settled++;
    if (waiting == NONE)
        s->busy = false;
    else
        append(r, &r->ready, &r->ready_last, waiting);
    c->act = NONE;
}

/* The first refusal is kept in its own words; all count. */
static void refuse(struct run *r, struct connection *c, const struct answer *a)
{
    if (!r->refused++)
        snprintf(r->complaint, sizeof(r->complaint), "%s: status %d, %.*s", kinds[r->plan.act[c->act].kind].name,
                 a->status, (int)(a->body_len < 300 ? a->body_len : 300), a->body);
    settle(r, c, REFUSED);
}

static void take_act(struct run *r, struct connection *c, const struct answer *answer, const json_t *j)
{
    struct act *a = &r->plan.act[c->act];
    bool makes = a->kind == REPORT || a->kind == COMMENT || a->kind == ENTRY || a->kind == REMARK;

    a->id = id_of(j, "id");
    if (makes && !a->id) {
        refuse(r, c, answer);
        return;
    }
    if (a->kind == REPORT || a->kind == ENTRY)
        r->plan.subject[a->subject].id = a->id;
    r->acts++;
    r->done_of[a->kind]++;
    note(r->box_act, now() - c->sent);
    settle(r, c, ACKNOWLEDGED);
}

static void take(struct run *r, struct connection *c, const struct answer *a)
{
    struct person *who = &r->plan.person[r->plan.act[c->act].person];
    json_error_t e;
    char text[sizeof(c->cookie) + 200];

    c->busy = false;
    if (a->status == 503) { /* the queue is full: the same again, with the same key */
        r->retried++;
        c->again = now() + 0.05;
        return;
    }
    if (a->status / 100 > 3) {
        refuse(r, c, a);
        return;
    }
    if (c->phase == PAGE) {
        r->pages++;
        c->pages--;
        note(r->box_page, now() - c->sent);
        return;
    }
    json_t *j = json_loadb(a->body, a->body_len, 0, &e);
    switch (c->phase) {
    case ENTER:
        if (!header(a, "Set-Cookie", c->cookie, sizeof(c->cookie)))
            die("no cookie for %" PRId64, who->id);
        c->cookie[strcspn(c->cookie, ";")] = 0;
        break;
    case TOKEN:
        snprintf(text, sizeof(text), "Cookie: %s\r\nX-CSRF-Token: %s\r\n", c->cookie, member(j, "csrf"));
        free(who->head);
        who->head = strdup(text);
        *c->cookie = 0;
        r->sign_ins++;
        break;
    case LOOK:
        if (!(c->order = order_on(j, r->plan.act[c->act].kind == ACCEPT ? "accept" : "finish")))
            refuse(r, c, a);
        break;
    case DRAFT:
        if (!(c->draft = id_of(j, "id")))
            refuse(r, c, a);
        break;
    case ACT: take_act(r, c, a, j); break;
    case PAGE: break;
    }
    json_decref(j);
}

static void receive(struct run *r, struct connection *c)
{
    struct answer a;
    ssize_t n = recv(c->fd, c->in + c->in_len, ROOM_IN - c->in_len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        reconnect(r, c);
        if (c->busy) {
            r->retried++;
            send_it(r, c);
        }
        return;
    }
    c->in_len += (size_t)n;
    if (parse(c->in, c->in_len, &a))
        take(r, c, &a);
}

/* How many pages are read before this act, so that acts and pages become as many as was asked for, evenly. */
static int pages_before(const struct run *r, size_t act)
{
    double each = r->interactions > (int64_t)r->plan.n
                    ? (double)(r->interactions - (int64_t)r->plan.n) / (double)r->plan.n
                    : 0;

    return (int)((int64_t)(each * (double)(act + 1)) - (int64_t)(each * (double)act));
}

static bool next_act(struct run *r, struct connection *c)
{
    int32_t act = shift(r, &r->ready);

    while (act == NONE && r->next < r->plan.n) {
        struct subject *s = &r->plan.subject[r->plan.act[r->next].subject];
        if (s->busy)
            append(r, &s->first, &s->last, (int32_t)r->next);
        else
            act = (int32_t)r->next;
        s->busy = true;
        r->next++;
    }
    if (act == NONE)
        return false;
    c->act = act;
    c->pages = pages_before(r, (size_t)act);
    c->draft = c->order = 0;
    *c->cookie = 0;
    return true;
}

static int64_t part(const uint32_t *box, int64_t n, double share)
{
    int64_t seen = 0, want = (int64_t)((double)n * share);

    for (int64_t i = 0; i < BOXES; i++)
        if ((seen += box[i]) > want)
            return i;
    return BOXES;
}

static void show(const struct run *r, double began, double *shown)
{
    if (r->quiet || now() < *shown + 0.5)
        return;
    *shown = now();
    int64_t share = (int64_t)(r->settled * 1000 / r->plan.n);
    fprintf(stderr, "\r[%.*s%*s] %3d.%d %%  %.0f/s ", (int)(share / 25), "########################################",
            40 - (int)(share / 25), "", (int)(share / 10), (int)(share % 10),
            (double)(r->acts + r->pages) / (now() - began));
}

static void replay(struct run *r)
{
    double began, took, cpu, shown = 0, moved;
    size_t settled = 0;

    r->ready = r->ready_last = NONE;
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    r->connection = calloc((size_t)r->connections, sizeof(*r->connection));
    r->box_act = calloc(BOXES, sizeof(uint32_t));
    r->box_page = calloc(BOXES, sizeof(uint32_t));
    for (int i = 0; i < r->connections; i++) {
        r->connection[i] = (struct connection){.fd = -1, .act = NONE, .in = malloc(ROOM_IN)};
        reconnect(r, &r->connection[i]);
    }
    cpu = cpu_of(r->pid, r->pids);
    began = moved = now();
    while (r->settled < r->plan.n) {
        struct epoll_event event[256];
        double t = now();
        for (int i = 0; i < r->connections; i++) {
            struct connection *c = &r->connection[i];
            if (!c->busy && c->again <= t && (c->act != NONE || next_act(r, c)))
                send_it(r, c);
        }
        int n = epoll_wait(r->epoll, event, 256, 50);
        for (int i = 0; i < n; i++)
            receive(r, event[i].data.ptr);
        if (r->settled != settled || n > 0) {
            settled = r->settled;
            moved = t;
        } else if (t > moved + 60) {
            die("for a minute there has been no answer; %zu of %zu acts are done", r->settled, r->plan.n);
        }
        show(r, began, &shown);
    }
    took = now() - began;
    cpu = cpu_of(r->pid, r->pids) - cpu;
    if (!r->quiet)
        fputs("\r\033[K", stderr);
    printf("acts=%" PRId64 " pages=%" PRId64 " sign_ins=%" PRId64 " requests=%" PRId64
           " seconds=%.1f interactions_per_second=%.0f acts_per_second=%.0f "
           "act_p50_us=%" PRId64 " act_p99_us=%" PRId64 " page_p50_us=%" PRId64 " page_p99_us=%" PRId64
           " retried=%" PRId64 " refused=%" PRId64 " cpu_us=%.1f\n",
           r->acts, r->pages, r->sign_ins, r->requests, took, (double)(r->acts + r->pages) / took,
           (double)r->acts / took, part(r->box_act, r->acts, 0.5), part(r->box_act, r->acts, 0.99),
           part(r->box_page, r->pages, 0.5), part(r->box_page, r->pages, 0.99), r->retried, r->refused,
           cpu * 1e6 / (double)r->requests);
    for (int k = 0; k < KINDS; k++)
        if (r->done_of[k])
            printf("%s%" PRId64 " %s", k ? ", " : "", r->done_of[k], kinds[k].name);
    puts("");
    if (r->refused)
        fprintf(stderr, "replay: %" PRId64 " refused, the first: %s\n", r->refused, r->complaint);
}

/* ---- the recount ------------------------------------------------------------------------------------------------ */

static const char *const look_up[KINDS] = {
    /* community, subject, person or the act's own id */
    [REPORT] = "SELECT author, title, body FROM report WHERE community = ?1 AND id = ?2",
    [COMMENT] = "SELECT author, body FROM report_comment WHERE community = ?1 AND id = ?3 AND report = ?2",
    [THUMB] = "SELECT person FROM report_thumb WHERE community = ?1 AND report = ?2 AND person = ?4",
    [FOLLOW] = "SELECT person FROM report_follow WHERE community = ?1 AND report = ?2 AND person = ?4",
    [JOIN] =
        "SELECT ?4 FROM report_join WHERE community = ?1 AND report = ?2 AND dwelling IN (SELECT dwelling FROM residence WHERE community = ?1 AND person = ?4)",
    [ENTRY] = "SELECT author, title, body FROM entry WHERE community = ?1 AND id = ?2",
    [REMARK] = "SELECT author, body FROM entry_comment WHERE community = ?1 AND id = ?3 AND entry = ?2",
    [LIKE] = "SELECT person FROM entry_thumb WHERE community = ?1 AND entry = ?2 AND person = ?4",
    [READ] = "SELECT person FROM bulletin_receipt WHERE community = ?1 AND entry = ?2 AND person = ?4",
    [TAKE] = "SELECT person FROM exchange_turn WHERE community = ?1 AND entry = ?2 AND person = ?4 AND held_at > 0",
    [QUEUE] = "SELECT person FROM exchange_turn WHERE community = ?1 AND entry = ?2 AND person = ?4",
    [THANK] =
        "SELECT author, body FROM exchange_word WHERE community = ?1 AND entry = ?2 AND author = ?4 AND thanks = 1",
};

/* What the new ones are in all: since the first of them. */
static const struct {
    enum kind kind;
    const char *sql;
} totals[] = {
    {REPORT, "SELECT COUNT(*) FROM report WHERE id >= ?1"},
    {COMMENT, "SELECT COUNT(*) FROM report_comment WHERE report >= ?1"},
    {THUMB, "SELECT COUNT(*) FROM report_thumb WHERE report >= ?1"},
    {ENTRY, "SELECT COUNT(*) FROM entry WHERE kind IN ('talk', 'bulletin', 'exchange') AND id >= ?1"},
    {REMARK, "SELECT COUNT(*) FROM entry_comment WHERE entry >= ?1"},
    {LIKE, "SELECT COUNT(*) FROM entry_thumb WHERE entry >= ?1"},
    {READ, "SELECT COUNT(*) FROM bulletin_receipt WHERE entry >= ?1"},
    {TAKE, "SELECT COUNT(*) FROM exchange_turn WHERE entry >= ?1 AND held_at > 0"},
    {SAY, "SELECT COUNT(*) FROM exchange_word WHERE entry >= ?1 AND thanks = 0"},
    {THANK, "SELECT COUNT(*) FROM exchange_word WHERE entry >= ?1 AND thanks = 1"},
};

struct steps_of { /* of one report, in the order in which they were acknowledged: a running hash */
    uint64_t hash;
    int n;
};

static uint64_t mixed(uint64_t h, uint64_t v)
{
    return (h ^ v) * UINT64_C(0x9e3779b97f4a7c15) ^ (h >> 29);
}

static uint64_t text_hash(const char *s)
{
    uint64_t h = UINT64_C(1469598103934665603);

    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return h;
}

static void add_step(struct steps_of *s, const char *verb, int64_t person, const char *body)
{
    s->hash = mixed(mixed(mixed(s->hash, text_hash(verb)), (uint64_t)person), text_hash(body));
    s->n++;
}

static bool found(const struct run *r, sqlite3_stmt *st, const struct act *a)
{
    const struct subject *s = &r->plan.subject[a->subject];
    int64_t person = r->plan.person[a->person].id;

    sqlite3_bind_int64(st, 1, s->community);
    sqlite3_bind_int64(st, 2, s->id);
    if (sqlite3_bind_parameter_count(st) >= 3)
        sqlite3_bind_int64(st, 3, a->id);
    if (sqlite3_bind_parameter_count(st) >= 4)
        sqlite3_bind_int64(st, 4, person);
    bool good = row(st) && sqlite3_column_int64(st, 0) == person;
    if (good && (a->kind == REPORT || a->kind == ENTRY))
        good = strcmp(text_at(st, 1), text_of(r, s->title)) == 0 && strcmp(text_at(st, 2), text_of(r, s->body)) == 0;
    else if (good && (a->kind == COMMENT || a->kind == REMARK || a->kind == THANK))
        good = strcmp(text_at(st, 1), text_of(r, a->text)) == 0;
    good = good && !row(st);
    sqlite3_reset(st);
    return good;
}

/* The steps of a report, read back: what people did, in their order. */
static bool steps_are(sqlite3_stmt *st, const struct subject *s, const struct steps_of *want)
{
    struct steps_of there = {0};

    sqlite3_bind_int64(st, 1, s->community);
    sqlite3_bind_int64(st, 2, s->id);
    while (row(st))
        for (int k = 0; k < KINDS; k++)
            if (kinds[k].verb && strcmp(kinds[k].verb, text_at(st, 0)) == 0)
                add_step(&there, text_at(st, 0), sqlite3_column_int64(st, 1), text_at(st, 2));
    sqlite3_reset(st);
    return there.n == want->n && there.hash == want->hash;
}

static int64_t recount(const struct run *r, const char *path)
{
    sqlite3 *db = open_year(path);
    sqlite3_stmt *st[KINDS] = {NULL};
    struct steps_of *steps = calloc(r->plan.n_subjects, sizeof(*steps));
    int64_t missing = 0, more = 0, looked = 0, first[2] = {INT64_MAX, INT64_MAX};
    double began = now();

    for (int k = 0; k < KINDS; k++)
        st[k] = look_up[k] ? prepare(db, look_up[k]) : NULL;
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    for (size_t i = 0; i < r->plan.n; i++) {
        const struct act *a = &r->plan.act[i];
        const struct subject *s = &r->plan.subject[a->subject];
        if (a->state != ACKNOWLEDGED)
            continue;
        looked++;
        if (kinds[a->kind].verb)
            add_step(&steps[a->subject], kinds[a->kind].verb, r->plan.person[a->person].id, text_of(r, a->text));
        if (st[a->kind] && !found(r, st[a->kind], a) && !missing++)
            fprintf(stderr, "replay: missing, or another: %s %" PRId64 " of %" PRId64 " in %" PRId64 "\n",
                    kinds[a->kind].name, a->id, s->id, s->community);
        if (a->kind == REPORT || a->kind == ENTRY) {
            int64_t *f = &first[a->kind == ENTRY];
            *f = a->id < *f ? a->id : *f;
        }
    }
    sqlite3_stmt *of = prepare(
        db, "SELECT verb, person, body FROM report_step WHERE community = ?1 AND report = ?2 ORDER BY id");
    for (size_t i = 0; i < r->plan.n_subjects; i++)
        if (steps[i].n && !steps_are(of, &r->plan.subject[i], &steps[i]) && !missing++)
            fprintf(stderr, "replay: the steps of report %" PRId64 " in %" PRId64 " are others\n",
                    r->plan.subject[i].id, r->plan.subject[i].community);
    sqlite3_finalize(of);
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
        sqlite3_stmt *count = prepare(db, totals[i].sql);
        sqlite3_bind_int64(count, 1, first[totals[i].kind >= ENTRY]);
        int64_t n = row(count) ? sqlite3_column_int64(count, 0) : -1;
        if (n != r->done_of[totals[i].kind] && ++more)
            fprintf(stderr, "replay: %" PRId64 " %s were acknowledged, %" PRId64 " are there\n",
                    r->done_of[totals[i].kind], kinds[totals[i].kind].name, n);
        sqlite3_finalize(count);
    }
    for (int k = 0; k < KINDS; k++)
        sqlite3_finalize(st[k]);
    sqlite3_close(db);
    free(steps);
    printf("recounted=%" PRId64 " missing=%" PRId64 " kinds_with_another_total=%" PRId64 " seconds=%.1f\n", looked,
           missing, more, now() - began);
    return missing + more;
}

int main(int argc, char **argv)
{
    static struct run r = {.connections = 64, .plan.share = 1};
    const char *copy = NULL;
    int o;

    if (argc < 3)
        die("replay PORT YEAR.db [OPTIONS]");
    r.port = (int)strtol(argv[1], NULL, 10);
    optind = 3;
    while ((o = getopt(argc, argv, "c:s:i:p:k:q")) != -1)
        switch (o) {
        case 'c': r.connections = (int)strtol(optarg, NULL, 10); break;
        case 's': r.plan.share = strtod(optarg, NULL); break;
        case 'i': r.interactions = strtoll(optarg, NULL, 10); break;
        case 'k': copy = optarg; break;
        case 'q': r.quiet = true; break;
        case 'p': r.pids = pids_of(optarg, r.pid, PIDS_MAX); break;
        default: return 64;
        }
    if (r.connections < 1 || r.connections > CONNECTIONS_MAX)
        die("1 to %d connections", CONNECTIONS_MAX);
    read_year(&r.plan, argv[2]);
    if (!r.quiet)
        fprintf(stderr, "%zu acts of %zu people\n", r.plan.n, r.plan.n_people);
    replay(&r);
    fflush(stdout);
    int64_t wrong = copy ? recount(&r, copy) : 0;
    return r.refused || wrong ? 1 : 0;
}
