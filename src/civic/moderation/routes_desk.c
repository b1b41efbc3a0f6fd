/* routes_desk.c: the queue of a place, appeals against what others decided, and the words that are watched for. */
#include "civic/moderation/words.h"

#include <stdlib.h>

#include "civic/frame/frame.h"
#include "civic/moderation/moderation.sql.h"
#include "civic/moderation/views/desk_appeal.html.h"
#include "civic/moderation/views/desk_appeals.html.h"
#include "civic/moderation/views/desk_case.html.h"
#include "civic/moderation/views/desk_moderation.html.h"
#include "civic/moderation/views/desk_words.html.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

enum { PAGE = 40, BEGINNING = 60 };

static struct moderation_actor actor_of(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);

    return (struct moderation_actor){rq->person, post ? post->organisation : 0, rq->now};
}

static const struct param after_params[] = {
    {.name = "after", .kind = PARAM_ID, .doc = "Paging: newer than this id"},
};

static int64_t after_of(const struct request *rq)
{
    return param_given(rq, 0) ? param_int(rq, 0) : 0;
}

static struct url more_of(struct request *rq, const char *path, int64_t last)
{
    return url_add(rq->arena, url_path(rq->arena, "%s", path), "after", str_printf(rq->arena, "%" PRId64, last));
}

/* The place of a post and, behind it, those that have ended and whose heir it is. */
static int64_t desk_place(const struct viewer_post *post, size_t i)
{
    return i == 0 ? post->place : post->stands_for[i - 1];
}

/* ---- the queue ----------------------------------------------------------------------------------------------------- */

/* What a thing is called in a list: its title, or how it begins. Gone: nothing. */
static struct str line_of(struct request *rq, int64_t community, const struct moderation_kind *kind, int64_t id)
{
    struct moderation_thing thing;

    if (!kind || kind->get(rq->db, community, id, &thing) != OK)
        return STR("–");
    return str_utf8_cut(kind->tells ? thing.title : thing.body, BEGINNING);
}

struct waiting {
    int64_t community;
    struct sql_moderation_queue row;
};

static int oldest_first(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;

    return x->row.id < y->row.id ? -1 : x->row.id > y->row.id;
}

/* The PAGE + 1 oldest of all of the post's places. */
static enum result waiting(struct request *rq, const struct viewer_post *post, struct waiting **ret, size_t *ret_n)
{
    struct waiting *all = arena_array(rq->arena, struct waiting, (post->n_stands_for + 1) * (PAGE + 1));
    size_t n = 0;
    enum result r = OK;

    for (size_t i = 0; r == OK && i <= post->n_stands_for; i++) {
        struct sql_moderation_queue_rows rows;

        r = sql_moderation_queue(rq->db, desk_place(post, i), after_of(rq), PAGE + 1, &rows);
        for (size_t k = 0; r == OK && k < rows.n; k++)
            all[n++] = (struct waiting){desk_place(post, i), rows.row[k]};
    }
    qsort(all, n, sizeof(*all), oldest_first);
    *ret = all;
    *ret_n = n;
    return r;
}

static enum result queue(struct request *rq)
{
    struct waiting *rows;
    struct place place;
    size_t n;
    struct desk_moderation_view view = {.name = place_short_name(place_of(rq)->name),
                                        .words = url_path(rq->arena, "/desk/words")};
    struct desk_moderation_rows *to;
    enum result r = waiting(rq, desk_post(rq), &rows, &n);

    if (r != OK)
        return r;
    if (n > PAGE) {
        n = PAGE;
        view.more = more_of(rq, "/desk/moderation", rows[PAGE - 1].row.id);
    }
    to = arena_array(rq->arena, struct desk_moderation_rows, n ? n : 1);
    for (size_t i = 0; r == OK && i < n; i++) {
        const struct sql_moderation_queue *row = &rows[i].row;
        const struct moderation_kind *kind = moderation_kind_of(row->thing_kind);

        to[i] = (struct desk_moderation_rows){
            .id = row->id,
            .thing = kind ? kind->name : T_none,
            .text = line_of(rq, rows[i].community, kind, row->thing),
            .author = row->shown_name,
            .held = row->held,
            .flags = row->flags,
            .at = row->opened_at,
            .url = url_path(rq->arena, "/desk/moderation/%" PRId64, row->id),
        };
        if (rows[i].community != rq->place && (r = place_get(rq->db, rows[i].community, &place)) == OK)
            to[i].place = place_short_name(place.name);
    }
    view.rows.v = to;
    view.rows.n = n;
    return r == OK ? respond_view(rq, desk_moderation, &view) : r;
}

