/* routes_run.c: for who runs the guide: writing and changing matters, what people say for them, what was of use. */
#include "boards/guide/rules.h"
#include "boards/guide/views/guide_figures.html.h"
#include "boards/guide/views/guide_words.html.h"
#include "boards/guide/views/guide_write.html.h"
#include "civic/entry/entry_present.h"
#include "civic/ledger/ledger.h"
#include "engine/base/ids.h"

/* ---- writing ----------------------------------------------------------------------------------------------------------------------------- */

enum {
    W_NAME,
    W_THEME,
    W_REACH,
    W_WHO,
    W_MATERIALS,
    W_COUNTER,
    W_ADDRESS,
    W_HOURS,
    W_PHONE,
    W_ONLINE,
    W_STEPS,
    W_PROMISED,
    W_PROMISED_UNIT,
    W_LEGAL,
    W_LEGAL_UNIT,
    W_FEE,
    W_BASIS,
    W_SAID,
    W_RELATED,
    W_CHANGES,
    W_VALID_FROM,
    W_CHECKED,
    W_DRAFT,
    W_VERSION,
    W_PARAMS
};
static const struct param write_params[W_PARAMS] = {
    [W_NAME] =
        {.name = "name", .kind = PARAM_TEXT, .required = true, .min = 2, .max = GUIDE_NAME_MAX, .doc = "The matter"},
    [W_THEME] = {.name = "theme",
                 .kind = PARAM_CHOICE,
                 .choices = "register,insurance,medical,elderly,family,relief,disabled,work,housing,education,other",
                 .required = true},
    [W_REACH] = {.name = "reach",
                 .kind = PARAM_CHOICE,
                 .choices = "city,district,street,community",
                 .required = true,
                 .doc = "Whose counters take it"},
    [W_WHO] = {.name = "who", .kind = PARAM_LINES, .max = GUIDE_LINES_MAX, .doc = "Who may apply"},
    [W_MATERIALS] = {.name = "materials",
                     .kind = PARAM_LINES,
                     .max = 5000,
                     .doc = "One a line: name|original, copy, both or filled|how many|note"},
    [W_COUNTER] = {.name = "counter", .kind = PARAM_TEXT, .max = GUIDE_LINE_MAX},
    [W_ADDRESS] = {.name = "address", .kind = PARAM_TEXT, .max = GUIDE_LINE_MAX},
    [W_HOURS] = {.name = "hours", .kind = PARAM_TEXT, .max = GUIDE_LINE_MAX},
    [W_PHONE] = {.name = "phone", .kind = PARAM_TEXT, .max = 60},
    [W_ONLINE] = {.name = "online", .kind = PARAM_TEXT, .max = GUIDE_LINE_MAX},
    [W_STEPS] = {.name = "steps", .kind = PARAM_LINES, .max = GUIDE_LINES_MAX, .doc = "One a line"},
    [W_PROMISED] =
        {.name = "promised", .kind = PARAM_INT, .min = 0, .max = 1000, .doc = "Promised within; 0: while one waits"},
    [W_PROMISED_UNIT] = {.name = "promised_unit", .kind = PARAM_CHOICE, .choices = "work_day,calendar_day"},
    [W_LEGAL] = {.name = "legal", .kind = PARAM_INT, .min = 0, .max = 1000, .doc = "The limit by law; 0: none"},
    [W_LEGAL_UNIT] = {.name = "legal_unit", .kind = PARAM_CHOICE, .choices = "work_day,calendar_day"},
    [W_FEE] = {.name = "fee", .kind = PARAM_TEXT, .max = GUIDE_LINE_MAX, .doc = "Empty: free of charge"},
    [W_BASIS] = {.name = "basis", .kind = PARAM_LINES, .max = GUIDE_LINES_MAX, .doc = "Laws and rules"},
    [W_SAID] = {.name = "said", .kind = PARAM_LINES, .max = 1000, .doc = "What people say for it, one a line"},
    [W_RELATED] = {.name = "related", .kind = PARAM_LIST, .max = 20, .doc = "Other matters of the place"},
    [W_CHANGES] = {.name = "changes",
                   .kind = PARAM_TEXT,
                   .max = GUIDE_LINE_MAX,
                   .doc = "What is different from the version before"},
    [W_VALID_FROM] = {.name = "valid_from", .kind = PARAM_DATE, .doc = "Holds from this day; empty: today"},
    [W_CHECKED] = {.name = "checked", .kind = PARAM_BOOL, .doc = "The office has confirmed it"},
    [W_DRAFT] = {.name = "draft", .kind = PARAM_BOOL, .doc = "Keep it for staff alone"},
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
};
static const char *const unit_words[] = {"work_day", "calendar_day"};

