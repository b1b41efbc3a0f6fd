/* routes.c: /p/{place}/guide/{board}: finding, reading, voting; routes_run.c is for who runs it. */
#include "boards/guide/rules.h"
#include "boards/guide/views/guide_list.html.h"
#include "boards/guide/views/guide_show.html.h"
#include "civic/calendar/words.h"
#include "civic/entry/entry_present.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

static bool runs_board(struct request *rq)
{
    const struct board_subject *s = rq->subject;

    return access_allowed(viewer_of(rq), CAP_BOARD_RUN, rq->place, &s->scope);
}

static struct str limit_words(struct request *rq, int64_t amount, struct str unit)
{
    return amount ? calendar_limit_words(rq->arena, rq->lang, limit_unit_from_word(unit), amount)
                  : text(rq->lang, T_guide_at_once);
}

/* Where the viewer lives, when that is at or below the place: whose committee can help. */
static int64_t home_of(const struct viewer *viewer, int64_t place)
{
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified && place_contains(place, viewer->residence[i].community))
            return viewer->residence[i].community;
    return 0;
}

static struct url help_url(struct request *rq)
{
    int64_t home = home_of(viewer_of(rq), rq->place);

    return home ? url_below(rq->arena, board_url(rq->arena, board_of(rq), home), "/help/new") : (struct url){STR_NONE};
}

/* ---- the list, and finding ------------------------------------------------------------------------------------------------ */

enum { LIST_Q, LIST_THEME, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_Q] = {.name = "q",
                .kind = PARAM_TEXT,
                .max = 60,
                .doc = "What somebody wants to get done, in everyday words"},
    [LIST_THEME] = {.name = "theme",
                    .kind = PARAM_CHOICE,
                    .choices = "register,insurance,medical,elderly,family,relief,disabled,work,housing,education,other",
                    .doc = "Only matters of this theme"},
};

static void fill_themes(struct request *rq, const struct guide_rows *all, struct url here, struct str active,
                        struct guide_list_view *view)
{
    struct guide_list_themes *theme = arena_array(rq->arena, struct guide_list_themes, guide_themes_n);
    size_t n = 0;

    for (size_t i = 0; i < guide_themes_n; i++) {
        struct str word = str_from_cstr(guide_themes[i].word);
        int64_t count = 0;

        for (size_t k = 0; k < all->n; k++)
            count += str_eq(all->row[k].theme, word);
        if (count)
            theme[n++] = (struct guide_list_themes){word, guide_themes[i].text, count,
                                                    url_add(rq->arena, here, "theme", word), str_eq(word, active)};
    }
    view->themes.v = theme;
    view->themes.n = n;
}

static enum text state_text(struct str state)
{
    return str_eq(state, STR("published")) ? T_guide_state_published
         : str_eq(state, STR("draft"))     ? T_guide_state_draft
                                           : T_guide_state_withdrawn;
}

static enum result fill_run(struct request *rq, struct url here, struct guide_list_view *view)
{
    struct sql_guide_drafts_rows drafts;
    struct guide_list_drafts *d;
    enum result r = sql_guide_drafts(rq->db, rq->place, board_of(rq)->id, &drafts);