/* ---- one case -------------------------------------------------------------------------------------------------------- */

struct case_subject {
    struct subject_scope scope; /* first */
    struct sql_moderation_case_get row;
};

/* Of the post's own place and of those that it stands for: the number of another place's case is the number of nothing. */
static enum result load_case(struct request *rq)
{
    struct case_subject *s = arena_new(rq->arena, struct case_subject);
    const struct viewer_post *post = desk_post(rq);
    enum result r = E_NOT_FOUND;

    rq->subject = s;
    if (post == NULL)
        return OK; /* the right is refused then */
    for (size_t i = 0; r == E_NOT_FOUND && i <= post->n_stands_for; i++) {
        rq->place = desk_place(post, i);
        r = sql_moderation_case_get(rq->db, rq->place, rq->path_id[0], &s->row);
    }
    if (r == E_NOT_FOUND)
        rq->place = post->place;
    s->scope.place = rq->place;
    return r;
}

static const struct subject_kind case_subject = {"moderation_case", load_case};

static const struct sql_moderation_case_get *case_of(const struct request *rq)
{
    return &((const struct case_subject *)rq->subject)->row;
}

static enum text reason_text(struct str word)
{
    static const struct {
        const char *word;
        enum text text;
    } reasons[] = {
        {"insult", T_moderation_reason_insult},   {"false", T_moderation_reason_false},
        {"private", T_moderation_reason_private}, {"advertising", T_moderation_reason_advertising},
        {"illegal", T_moderation_reason_illegal},
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (str_eq(word, str_from_cstr(reasons[i].word)))
            return reasons[i].text;
    return T_moderation_reason_other;
}

static enum text measure_state_text(struct str state)
{
    static const enum text texts[] = {T_moderation_state_standing, T_moderation_state_appealed, T_moderation_state_kept,
                                      T_moderation_state_lifted};
    int s = flow_state_of(&measure_flow, state);

    return s < 0 ? T_none : texts[s];
}

static enum result fill_flags(struct request *rq, struct desk_case_view *view)
{
    struct sql_moderation_flags_rows rows;
    struct desk_case_flags *to;
    enum result r = sql_moderation_flags(rq->db, rq->place, case_of(rq)->thing_kind, case_of(rq)->thing, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_case_flags, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_case_flags){reason_text(rows.row[i].reason), rows.row[i].words, rows.row[i].shown_name,
                                         rows.row[i].at};
    view->flags.v = to;
    view->flags.n = rows.n;
    return OK;
}

static enum result fill_measures(struct request *rq, struct desk_case_view *view)
{
    enum { MOST = 50 };
    struct sql_moderation_measures_against_rows rows;
    struct desk_case_measures *to;
    enum result r = sql_moderation_measures_against(rq->db, rq->place, case_of(rq)->author, MOST, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_case_measures, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_case_measures){
            .kind = str_eq(rows.row[i].kind, STR("muted")) ? T_moderation_kind_muted : T_moderation_kind_hidden,
            .reason = rows.row[i].reason,
            .at = rows.row[i].at,
            .until = rows.row[i].ends_at,
            .state = measure_state_text(rows.row[i].state),
        };
    view->measures.v = to;
    view->measures.n = rows.n;
    return OK;
}

static enum result version_row(struct request *rq, const struct moderation_text *text, struct desk_case_versions *to)
{
    struct person_label label = {0};
    enum result r = person_label(rq->db, text->person, rq->place, &label);

    *to = (struct desk_case_versions){text->version, text->title, text->body, label.name, text->at};
    return r == E_NOT_FOUND ? OK : r;
}

static enum result fill_versions(struct request *rq, const struct moderation_kind *kind,
                                 const struct moderation_thing *thing, struct desk_case_view *view)
{
    struct moderation_text *texts;
    struct desk_case_versions *to;
    size_t n;
    enum result r;

    if (!kind->texts)
        return OK;
    if ((r = kind->texts(rq->db, thing, &texts, &n)) != OK)
        return r;
    to = arena_array(rq->arena, struct desk_case_versions, n ? n : 1);
    for (size_t i = 0; r == OK && i < n; i++)
        r = version_row(rq, &texts[i], &to[i]);
    view->versions.v = to;
    view->versions.n = n;
    return r;
}

static enum result show(struct request *rq)
{
    const struct sql_moderation_case_get *row = case_of(rq);
    const struct moderation_kind *kind = moderation_kind_of(row->thing_kind);
    struct url self = url_path(rq->arena, "/desk/moderation/%" PRId64, row->id);
    struct person_label label;
    struct moderation_thing thing;
    enum result r;