static enum result fill_write(struct request *rq, int64_t but, struct guide_write_view *view)
{
    struct guide_write_themes *theme = arena_array(rq->arena, struct guide_write_themes, guide_themes_n);
    struct guide_write_reaches *reach = arena_array(rq->arena, struct guide_write_reaches, guide_reaches_n);
    struct guide_write_others *other;
    struct sql_guide_list_rows rows;
    size_t n = 0;
    enum result r = sql_guide_list(rq->db, rq->place, board_of(rq)->id, STR_NONE, STR_NONE, GUIDE_ROWS_MAX, &rows);

    if (r != OK)
        return r;
    for (size_t i = 0; i < guide_themes_n; i++)
        theme[i] = (struct guide_write_themes){str_from_cstr(guide_themes[i].word), guide_themes[i].text};
    for (size_t i = 0; i < guide_reaches_n; i++)
        reach[i] = (struct guide_write_reaches){str_from_cstr(guide_reaches[i].word), guide_reaches[i].text};
    other = arena_array(rq->arena, struct guide_write_others, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].id != but)
            other[n++] = (struct guide_write_others){rows.row[i].id, rows.row[i].title};
    view->themes.v = theme;
    view->themes.n = guide_themes_n;
    view->reaches.v = reach;
    view->reaches.n = guide_reaches_n;
    view->others.v = other;
    view->others.n = n;
    return OK;
}

static enum result form_new(struct request *rq)
{
    struct url here = board_url(rq->arena, board_of(rq), rq->place);
    struct guide_write_view view = {
        .board = board_name(board_of(rq), rq->lang), .action = url_below(rq->arena, here, "/new"), .back = here};
    enum result r = fill_write(rq, 0, &view);

    return r == OK ? respond_view(rq, guide_write, &view) : r;
}

/* What was typed, as facts. */
static enum result read_facts(struct request *rq, struct guide_facts *f)
{
    struct guide_material *m = arena_array(rq->arena, struct guide_material, GUIDE_MATERIALS_MAX);
    const int64_t *related;
    size_t n = param_list(rq, W_RELATED, &related), line = 0;
    struct buf b;

    buf_init(&b, rq->arena, 256, 4096);
    for (size_t i = 0; i < n && i < 20; i++)
        buf_printf(&b, ",%" PRId64, related[i]);
    *f = (struct guide_facts){
        .name = param_text(rq, W_NAME),
        .who = param_text(rq, W_WHO),
        .counter = param_text(rq, W_COUNTER),
        .address = param_text(rq, W_ADDRESS),
        .hours = param_text(rq, W_HOURS),
        .phone = param_text(rq, W_PHONE),
        .online = param_text(rq, W_ONLINE),
        .steps = param_text(rq, W_STEPS),
        .promised_amount = param_int(rq, W_PROMISED),
        .promised_unit = str_from_cstr(unit_words[param_int(rq, W_PROMISED_UNIT)]),
        .legal_amount = param_int(rq, W_LEGAL),
        .legal_unit = str_from_cstr(unit_words[param_int(rq, W_LEGAL_UNIT)]),
        .fee = param_text(rq, W_FEE),
        .basis = param_text(rq, W_BASIS),
        .reach = str_from_cstr(guide_reaches[param_int(rq, W_REACH)].word),
        .related = buf_str(&b),
        .changes = param_text(rq, W_CHANGES),
        .valid_from = param_given(rq, W_VALID_FROM) ? (int32_t)param_int(rq, W_VALID_FROM) : day_of(rq->now),
        .material = m,
    };
    if (guide_materials_parse(rq->arena, param_text(rq, W_MATERIALS), m, &f->n_materials, &line) != OK)
        request_error(rq, "materials", T_guide_materials_wrong);
    if (f->valid_from < day_of(rq->now))
        request_error(rq, "valid_from", T_guide_valid_from_past);
    return rq->form.n_errors ? E_INVALID : OK;
}

