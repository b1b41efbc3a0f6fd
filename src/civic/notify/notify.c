/* notify.c: see notify.h. */
#include "civic/notify/room.h"

#include <jansson.h>

#include "civic/notify/notify.sql.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

enum { ARGS_MAX = 8 };
#define KEEP_READ (183 * TIME_DAY)

static struct str args_json(struct arena *a, const struct notice *notice)
{
    struct json j;
    json_init(&j, a);
    json_open(&j, '{');
    for (size_t i = 0; i < notice->n_args; i++) {
        const struct text_arg *arg = &notice->arg[i];
        json_key(&j, str_from_cstr(arg->name));
        if (arg->is_number)
            json_int(&j, arg->number);
        else
            json_str(&j, arg->text);
    }
    json_close(&j, '}');
    return buf_str(&j.buf);
}

/* One row for a person; `unread`: there is one about the same subject, which may be of the same. */
static enum result put(struct db *db, const struct notice *notice, int64_t person, bool unread, bool digest,
                       struct str args, int64_t now, int64_t *ret_id)
{
    struct str key = text_key(notice->text);
    struct sql_notify_take_unread_rows taken = {NULL, 0};
    int64_t count = 1;
    enum result r = unread ? sql_notify_take_unread(db, person, notice->community, notice->subject_kind,
                                                    notice->subject, key, &taken)
                           : OK;

    for (size_t i = 0; r == OK && i < taken.n; i++)
        count += taken.row[i].count;
    *ret_id = id_new();
    return r == OK ? sql_notify_put(db, person, *ret_id, notice->community, key, args, notice->url.s,
                                    notice->subject_kind, notice->subject, count, now, digest)
                   : r;
}

/* At most NOTIFY_AT_ONCE people: what has to be known of them is asked of all together. */
static enum result put_several(struct db *db, const struct notice *notice, const int64_t *person, size_t n,
                               struct str args, int64_t now)
{
    const struct notice_kind *kind = notify_kind(notice->text);
    struct sql_notify_unread_of_rows unread = {NULL, 0};
    struct notice_choice choice[NOTIFY_AT_ONCE];
    int64_t p[NOTIFY_AT_ONCE], id;
    enum result r = OK;

    for (size_t i = 0; i < NOTIFY_AT_ONCE; i++)
        p[i] = i < n ? person[i] : 0;
    if (notice->subject && !notice->fresh)
        r = sql_notify_unread_of(db, notice->subject, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], &unread);
    if (r == OK && kind && kind->outside != T_none)
        r = notify_choices(db, person, n, choice);
    for (size_t i = 0; r == OK && i < n; i++) {
        enum notice_way way = kind && kind->outside != T_none ? notify_way(&choice[i], kind) : WAY_APP;
        bool there = false;

        for (size_t k = 0; k < unread.n; k++)
            there |= unread.row[k].person == person[i];
        r = put(db, notice, person[i], there, way == WAY_DIGEST, args, now, &id);
        if (r == OK && way != WAY_APP)
            r = notify_leave(db, notice, person[i], kind, &choice[i], way, id, now);
    }
    return r;
}

enum result notify_people(struct db *db, const struct notice *notice, const int64_t *person, size_t n, int64_t now)
{
    struct str args;
    enum result r = OK;

    if (text_key(notice->text).len == 0 || notice->n_args > ARGS_MAX)
        return E_INVALID;
    args = args_json(db_arena(db), notice);
    for (size_t i = 0; r == OK && i < n; i += NOTIFY_AT_ONCE)
        r = put_several(db, notice, person + i, n - i < NOTIFY_AT_ONCE ? n - i : NOTIFY_AT_ONCE, args, now);
    return r;
}