    if (r != OK)
        return r;
    d = arena_array(rq->arena, struct guide_list_drafts, drafts.n ? drafts.n : 1);
    for (size_t i = 0; i < drafts.n; i++)
        d[i] = (struct guide_list_drafts){drafts.row[i].title,
                                          entry_url(rq->arena, board_of(rq), rq->place, drafts.row[i].id),
                                          state_text(drafts.row[i].state)};
    view->drafts.v = d;
    view->drafts.n = drafts.n;
    view->write = url_below(rq->arena, here, "/new");
    view->words = url_below(rq->arena, here, "/words");
    view->figures = url_below(rq->arena, here, "/figures");
    return OK;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct str theme = param_given(rq, LIST_THEME) ? str_from_cstr(guide_themes[param_int(rq, LIST_THEME)].word)
                                                   : STR_NONE;
    struct guide_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .query = param_text(rq, LIST_Q),
        .theme = theme,
        .here = here,
        .ask = help_url(rq),
    };
    struct guide_rows all, shown;
    struct guide_list_rows *row;
    struct organisation head;
    size_t n = 0;
    enum result r = guide_rows(rq->db, &s->board, rq->place, &all);

    if (r != OK)
        return r;
    shown = all;
    fill_themes(rq, &all, here, theme, &view);
    if (view.query.len)
        r = guide_answers(rq->db, rq->place, view.query, &all, GUIDE_FITS, &shown, &view.fits);
    if (r == OK && organisation_head_of(rq->db, rq->place, &head) == OK) {
        view.committee = head.name;
        view.phone = head.phone;
        view.call = url_tel(rq->arena, head.phone);
    }
    if (view.ask.s.len && view.query.len)
        view.ask = url_add(rq->arena, view.ask, "title", str_utf8_cut(view.query, GUIDE_NAME_MAX));
    row = arena_array(rq->arena, struct guide_list_rows, shown.n ? shown.n : 1);
    for (size_t i = 0; r == OK && i < shown.n; i++) {
        const struct sql_guide_list *x = &shown.row[i];

        if (view.query.len == 0 && theme.len && !str_eq(x->theme, theme))
            continue;
        row[n++] = (struct guide_list_rows){
            .id = x->id,
            .place = x->community,
            .title = x->title,
            .theme = guide_word_text(guide_themes, guide_themes_n, x->theme),
            .reach = guide_word_text(guide_reaches, guide_reaches_n, x->reach),
            .limit = limit_words(rq, x->promised_amount, x->promised_unit),
            .counter = x->counter,
            .url = entry_url(rq->arena, &s->board, x->community, x->id),
        };
    }
    view.rows.v = row;
    view.rows.n = n;
    if (r == OK && runs_board(rq))
        r = fill_run(rq, here, &view);
    return r == OK ? respond_view(rq, guide_list, &view) : r;
}

/* ---- one ------------------------------------------------------------------------------------------------------------------------ */

enum { SHOW_VERSION, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "An earlier version, or one to come"},
};

static enum result fill_versions(struct request *rq, struct url self, int64_t shown, int64_t current,
                                 struct guide_show_view *view)
{
    struct sql_guide_versions_rows rows;
    struct guide_show_versions *v;
    enum result r = sql_guide_versions(rq->db, rq->place, entry_of(rq)->id, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct guide_show_versions, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct guide_show_versions){
            .version = rows.row[i].version,
            .name = rows.row[i].name,
            .valid_from = (int32_t)rows.row[i].valid_from,
            .changes = rows.row[i].changes,
            .url = url_add(rq->arena, self, "version", str_printf(rq->arena, "%" PRId64, rows.row[i].version)),
            .shown = rows.row[i].version == shown,
            .current = rows.row[i].version == current,
        };
    view->versions.v = v;
    view->versions.n = rows.n > 1 ? rows.n : 0;
    return OK;
}

static enum result fill_related(struct request *rq, struct str related, struct guide_show_view *view)
{
    struct guide_show_related *to = arena_array(rq->arena, struct guide_show_related, related.len / 2 + 1);
    struct str one;
    size_t n = 0;

    while (str_cut(&related, ',', &one)) {
        struct entry entry;
        int64_t id;
        enum result r;

        if (str_int64(one, 1, INT64_MAX, &id) != OK)
            continue;
        r = entry_get(rq->db, rq->place, id, &entry);
        if (r == E_NOT_FOUND || (r == OK && !entry.listed))
            continue;
        if (r != OK)
            return r;
        to[n++] = (struct guide_show_related){entry.title, entry_url(rq->arena, board_of(rq), rq->place, id)};
    }
    view->related.v = to;
    view->related.n = n;
    return OK;
}