static enum result put_said(struct request *rq, int64_t item)
{
    struct str rest = param_text(rq, W_SAID), one;
    enum result r = OK;
    size_t n = 0;

    while (r == OK && n < GUIDE_SYNONYMS_MAX && str_cut(&rest, '\n', &one)) {
        one = str_utf8_cut(str_trim(one), 30);
        if (one.len == 0)
            continue;
        n++;
        r = sql_guide_synonym_put(rq->db, rq->place, id_new(), one, item, STR_NONE);
    }
    return r;
}

static enum result write_new(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct guide_facts facts;
    struct guide_new what = {
        .board = board_of(rq),
        .place = rq->place,
        .theme = str_from_cstr(guide_themes[param_int(rq, W_THEME)].word),
        .published = !param_int(rq, W_DRAFT),
        .unchecked = !param_int(rq, W_CHECKED),
        .facts = &facts,
    };
    int64_t id;
    enum result r = read_facts(rq, &facts);

    if (r == OK && facts.valid_from > day_of(rq->now)) /* until then nobody is to read it */
        what.published = false;
    if (r == OK)
        r = guide_write(rq->db, &actor, &what, &id);
    if (r == OK)
        r = put_said(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board_of(rq), rq->place, id), id,
                                     what.published ? T_guide_published : T_guide_draft_kept)
                   : r;
}

static enum result form_edit(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, e->id);
    struct sql_guide_item_get item;
    struct guide_facts f;
    struct guide_write_view view = {.board = board_name(board_of(rq), rq->lang),
                                    .editing = true,
                                    .action = url_below(rq->arena, self, "/edit"),
                                    .back = self};
    enum result r = sql_guide_item_get(rq->db, rq->place, e->id, &item);

    if (r == OK)
        r = guide_facts_get(rq->db, rq->place, e->id, item.newest, &f);
    if (r == OK)
        r = fill_write(rq, e->id, &view);
    if (r != OK)
        return r;
    view.version = item.newest;
    form_default(rq, "name", f.name);
    form_default(rq, "theme", item.theme);
    form_default(rq, "reach", f.reach);
    form_default(rq, "who", f.who);
    form_default(rq, "materials", guide_materials_words(rq->arena, rq->lang, f.material, f.n_materials));
    form_default(rq, "counter", f.counter);
    form_default(rq, "address", f.address);
    form_default(rq, "hours", f.hours);
    form_default(rq, "phone", f.phone);
    form_default(rq, "online", f.online);
    form_default(rq, "steps", f.steps);
    form_default(rq, "promised", str_printf(rq->arena, "%" PRId64, f.promised_amount));
    form_default(rq, "promised_unit", f.promised_unit);
    if (f.legal_amount)
        form_default(rq, "legal", str_printf(rq->arena, "%" PRId64, f.legal_amount));
    form_default(rq, "legal_unit", f.legal_unit);
    form_default(rq, "fee", f.fee);
    form_default(rq, "basis", f.basis);
    if (!item.unchecked)
        form_default(rq, "checked", STR("1"));
    for (struct str rest = f.related, one; str_cut(&rest, ',', &one);)
        if (one.len)
            form_default(rq, "related", one);
    return respond_view(rq, guide_write, &view);
}

static enum result edit(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    struct guide_facts facts;
    struct sql_guide_item_get item;
    struct sql_guide_version_get before;
    enum result r = read_facts(rq, &facts);

    if (r == OK && facts.changes.len == 0)
        return request_invalid(rq, "changes", T_guide_changes_missing);
    if (r == OK)
        r = sql_guide_item_get(rq->db, rq->place, e->id, &item);
    if (r == OK)
        r = sql_guide_version_get(rq->db, rq->place, e->id, item.newest, &before);
    if (r == OK && facts.valid_from < before.valid_from)
        return request_invalid(rq, "valid_from", T_guide_valid_from_early);
    if (r == OK)
        r = guide_revise(rq->db, &actor, board_of(rq), e,
                         param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : item.newest,
                         str_from_cstr(guide_themes[param_int(rq, W_THEME)].word), !param_int(rq, W_CHECKED), &facts);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_guide_changed_meanwhile);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, e->id),
                                       facts.valid_from <= day_of(rq->now) ? T_guide_saved : T_guide_saved_later)
                   : r;
}