    if (!kind)
        return E_NOT_FOUND;
    if ((r = kind->get(rq->db, rq->place, row->thing, &thing)) != OK)
        return r;
    if ((r = person_label(rq->db, row->author, rq->place, &label)) != OK)
        return r;
    struct desk_case_view view = {
        .id = row->id,
        .thing = kind->name,
        .heading = thing.title,
        .body = thing.body,
        .author = label.name,
        .from = label.from,
        .state = str_eq(row->state, STR("open")) ? T_moderation_case_open
               : str_eq(row->state, STR("fine")) ? T_moderation_case_fine
                                                 : T_moderation_case_hidden,
        .open = str_eq(row->state, STR("open")),
        .held = row->held && thing.hidden,
        .at = row->opened_at,
        .may_mute = thing.organisation == 0 && row->author != rq->person,
        .url = thing.url,
        .history = moderation_history_url(rq, rq->place, kind->word, thing.id),
        .fine = url_below(rq->arena, self, "/fine"),
        .hide = url_below(rq->arena, self, "/hide"),
        .mute = url_below(rq->arena, self, "/mute"),
    };
    form_default(rq, "days", STR("7"));
    r = fill_flags(rq, &view);
    if (r == OK)
        r = fill_measures(rq, &view);
    if (r == OK)
        r = fill_versions(rq, kind, &thing, &view);
    return r == OK ? respond_view(rq, desk_case, &view) : r;
}

static enum result decided(struct request *rq, enum result r, enum text flash)
{
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_moderation_decided_before);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/moderation"), flash) : r;
}

static enum result fine(struct request *rq)
{
    const struct moderation_actor actor = actor_of(rq);

    return decided(rq, moderation_fine(rq->db, &actor, rq->place, case_of(rq)->id), T_moderation_done_fine);
}

static const struct param hide_params[] = {
    {.name = "reason", .kind = PARAM_TEXT, .required = true, .min = 2, .max = 200, .doc = "Why; the author reads it"},
};

static enum result hide(struct request *rq)
{
    const struct moderation_actor actor = actor_of(rq);

    return decided(rq, moderation_hide(rq->db, &actor, rq->place, case_of(rq)->id, param_text(rq, 0)),
                   T_moderation_done_hidden);
}

enum { MUTE_DAYS, MUTE_WHY, MUTE_PARAMS };
static const struct param mute_params[MUTE_PARAMS] = {
    [MUTE_DAYS] =
        {.name = "days", .kind = PARAM_INT, .required = true, .min = 1, .max = MUTE_DAYS_MAX, .doc = "For how long"},
    [MUTE_WHY] =
        {.name = "why", .kind = PARAM_TEXT, .required = true, .min = 2, .max = 200, .doc = "Why; the person reads it"},
};

/* Where the viewer works: of a community that has ended nobody lives there any more, and a mute of it would silence nobody. */
static enum result mute(struct request *rq)
{
    const struct moderation_actor actor = actor_of(rq);
    enum result r = moderation_mute(rq->db, &actor, desk_post(rq)->place, case_of(rq)->author, param_int(rq, MUTE_DAYS),
                                    param_text(rq, MUTE_WHY));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/moderation/%" PRId64, case_of(rq)->id),
                                       T_moderation_done_muted)
                   : r;
}

/* ---- appeals ------------------------------------------------------------------------------------------------------------- */

static enum text kind_text(struct str kind)
{
    return str_eq(kind, STR("muted")) ? T_moderation_kind_muted : T_moderation_kind_hidden;
}

/* All below the post's place; and what has ended has nothing below it. */
static void appeals_range(const struct viewer_post *post, size_t i, int64_t *ret_first, int64_t *ret_last)
{
    *ret_first = *ret_last = desk_place(post, i);
    if (i == 0)
        place_range(post->place, ret_first, ret_last);
}