enum result notify_put(struct db *db, const struct notice *notice, int64_t now)
{
    return notice->person > 0 ? notify_people(db, notice, &notice->person, 1, now) : E_INVALID;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

/* The words of a stored key. A key that this version does not have any more shows nothing: the row stays, its link too. */
static struct str words_of(struct arena *a, enum lang lang, const struct sql_notify_list *row)
{
    enum text key;
    struct text_arg args[ARGS_MAX + 1];
    size_t n = 0;
    if (text_lookup(row->text_key, &key) != OK)
        return STR_NONE;
    json_t *json = json_loadb(row->args.ptr, row->args.len, 0, NULL);
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        if (n == ARGS_MAX || strcmp(name, "n") == 0)
            continue;
        if (json_is_integer(value))
            args[n++] = TEXT_INT(str_cstr(a, str_from_cstr(name)), json_integer_value(value));
        else if (json_is_string(value))
            args[n++] = TEXT_STR(str_cstr(a, str_from_cstr(name)),
                                 str_dup(a, (struct str){json_string_value(value), json_string_length(value)}));
    }
    json_decref(json);
    args[n++] = TEXT_INT("n", row->count);
    return text_format_(a, lang, key, args, n);
}

enum result notify_list(struct db *db, int64_t person, enum lang lang, int64_t before, int64_t limit,
                        struct notifications *ret_list)
{
    struct arena *a = db_arena(db);
    struct sql_notify_list_rows rows;
    enum result r = sql_notify_list(db, person, before > 0 ? before : INT64_MAX, limit, &rows);
    if (r != OK)
        return r;
    struct notifications list = {arena_array(a, struct notification, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_notify_list *row = &rows.row[i];
        list.notification[i] = (struct notification){.id = row->id,
                                                     .community = row->community,
                                                     .words = words_of(a, lang, row),
                                                     .url = {row->url},
                                                     .subject_kind = row->subject_kind,
                                                     .subject = row->subject,
                                                     .count = row->count,
                                                     .created_at = row->created_at,
                                                     .read_at = row->read_at};
    }
    *ret_list = list;
    return OK;
}

enum result notify_unread(struct db *db, int64_t person, int64_t *ret_count)
{
    struct sql_notify_unread row;
    enum result r = sql_notify_unread(db, person, NOTIFY_UNREAD_MAX, &row);
    if (r == OK)
        *ret_count = row.unread;
    return r;
}

void notify_unread_ahead(struct db *db, int64_t person)
{
    sql_notify_unread_ahead(db, person, NOTIFY_UNREAD_MAX);
}

/* Whoever reads has something that is read: what is old of it goes then, so that writing to people need not look for it. */
static enum result after_reading(struct db *db, int64_t person, int64_t now, enum result r)
{
    return r == OK ? sql_notify_drop_old(db, person, id_first(now - KEEP_READ)) : r;
}

enum result notify_mark_read(struct db *db, int64_t person, int64_t id, int64_t now)
{
    struct sql_notify_get row;
    enum result r = sql_notify_get(db, person, id, &row);

    if (r == OK)
        r = sql_notify_mark_read(db, person, id, now);
    return after_reading(db, person, now, r);
}

enum result notify_mark_all_read(struct db *db, int64_t person, int64_t up_to, int64_t now)
{
    return after_reading(db, person, now, sql_notify_mark_all_read(db, person, up_to, now));
}

enum result notify_mark_subject_read(struct db *db, int64_t person, struct str subject_kind, int64_t subject,
                                     int64_t now)
{
    return after_reading(db, person, now, sql_notify_mark_subject_read(db, person, subject_kind, subject, now));
}

enum result notify_recall_people(struct db *db, const int64_t *person, size_t n, struct str subject_kind,
                                 int64_t subject)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i += NOTIFY_AT_ONCE) {
        int64_t p[NOTIFY_AT_ONCE];

        for (size_t k = 0; k < NOTIFY_AT_ONCE; k++)
            p[k] = i + k < n ? person[i + k] : 0;
        r = sql_notify_recall(db, subject_kind, subject, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
        if (r == OK)
            r = sql_notify_away_recall(db, subject_kind, subject, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
    }
    return r;
}

enum result notify_recall(struct db *db, int64_t person, struct str subject_kind, int64_t subject)
{
    return notify_recall_people(db, &person, 1, subject_kind, subject);
}

enum result notify_forget(struct db *db, int64_t person)
{
    enum result r = sql_notify_forget(db, person);
    if (r == OK)
        r = sql_notify_choice_drop(db, person);
    if (r == OK)
        r = sql_notify_topics_drop(db, person);
    if (r == OK)
        r = sql_notify_offs_drop(db, person);
    if (r == OK)
        r = sql_notify_away_forget(db, person);
    return r == OK ? sql_notify_sent_drop(db, person, INT32_MAX) : r;
}