static void fill_facts(struct request *rq, const struct guide_facts *f, struct guide_show_view *view)
{
    struct guide_show_materials *m = arena_array(rq->arena, struct guide_show_materials,
                                                 f->n_materials ? f->n_materials : 1);
    struct str *step = arena_array(rq->arena, struct str, GUIDE_LINES_MAX), rest = f->steps, line;
    size_t n = 0;

    for (size_t i = 0; i < f->n_materials; i++)
        m[i] = (struct guide_show_materials){f->material[i].name,
                                             guide_word_text(guide_forms, guide_forms_n, f->material[i].form),
                                             f->material[i].copies, f->material[i].note};
    view->materials.v = m;
    view->materials.n = f->n_materials;
    while (str_cut(&rest, '\n', &line) && n < GUIDE_LINES_MAX)
        if (str_trim(line).len)
            step[n++] = str_trim(line);
    view->steps.v = step;
    view->steps.n = n;
    view->title = f->name;
    view->who = f->who;
    view->counter = f->counter;
    view->address = f->address;
    view->hours = f->hours;
    view->phone = f->phone;
    view->call = url_tel(rq->arena, f->phone);
    view->online = f->online;
    view->promised = limit_words(rq, f->promised_amount, f->promised_unit);
    view->legal = f->legal_amount ? limit_words(rq, f->legal_amount, f->legal_unit) : STR_NONE;
    view->fee = f->fee;
    view->basis = f->basis;
    view->reach = guide_word_text(guide_reaches, guide_reaches_n, f->reach);
    view->valid_from = f->valid_from;
}

static enum result show(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    const struct viewer *viewer = viewer_of(rq);
    const struct board_subject *s = rq->subject;
    bool showing = rq->route->handle == show, run = runs_board(rq);
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, e->id), help = help_url(rq);
    struct sql_guide_version_on on;
    struct sql_guide_item_get item;
    struct sql_guide_vote_get vote;
    struct guide_facts facts;
    int64_t version;
    enum result r = sql_guide_item_get(rq->db, rq->place, e->id, &item);

    if (r == OK)
        r = sql_guide_version_on(rq->db, rq->place, e->id, day_of(rq->now), &on);
    if (r != OK)
        return r;
    version = showing && param_given(rq, SHOW_VERSION) ? param_int(rq, SHOW_VERSION) : on.version;
    if ((r = guide_facts_get(rq->db, rq->place, e->id, version, &facts)) != OK)
        return r;
    struct guide_show_view view = {
        .id = e->id,
        .place = rq->place,
        .board = board_name(board_of(rq), rq->lang),
        .theme = guide_word_text(guide_themes, guide_themes_n, item.theme),
        .state = state_text(e->state),
        .published = e->listed,
        .unchecked = item.unchecked,
        .version = version,
        .old = version<on.version, .later = version> on.version,
        .useful = item.useful,
        .useless = item.useless,
        .may_vote = e->listed && access_allowed(viewer, CAP_BOARD_TAKE_PART, rq->place, &s->scope),
        .asking = rq->form.n_errors > 0,
        .list = board_url(rq->arena, board_of(rq), rq->place),
        .self = self,
        .vote = url_below(rq->arena, self, "/useful"),
    };
    fill_facts(rq, &facts, &view);
    if ((r = fill_versions(rq, self, version, on.version, &view)) != OK ||
        (r = fill_related(rq, facts.related, &view)) != OK)
        return r;
    if (view.may_vote) {
        r = sql_guide_vote_get(rq->db, rq->place, e->id, viewer->person, &vote);
        if (r != OK && r != E_NOT_FOUND)
            return r;
        view.voted = r == OK;
        view.found_useful = r == OK && vote.useful;
        view.words = r == OK ? vote.words : STR_NONE;
        if (view.words.len)
            form_default(rq, "words", view.words);
    }
    if (e->listed && help.s.len)
        view.help = url_add(rq->arena, url_add(rq->arena, help, "item", str_printf(rq->arena, "%" PRId64, e->id)), "of",
                            str_printf(rq->arena, "%" PRId64, rq->place));
    if (run) {
        view.edit = url_below(rq->arena, self, "/edit");
        view.publish = url_below(rq->arena, self, "/publish");
    } else { /* how others found it is for who runs it */
        view.useful = view.useless = 0;
    }
    return respond_view(rq, guide_show, &view);
}