static int oldest_appeal_first(const void *a, const void *b)
{
    const struct sql_moderation_appeals *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static enum result appealed(struct request *rq, const struct viewer_post *post, struct sql_moderation_appeals **ret,
                            size_t *ret_n)
{
    struct sql_moderation_appeals *all = arena_array(rq->arena, struct sql_moderation_appeals,
                                                     (post->n_stands_for + 1) * (PAGE + 1));
    size_t n = 0;
    enum result r = OK;

    for (size_t i = 0; r == OK && i <= post->n_stands_for; i++) {
        struct sql_moderation_appeals_rows rows;
        int64_t first, last;

        appeals_range(post, i, &first, &last);
        r = sql_moderation_appeals(rq->db, first, last, rq->person, after_of(rq), PAGE + 1, &rows);
        for (size_t k = 0; r == OK && k < rows.n; k++)
            all[n++] = rows.row[k];
    }
    qsort(all, n, sizeof(*all), oldest_appeal_first);
    *ret = all;
    *ret_n = n;
    return r;
}

static enum result appeals(struct request *rq)
{
    struct sql_moderation_appeals *rows;
    struct desk_appeals_view view = {0};
    struct desk_appeals_rows *to;
    size_t n;
    enum result r = appealed(rq, desk_post(rq), &rows, &n);

    if (r != OK)
        return r;
    if (n > PAGE) {
        n = PAGE;
        view.more = more_of(rq, "/desk/appeals", rows[PAGE - 1].id);
    }
    to = arena_array(rq->arena, struct desk_appeals_rows, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        to[i] = (struct desk_appeals_rows){
            .id = rows[i].id,
            .community = rows[i].community,
            .kind = kind_text(rows[i].kind),
            .person = rows[i].shown_name,
            .reason = rows[i].reason,
            .due = rows[i].answer_due,
            .late = rows[i].answer_due < rq->now,
            .url = url_path(rq->arena, "/desk/appeals/%" PRId64 "/%" PRId64, rows[i].community, rows[i].id),
        };
    view.rows.v = to;
    view.rows.n = n;
    return respond_view(rq, desk_appeals, &view);
}

struct appeal_subject {
    struct subject_scope scope; /* first */
    struct sql_moderation_measure_get measure;
};

static enum result load_appeal(struct request *rq)
{
    struct appeal_subject *s = arena_new(rq->arena, struct appeal_subject);
    enum result r = sql_moderation_measure_get(rq->db, rq->path_id[0], rq->path_id[1], &s->measure);

    if (r != OK)
        return r;
    if (s->measure.appealed_at == 0)
        return E_NOT_FOUND;
    rq->place = rq->path_id[0];
    s->scope.place = rq->place;
    rq->subject = s;
    return OK;
}

static const struct subject_kind appeal_subject = {"appeal", load_appeal};

static const struct sql_moderation_measure_get *measure_of(const struct request *rq)
{
    return &((const struct appeal_subject *)rq->subject)->measure;
}

static enum result appeal(struct request *rq)
{
    const struct sql_moderation_measure_get *m = measure_of(rq);
    const struct moderation_kind *kind = moderation_kind_of(m->thing_kind);
    bool waits = str_eq(m->state, STR("appealed")), own = m->by_person == rq->person || m->person == rq->person;
    struct moderation_thing thing;
    struct desk_appeal_view view = {
        .id = m->id,
        .kind = kind_text(m->kind),
        .person = m->shown_name,
        .by = m->by_name,
        .reason = m->reason,
        .at = m->at,
        .until = m->ends_at,
        .appeal = m->appeal,
        .due = waits ? m->answer_due : 0,
        .state = measure_state_text(m->state),
        .open = waits && !own,
        .own = waits && own,
        .answer = m->answer,
        .action = url_path(rq->arena, "/desk/appeals/%" PRId64 "/%" PRId64, rq->place, m->id),
    };

    if (kind && kind->get(rq->db, rq->place, m->thing, &thing) == OK) {
        view.thing = kind->name;
        view.heading = thing.title;
        view.body = thing.body;
    }
    return respond_view(rq, desk_appeal, &view);
}

enum { ANSWER_WORDS, ANSWER_LIFT, ANSWER_PARAMS }; /* as they stand on the page */
static const struct param answer_params[ANSWER_PARAMS] = {
    [ANSWER_LIFT] =
        {.name = "lift", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true, .doc = "Take the measure back"},
    [ANSWER_WORDS] =
        {.name = "words", .kind = PARAM_LINES, .required = true, .min = 2, .max = 500, .doc = "The answer in words"},
};

static enum result answer(struct request *rq)
{
    const struct moderation_actor actor = actor_of(rq);
    bool lift = param_int(rq, ANSWER_LIFT) == 1;
    enum result r = moderation_answer(rq->db, &actor, rq->place, measure_of(rq)->id, lift,
                                      param_text(rq, ANSWER_WORDS));

    if (r == E_DENIED)
        return request_refuse(rq, r, T_moderation_own);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_moderation_decided_before);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/appeals"),
                                       lift ? T_moderation_done_lifted : T_moderation_done_kept)
                   : r;
}

