/* find.c: residents by shown name, building and room, for staff of their own committee; each time stands in the ledger of the place. */
#include "civic/access/access.h"
#include "civic/frame/frame.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.h"
#include "civic/person/person.sql.h"
#include "civic/person/person_find.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

enum { WORDS = 3 };

bool person_may_find(struct request *rq, int64_t place)
{
    const struct viewer_post *post = desk_post(rq);
    const struct viewer *viewer = viewer_of(rq);

    return post && post->place == place && access_allowed(viewer, CAP_RESIDENCE_VERIFY, place, NULL) &&
           access_allowed(viewer, CAP_PERSON_LOOK, place, NULL);
}

/* What LIKE takes as it is: ! is the sign before those that mean something to it. Latin letters are compared in lower case. */
static struct str pattern(struct arena *a, struct str word)
{
    struct buf b;

    buf_init(&b, a, word.len * 2 + 3, word.len * 2 + 3);
    buf_put(&b, STR("%"));
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        if (c == '%' || c == '_' || c == '!')
            buf_put(&b, STR("!"));
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        buf_put(&b, (struct str){&c, 1});
    }
    buf_put(&b, STR("%"));
    return buf_str(&b);
}

/* The words, at most WORDS. 0: none, or so many that it is a sentence and nobody's name. */
static size_t words_of(struct str text, struct str ret[WORDS])
{
    struct str word;
    size_t n = 0;

    while (str_cut(&text, ' ', &word)) {
        word = str_trim(word);
        if (word.len == 0)
            continue;
        if (n == WORDS)
            return 0;
        ret[n++] = word;
    }
    return n;
}

/* Whoever looks for somebody says so: one event for each time, with how many were found. The words, which may be a name, are in it as a hash only. */
static enum result record(struct request *rq, int64_t place, struct str words, size_t n, bool more)
{
    struct ledger_event e = {
        .community = place,
        .id = id_new(),
        .at = rq->now,
        .actor = rq->person,
        .organisation = desk_post(rq)->organisation,
        .verb = STR("searched"),
        .subject_kind = STR("residents"),
        .subject = place,
        .amount = (int64_t)n,
        .detail = more ? STR("{\"more\":true}") : STR_NONE,
    };

    e.text_hash = ledger_text_hash(rq->arena, e.id, words);
    return ledger_append(rq->db, &e);
}

static enum result find(struct request *rq, int64_t place, struct str words, struct people_found *ret)
{
    struct str word[WORDS], name[WORDS], key[WORDS];
    struct sql_residents_found_rows rows;
    size_t n = words_of(words, word);
    enum result r;

    *ret = (struct people_found){0};
    if (n == 0)
        return OK;
    for (size_t i = 0; i < WORDS; i++) { /* fewer words: the last one again */
        struct str w = word[i < n ? i : n - 1];

        name[i] = pattern(rq->arena, w);
        key[i] = place_name_key(rq->arena, w);
        if (key[i].len == 0)
            key[i] = w; /* 室 alone: no room at all */
    }
    r = sql_residents_found(rq->db, place, name[0], key[0], name[1], key[1], name[2], key[2], PEOPLE_FOUND_MAX + 1,
                            &rows);
    if (r != OK)
        return r;
    ret->more = rows.n > PEOPLE_FOUND_MAX;
    ret->n = ret->more ? PEOPLE_FOUND_MAX : rows.n;
    ret->person = arena_array(rq->arena, struct person_found, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->person[i] = (struct person_found){
            .name = rows.row[i].shown_name,
            .home = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(rows.row[i].estate_name),
                               STR_ARG(rows.row[i].building_name), STR_ARG(rows.row[i].room)),
            .url = url_path(rq->arena, "/desk/residents/%" PRId64, rows.row[i].id),
        };
    return OK;
}

enum result person_find(struct request *rq, int64_t place, struct str words, struct people_found *ret)
{
    enum result r;

    if (!person_may_find(rq, place))
        return E_DENIED;
    r = find(rq, place, words, ret);
    return r == OK ? record(rq, place, words, ret->n, ret->more) : r;
}