/* ---- votes ---------------------------------------------------------------------------------------------------------------------------- */

enum { VOTE_USEFUL, VOTE_WORDS, VOTE_PARAMS };
static const struct param vote_params[VOTE_PARAMS] = {
    [VOTE_USEFUL] =
        {.name = "useful", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true, .doc = "Was this of use?"},
    [VOTE_WORDS] = {.name = "words", .kind = PARAM_LINES, .max = 300, .doc = "What is missing; for staff alone"},
};

static enum result vote(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = guide_vote(rq->db, &actor, entry_of(rq), param_int(rq, VOTE_USEFUL) == 1,
                               param_text(rq, VOTE_WORDS));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_guide_over);
    return r == OK
             ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id), T_guide_voted)
             : r;
}

/* ---- publishing, taking down ---------------------------------------------------------------------------------------------------- */

enum { PUBLISH_ON, PUBLISH_PARAMS };
static const struct param publish_params[PUBLISH_PARAMS] = {
    [PUBLISH_ON] = {.name = "published", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
};

static enum result publish(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool on = param_int(rq, PUBLISH_ON) == 1;
    enum result r;

    if (on == str_eq(e->state, STR("published")))
        return request_refuse(rq, E_CONFLICT, T_guide_over);
    r = entry_move(rq->db, &actor, board_of(rq), e, on ? "published" : "withdrawn",
                   on ? STR("published") : STR("withdrawn"), on, STR_NONE);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_guide_over);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, e->id),
                                       on ? T_guide_published : T_guide_withdrawn)
                   : r;
}

/* ---- the job: versions of today ---------------------------------------------------------------------------------------------------------------------- */

static enum result take_effect_run(struct db *db, void *arg)
{
    return guide_take_effect(db, time_now(), 100, arg);
}

static enum result take_effect(struct app *app, struct arena *a)
{
    int64_t n = 0;

    return db_write_wait(app_database(app), a, take_effect_run, &n);
}

static const struct job_kind jobs[] = {{"guide.versions", 5 * TIME_MINUTE, take_effect}};

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/guide/{board:word}"
#define ONE BOARD "/{id}"

static const struct route routes[] = {
    {HTTP_GET, BOARD, "guide.list", .handle = list, .subject = &board_subject, .need = CAP_BOARD_READ,
     PARAMS(list_params), .view = &guide_list_info,
     .doc = "The matters of a place and of those above it, or those that fit a question"},
    {HTTP_GET, ONE, "guide.show", .handle = show, .subject = &entry_subject, .need = CAP_BOARD_READ,
     PARAMS(show_params), .view = &guide_show_info, .doc = "One matter: who, what to bring, where, how, how long"},
    {HTTP_POST, ONE "/useful", "guide.useful", .handle = vote, .subject = &entry_subject, .need = CAP_BOARD_TAKE_PART,
     PARAMS(vote_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show,
     .doc = "Says whether it was of use; once a person, and it may be changed"},
    {HTTP_POST, ONE "/publish", "guide.publish", .handle = publish, .subject = &entry_subject, .need = CAP_BOARD_RUN,
     PARAMS(publish_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show,
     .doc = "Publishes it, or takes it down"},
};

const struct module guide_module = {.name = "guide",
                                    .routes = routes,
                                    .n_routes = sizeof(routes) / sizeof(routes[0]),
                                    .jobs = jobs,
                                    .n_jobs = sizeof(jobs) / sizeof(jobs[0])};