/* ---- what people say ----------------------------------------------------------------------------------------------------------------------- */

static enum result words_page(struct request *rq)
{
    struct url here = board_url(rq->arena, board_of(rq), rq->place), words = url_below(rq->arena, here, "/words");
    struct guide_words_view view = {.board = board_name(board_of(rq), rq->lang), .add = words, .back = here};
    struct sql_guide_synonyms_rows rows;
    struct sql_guide_list_rows items;
    struct guide_words_rows *v;
    struct guide_words_items *item;
    enum result r = sql_guide_synonyms(rq->db, rq->place, &rows);

    if (r == OK)
        r = sql_guide_list(rq->db, rq->place, board_of(rq)->id, STR_NONE, STR_NONE, GUIDE_ROWS_MAX, &items);
    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct guide_words_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct guide_words_rows){
            .id = rows.row[i].id,
            .said = rows.row[i].said,
            .means = rows.row[i].item ? rows.row[i].title : rows.row[i].means,
            .whole = rows.row[i].item != 0,
            .drop = url_path(rq->arena, "/p/%" PRId64 "/guide/" STR_FMT "/words/%" PRId64 "/drop", rq->place,
                             STR_ARG(board_of(rq)->word), rows.row[i].id),
        };
    item = arena_array(rq->arena, struct guide_words_items, items.n ? items.n : 1);
    for (size_t i = 0; i < items.n; i++)
        item[i] = (struct guide_words_items){items.row[i].id, items.row[i].title};
    view.rows.v = v;
    view.rows.n = rows.n;
    view.items.v = item;
    view.items.n = items.n;
    return respond_view(rq, guide_words, &view);
}

enum { WORD_SAID, WORD_ITEM, WORD_MEANS, WORD_PARAMS };
static const struct param word_params[WORD_PARAMS] = {
    [WORD_SAID] = {.name = "said", .kind = PARAM_TEXT, .required = true, .min = 2, .max = 30, .doc = "What people say"},
    [WORD_ITEM] = {.name = "item", .kind = PARAM_ID, .doc = "The matter that they mean"},
    [WORD_MEANS] = {.name = "means", .kind = PARAM_TEXT, .max = 30, .doc = "Or the word that it stands for"},
};

/* The guide is changed for all: it is written down who did it. */
static enum result record_word(struct request *rq, const char *verb, int64_t word)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct ledger_event e = {
        .community = rq->place,
        .at = rq->now,
        .actor = actor.person,
        .organisation = actor.organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("guide_word"),
        .subject = word,
    };

    return ledger_append(rq->db, &e);
}

static enum result word_add(struct request *rq)
{
    int64_t item = param_int(rq, WORD_ITEM), id = id_new();
    struct str means = item ? STR_NONE : param_text(rq, WORD_MEANS);
    struct sql_guide_synonym_there there;
    struct entry entry;
    enum result r;

    if (item == 0 && means.len == 0)
        return request_invalid(rq, "means", T_guide_means_missing);
    if (item && ((r = entry_get(rq->db, rq->place, item, &entry)) == E_NOT_FOUND ||
                 (r == OK && entry.board != board_of(rq)->id)))
        return request_invalid(rq, "item", T_guide_means_missing);
    r = sql_guide_synonym_there(rq->db, rq->place, param_text(rq, WORD_SAID), item, &there);
    if (r == OK && there.n)
        return request_invalid(rq, "said", T_guide_word_there);
    if (r == OK)
        r = sql_guide_synonym_put(rq->db, rq->place, id, param_text(rq, WORD_SAID), item, means);
    if (r == OK)
        r = record_word(rq, "added", id);
    return r == OK
             ? respond_see_other(rq, url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place), "/words"),
                                 T_guide_added)
             : r;
}

static enum result word_drop(struct request *rq)
{
    int64_t changed;
    enum result r = sql_guide_synonym_drop(rq->db, rq->place, rq->path_id[1], &changed);

    if (r == OK && changed == 0)
        r = E_NOT_FOUND;
    if (r == OK)
        r = record_word(rq, "dropped", rq->path_id[1]);
    return r == OK
             ? respond_see_other(rq, url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place), "/words"),
                                 T_guide_dropped)
             : r;
}