/* ---- watched words ---------------------------------------------------------------------------------------------------------- */

enum { WORDS_SHOWN = 300, WORDS_MAX = 20000, WORD_BYTES = 160 };

static enum text action_text(struct str action)
{
    static const enum text texts[] = {
        [WATCH_WARN] = T_moderation_action_warn,
        [WATCH_MASK] = T_moderation_action_mask,
        [WATCH_REVIEW] = T_moderation_action_review,
        [WATCH_BLOCK] = T_moderation_action_block,
    };

    return texts[watch_action_of(action)];
}

static enum result words(struct request *rq)
{
    struct sql_watched_words_of_rows rows;
    struct sql_watched_words_count count;
    struct desk_words_view view = {.name = place_short_name(place_of(rq)->name)};
    struct desk_words_rows *to;
    enum result r = sql_watched_words_of(rq->db, rq->place, WORDS_SHOWN, &rows);

    if (r == OK)
        r = sql_watched_words_count(rq->db, rq->place, &count);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_words_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_words_rows){
            .id = rows.row[i].id,
            .word = rows.row[i].word,
            .action = action_text(rows.row[i].action),
            .by = rows.row[i].shown_name,
            .at = rows.row[i].made_at,
            .drop = url_path(rq->arena, "/desk/words/%" PRId64 "/drop", rows.row[i].id),
        };
    view.rows.v = to;
    view.rows.n = rows.n;
    view.total = count.n;
    form_default(rq, "action", STR("review"));
    return respond_view(rq, desk_words, &view);
}

static enum result changed_words(struct request *rq, const char *verb, int64_t n)
{
    const struct moderation_actor actor = actor_of(rq);

    return watch_words_changed(rq->db, rq->place, actor.person, actor.organisation, verb, n, rq->now);
}

enum { WORDS_WORDS, WORDS_ACTION, WORDS_PARAMS };
static const struct param words_params[WORDS_PARAMS] = {
    [WORDS_WORDS] = {.name = "words", .kind = PARAM_LINES, .required = true, .max = WORDS_MAX, .doc = "One a line"},
    [WORDS_ACTION] = {.name = "action",
                      .kind = PARAM_CHOICE,
                      .choices = "warn,mask,review,block",
                      .required = true,
                      .doc = "What happens to a text that has one of them"},
};

static enum result add_words(struct request *rq)
{
    struct str rest = param_text(rq, WORDS_WORDS), line;
    const char *action = watch_action_word((enum watch_action)param_int(rq, WORDS_ACTION));
    int64_t added = 0, made;
    enum result r = OK;

    while (r == OK && str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0)
            continue;
        if (line.len > WORD_BYTES || !watch_takes(line))
            return request_invalid(rq, "words", T_moderation_words_wrong);
        r = sql_watched_word_put(rq->db, id_new(), rq->place, line, str_from_cstr(action), rq->person, rq->now, &made);
        added += made;
    }
    if (r == OK && added)
        r = changed_words(rq, "words_added", added);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/words"), T_moderation_words_changed) : r;
}

/* The place is the post's: of another place's words there is nothing to drop. */
static enum result drop_word(struct request *rq)
{
    int64_t gone;
    enum result r = sql_watched_word_drop(rq->db, rq->place, rq->path_id[0], &gone);

    if (r == OK && gone == 0)
        return E_NOT_FOUND;
    if (r == OK)
        r = changed_words(rq, "words_dropped", gone);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/words"), T_moderation_words_changed) : r;
}

