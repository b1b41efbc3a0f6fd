/* verify.c: reads chains from the beginning and names the first row that is not as it was written. */
#include "civic/ledger/chain.h"
#include "civic/ledger/ledger.h"
#include "civic/ledger/ledger.sql.h"

#define BATCH 500

const char *ledger_fault_words(enum ledger_fault fault)
{
    static const char *const words[] = {
        "whole",
        "this row was changed, or does not follow the row before it",
        "this row was removed",
        "this row was put in: the head of the chain does not know it",
        "the head of the chain is missing or does not belong to the last row",
        "a daily head that was written down says otherwise about this row",
    };

    return (size_t)fault < sizeof words / sizeof *words ? words[fault] : "";
}

/* Where a reader of one chain stands. What must outlive a batch is copied into it. */
struct walk {
    int64_t community, seq;
    unsigned char hash[CHAIN_HASH]; /* of row seq, as stored */
    struct ledger_verdict *verdict;
};

static void found(struct walk *w, enum ledger_fault fault, int64_t seq)
{
    w->verdict->fault = fault;
    w->verdict->community = w->community;
    w->verdict->seq = seq;
}

/* What was written down at the end of days, against the rows as they are. Both lists rise. */
static void check_days(struct walk *w, const struct sql_ledger_days_rows *days, const struct sql_ledger_rows *row)
{
    for (size_t i = 0; i < days->n; i++)
        if (days->row[i].seq == row->seq && !str_eq(days->row[i].hash, row->hash)) {
            found(w, LEDGER_DAY, row->seq);
            return;
        }
}

/* One batch in one snapshot. *ret_end: there is no more. */
static enum result walk_on(struct walk *w, struct db *db, bool *ret_end)
{
    struct sql_ledger_rows_rows rows;
    struct sql_ledger_head head = {0};
    struct sql_ledger_days_rows days;
    enum result r = sql_ledger_rows(db, w->community, w->seq ? w->seq : INT64_MIN, BATCH, &rows);
    if (r != OK)
        return r;
    enum result have_head = sql_ledger_head(db, w->community, &head);
    if (have_head != OK && have_head != E_NOT_FOUND)
        return have_head;
    r = sql_ledger_days(db, w->community, &days);
    if (r != OK)
        return r;

    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_ledger_rows *row = &rows.row[i];
        unsigned char hash[CHAIN_HASH];
        struct ledger_event e = {row->community,    row->seq,    row->id,           row->at,       row->actor,
                                 row->organisation, row->verb,   row->subject_kind, row->subject,  row->state_before,
                                 row->state_after,  row->amount, row->detail,       row->text_hash};

        w->verdict->rows++;
        if (row->seq <= w->seq || (have_head == OK && row->seq > head.seq)) {
            if (have_head == OK && head.seq > w->seq) /* the known rows end before the stranger */
                found(w, row->seq > head.seq ? LEDGER_MISSING : LEDGER_EXTRA,
                      row->seq > head.seq ? w->seq + 1 : row->seq);
            else
                found(w, LEDGER_EXTRA, row->seq);
            return OK;
        }
        if (row->seq != w->seq + 1) {
            found(w, LEDGER_MISSING, w->seq + 1);
            return OK;
        }
        chain_next((struct str){(const char *)w->hash, sizeof w->hash}, &e, hash);
        if (!str_eq(row->hash, (struct str){(const char *)hash, sizeof hash})) {
            found(w, LEDGER_CHANGED, row->seq);
            return OK;
        }
        memcpy(w->hash, hash, sizeof hash);
        w->seq = row->seq;
        check_days(w, &days, row);
        if (w->verdict->fault)
            return OK;
    }
    *ret_end = rows.n < BATCH;
    if (!*ret_end)
        return OK;
    if (have_head != OK)
        found(w, LEDGER_HEAD, w->seq);
    else if (head.seq > w->seq)
        found(w, LEDGER_MISSING, w->seq + 1);
    else if (!str_eq(head.hash, (struct str){(const char *)w->hash, sizeof w->hash}))
        found(w, LEDGER_HEAD, w->seq);
    else if (days.n && days.row[days.n - 1].seq > w->seq)
        found(w, LEDGER_DAY, days.row[days.n - 1].seq);
    return OK;
}

static enum result verify_one(struct database *database, struct arena *a, int64_t community,
                              struct ledger_verdict *verdict)
{
    struct walk w = {.community = community, .verdict = verdict};
    bool end = false;

    chain_first(community, w.hash);
    verdict->chains++;
    while (!end && !verdict->fault) {
        struct db *db;
        enum result r = db_read_begin(database, a, &db);
        if (r != OK)
            return r;
        r = walk_on(&w, db, &end);
        db_read_end(db);
        arena_reset(a);
        if (r != OK)
            return r;
    }
    return OK;
}

enum result ledger_verify(struct database *database, struct arena *a, int64_t community,
                          struct ledger_verdict *ret_verdict)
{
    struct ledger_verdict verdict = {0};
    enum result r = OK;

    if (community)
        r = verify_one(database, a, community, &verdict);
    for (int64_t at = INT64_MIN; !community && !verdict.fault && r == OK;) {
        struct db *db;
        r = db_read_begin(database, a, &db);
        if (r != OK)
            return r;
        r = ledger_next_community(db, at, &at);
        db_read_end(db);
        arena_reset(a);
        if (r == E_NOT_FOUND) {
            r = OK;
            break;
        }
        if (r == OK)
            r = verify_one(database, a, at, &verdict);
    }
    if (r == OK)
        *ret_verdict = verdict;
    return r;
}