/* ---- figures for staff -------------------------------------------------------------------------------------------------------------------------- */

static enum result figures(struct request *rq)
{
    enum { MOST_SAID = 100 };
    struct guide_figures_view view = {.board = board_name(board_of(rq), rq->lang),
                                      .back = board_url(rq->arena, board_of(rq), rq->place)};
    struct sql_guide_help_figures help;
    struct sql_guide_votes_said_rows said;
    struct sql_guide_list_rows rows;
    struct guide_figures_items *item;
    struct guide_figures_said *v;
    enum result r = sql_guide_help_figures(rq->db, rq->place, board_of(rq)->id, rq->now - 365 * TIME_DAY, &help);

    if (r == OK)
        r = sql_guide_votes_said(rq->db, rq->place, board_of(rq)->id, MOST_SAID, &said);
    if (r == OK)
        r = sql_guide_list(rq->db, rq->place, board_of(rq)->id, STR_NONE, STR_NONE, GUIDE_ROWS_MAX, &rows);
    if (r != OK)
        return r;
    item = arena_array(rq->arena, struct guide_figures_items, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        item[i] = (struct guide_figures_items){rows.row[i].title, rows.row[i].useful, rows.row[i].useless,
                                               entry_url(rq->arena, board_of(rq), rq->place, rows.row[i].id)};
        view.useful += rows.row[i].useful;
        view.useless += rows.row[i].useless;
    }
    v = arena_array(rq->arena, struct guide_figures_said, said.n ? said.n : 1);
    for (size_t i = 0; i < said.n; i++)
        v[i] = (struct guide_figures_said){said.row[i].title, said.row[i].words, said.row[i].at,
                                           entry_url(rq->arena, board_of(rq), rq->place, said.row[i].item)};
    view.asked = help.asked;
    view.taken = help.taken;
    view.done = help.done;
    view.confirmed = help.confirmed;
    view.items.v = item;
    view.items.n = rows.n;
    view.said.v = v;
    view.said.n = said.n;
    return respond_view(rq, guide_figures, &view);
}

/* ---- the module ------------------------------------------------------------------------------------------------------------------ */

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/guide/{board:word}"
#define ONE BOARD "/{id}"

static const struct route routes[] = {
    {HTTP_GET, BOARD "/new", "guide.new", .handle = form_new, .subject = &board_subject, .need = CAP_BOARD_RUN,
     .flags = ROUTE_PERSONAL, .view = &guide_write_info, .doc = "The form for a new matter"},
    {HTTP_POST, BOARD "/new", "guide.create", .handle = write_new, .subject = &board_subject, .need = CAP_BOARD_RUN,
     PARAMS(write_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = form_new, .doc = "Writes a matter"},
    {HTTP_GET, BOARD "/words", "guide.words", .handle = words_page, .subject = &board_subject, .need = CAP_BOARD_RUN,
     .flags = ROUTE_PERSONAL, .view = &guide_words_info, .doc = "What people say, and what is meant"},
    {HTTP_POST, BOARD "/words", "guide.word.add", .handle = word_add, .subject = &board_subject, .need = CAP_BOARD_RUN,
     PARAMS(word_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = words_page,
     .doc = "Adds something that people say"},
    {HTTP_POST, BOARD "/words/{word}/drop", "guide.word.drop", .handle = word_drop, .subject = &board_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "Removes it"},
    {HTTP_GET, BOARD "/figures", "guide.figures", .handle = figures, .subject = &board_subject, .need = CAP_BOARD_RUN,
     .flags = ROUTE_PERSONAL, .view = &guide_figures_info, .doc = "What was of use, and what people miss"},
    {HTTP_GET, ONE "/edit", "guide.edit.form", .handle = form_edit, .subject = &entry_subject, .need = CAP_BOARD_RUN,
     .flags = ROUTE_PERSONAL, .view = &guide_write_info, .doc = "A matter, to change it"},
    {HTTP_POST, ONE "/edit", "guide.edit", .handle = edit, .subject = &entry_subject, .need = CAP_BOARD_RUN,
     PARAMS(write_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = form_edit,
     .doc = "A new version, from a day on"},
};

const struct module guide_run_module = {
    .name = "guide.run", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