/* ---- tables ------------------------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

static const struct route routes[] = {
    {HTTP_GET, "/desk/moderation", "moderation.queue", .handle = queue, .subject = &place_of_post,
     .need = CAP_MODERATE_QUEUE, PARAMS(after_params), .view = &desk_moderation_info,
     .doc = "What was flagged or held back at the post's place, oldest first"},
    {HTTP_GET, "/desk/moderation/{id}", "moderation.case", .handle = show, .subject = &case_subject,
     .need = CAP_MODERATE_QUEUE, .view = &desk_case_info,
     .doc = "One case: text, versions, flags, what was done before"},
    {HTTP_POST, "/desk/moderation/{id}/fine", "moderation.fine", .handle = fine, .subject = &case_subject,
     .need = CAP_MODERATE_QUEUE, WRITES, .again = show, .doc = "Nothing is wrong with it"},
    {HTTP_POST, "/desk/moderation/{id}/hide", "moderation.hide", .handle = hide, .subject = &case_subject,
     .need = CAP_MODERATE_QUEUE, PARAMS(hide_params), WRITES, .again = show, .doc = "Hides it, with a reason"},
    {HTTP_POST, "/desk/moderation/{id}/mute", "moderation.mute", .handle = mute, .subject = &case_subject,
     .need = CAP_MODERATE_QUEUE, PARAMS(mute_params), WRITES, .again = show,
     .doc = "Its author cannot write here until a day"},
    {HTTP_GET, "/desk/appeals", "moderation.appeals", .handle = appeals, .subject = &place_of_post,
     .need = CAP_MODERATE_APPEAL, PARAMS(after_params), .view = &desk_appeals_info,
     .doc = "Appeals of the post's place and below against what somebody else decided"},
    {HTTP_GET, "/desk/appeals/{place}/{id}", "moderation.appeal.show", .handle = appeal, .subject = &appeal_subject,
     .need = CAP_MODERATE_APPEAL, .view = &desk_appeal_info, .doc = "One appeal"},
    {HTTP_POST, "/desk/appeals/{place}/{id}", "moderation.answer", .handle = answer, .subject = &appeal_subject,
     .need = CAP_MODERATE_APPEAL, PARAMS(answer_params), WRITES, .again = appeal,
     .doc = "Answers an appeal: keeps the measure, or takes it back"},
    {HTTP_GET, "/desk/words", "moderation.words", .handle = words, .subject = &place_of_post, .need = CAP_WATCH_WORDS,
     .view = &desk_words_info, .doc = "The words that the post's place watches for"},
    {HTTP_POST, "/desk/words", "moderation.words.add", .handle = add_words, .subject = &place_of_post,
     .need = CAP_WATCH_WORDS, PARAMS(words_params), WRITES, .max_body = 128 << 10, .again = words,
     .doc = "Adds words; they count at the place and below"},
    {HTTP_POST, "/desk/words/{id}/drop", "moderation.words.drop", .handle = drop_word, .subject = &place_of_post,
     .need = CAP_WATCH_WORDS, WRITES, .doc = "Takes a word off the list"},
};
const struct module moderation_desk_module = {
    .name = "moderation.desk", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};

static enum result count_queue(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                               int64_t *ret_late)
{
    struct sql_moderation_queue_count row;
    enum result r = OK;

    *ret_waiting = *ret_late = 0;
    for (size_t i = 0; r == OK && i <= post->n_stands_for; i++) {
        r = sql_moderation_queue_count(rq->db, desk_place(post, i), rq->now - TIME_DAY, &row);
        if (r == OK) {
            *ret_waiting += row.n;
            *ret_late += row.late;
        }
    }
    return r;
}

static enum result count_appeals(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    struct sql_moderation_appeals_count row;
    int64_t first, last;
    enum result r = OK;

    *ret_waiting = *ret_late = 0;
    for (size_t i = 0; r == OK && i <= post->n_stands_for; i++) {
        appeals_range(post, i, &first, &last);
        r = sql_moderation_appeals_count(rq->db, first, last, rq->person, rq->now, &row);
        if (r == OK) {
            *ret_waiting += row.n;
            *ret_late += row.late;
        }
    }
    return r;
}

static const struct desk_item desk[] = {
    {T_moderation_desk, T_place_desk_group, "/desk/moderation", CAP_MODERATE_QUEUE, count_queue},
    {T_moderation_appeals, T_place_desk_group, "/desk/appeals", CAP_MODERATE_APPEAL, count_appeals},
};
const struct desk_table moderation_desk = {desk, sizeof(desk) / sizeof(desk[0])};
