/* routes_help.c: asking the committee for help, and what the committee does with it. Whoever is no party to a request is told that there is none. */
#include "boards/guide/rules.h"
#include "boards/guide/views/guide_help_desk.html.h"
#include "boards/guide/views/guide_help_mine.html.h"
#include "boards/guide/views/guide_help_new.html.h"
#include "boards/guide/views/guide_help_show.html.h"
#include "civic/calendar/words.h"
#include "civic/frame/frame.h"
#include "civic/home/home.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { PAGE = 50 };

/* ---- words ---------------------------------------------------------------------------------------------------------- */

static const struct {
    enum text word;
    const char *mark;
} shown[] = {
    [HELP_ASKED] = {T_guide_help_state_asked, "wait"},
    [HELP_TAKEN] = {T_guide_help_state_taken, "doing"},
    [HELP_MEETING] = {T_guide_help_state_meeting, "doing"},
    [HELP_DONE] = {T_guide_help_state_done, "wait"},
    [HELP_CONFIRMED] = {T_guide_help_state_confirmed, "done"},
    [HELP_WITHDRAWN] = {T_guide_help_state_withdrawn, "shut"},
    [HELP_DECLINED] = {T_guide_help_state_declined, "shut"},
};

static int state_of(struct str state)
{
    int s = flow_state_of(&guide_help_flow, state);

    return s < 0 ? HELP_ASKED : s;
}

static struct str mark_of(struct request *rq, struct str state, int64_t due)
{
    int s = state_of(state);

    if (s <= HELP_MEETING && due && due < rq->now)
        return STR("late");
    return str_from_cstr(shown[s].mark);
}

static struct str clock_words(struct request *rq, struct str state, int64_t due)
{
    int s = state_of(state);

    return due == 0 || guide_help_flow.state[s].final
             ? STR_NONE
             : calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, due,
                                       s == HELP_DONE ? LIMIT_CALENDAR_DAY : LIMIT_WORK_DAY);
}

static enum text where_text(struct str where)
{
    return str_eq(where, STR("home")) ? T_guide_at_home : str_eq(where, STR("office")) ? T_guide_at_office : T_none;
}

static struct url help_at(struct arena *a, int64_t community, struct str board, int64_t id)
{
    return url_path(a, "/p/%" PRId64 "/guide/" STR_FMT "/help/%" PRId64, community, STR_ARG(board), id);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------- */

enum { NEW_ITEM, NEW_OF, NEW_TITLE, NEW_BODY, NEW_WISH, NEW_PHONE, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_ITEM] = {.name = "item", .kind = PARAM_ID, .doc = "The matter of the guide"},
    [NEW_OF] = {.name = "of", .kind = PARAM_ID, .doc = "The place whose matter it is"},
    [NEW_TITLE] = {.name = "title",
                   .kind = PARAM_TEXT,
                   .max = GUIDE_NAME_MAX,
                   .doc = "Or what is needed, in a few words"},
    [NEW_BODY] = {.name = "body", .kind = PARAM_LINES, .max = 1000, .doc = "More about it"},
    [NEW_WISH] = {.name = "wish", .kind = PARAM_CHOICE, .choices = "office,home", .doc = "Where"},
    [NEW_PHONE] = {.name = "phone", .kind = PARAM_TEXT, .max = 30, .secret = true, .doc = "Under which to call"},
};

/* The matter that is meant; false: none, or it is not shown here. */
static bool matter_of(struct request *rq, struct entry *ret)
{
    int64_t of = param_int(rq, NEW_OF);

    return param_given(rq, NEW_ITEM) && param_given(rq, NEW_OF) && place_contains(of, rq->place) &&
           entry_get(rq->db, of, param_int(rq, NEW_ITEM), ret) == OK && ret->board == board_of(rq)->id && ret->listed &&
           entry_is_for(ret, rq->place);
}

static enum result form_new(struct request *rq)
{
    struct url here = board_url(rq->arena, board_of(rq), rq->place);
    struct guide_help_new_view view = {
        .board = board_name(board_of(rq), rq->lang), .action = url_below(rq->arena, here, "/help/new"), .back = here};
    struct organisation committee;
    struct entry entry;
    enum result r = organisation_head_of(rq->db, rq->place, &committee);

    if (r == E_NOT_FOUND)
        return request_refuse(rq, E_CONFLICT, T_guide_no_committee);
    if (r != OK)
        return r;
    view.committee = committee.name;
    if (matter_of(rq, &entry)) {
        view.item = entry.id;
        view.item_place = entry.community;
        view.matter = entry.title;
        view.back = entry_url(rq->arena, board_of(rq), entry.community, entry.id);
    }
    form_default(rq, "wish", STR("office"));
    if (param_given(rq, NEW_TITLE))
        form_default(rq, "title", param_text(rq, NEW_TITLE));
    return respond_view(rq, guide_help_new, &view);
}

static enum result ask(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_residence *home = viewer_residence_in(viewer, rq->place);
    struct organisation committee;
    struct entry entry;
    bool matter = matter_of(rq, &entry);
    struct guide_help_new what = {
        .community = rq->place,
        .board = board_of(rq)->id,
        .item = matter ? entry.id : 0,
        .item_place = matter ? entry.community : 0,
        .title = matter ? entry.title : param_text(rq, NEW_TITLE),
        .body = param_text(rq, NEW_BODY),
        .phone = param_text(rq, NEW_PHONE),
        .wish = param_int(rq, NEW_WISH) == 1 ? STR("home") : STR("office"),
        .person = viewer->person,
        .person_from = home ? home->building_name : STR_NONE,
        .estate = home ? home->estate : 0,
        .now = rq->now,
    };
    int64_t id;
    enum result r;

    if (what.phone.len && url_tel(rq->arena, what.phone).s.len == 0)
        request_error(rq, "phone", T_guide_help_phone_wrong);
    if (what.title.len == 0)
        return request_invalid(rq, "title", param_given(rq, NEW_ITEM) ? T_guide_item_gone : T_guide_help_what_missing);
    if (rq->form.n_errors)
        return E_INVALID;
    r = organisation_head_of(rq->db, rq->place, &committee);
    if (r == E_NOT_FOUND)
        return request_refuse(rq, E_CONFLICT, T_guide_no_committee);
    what.organisation = committee.id;
    if (r == OK)
        r = guide_help_ask(rq->db, &what, &id);
    return r == OK ? respond_created(rq, help_at(rq->arena, rq->place, board_of(rq)->word, id), id, T_guide_help_sent)
                   : r;
}

/* ---- the subject --------------------------------------------------------------------------------------------------------------- */

struct help_subject {
    struct board_subject of;
    struct sql_guide_help_get help;
    bool mine, committee;
};

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_guide_help_get(db, place, id, ret);
}

static enum result load(struct request *rq)
{
    struct help_subject *s = arena_new(rq->arena, struct help_subject);
    const struct viewer *viewer = viewer_of(rq);
    enum result r = board_load(rq, &s->of);

    if (r == OK)
        r = sql_guide_help_get(rq->db, rq->path_id[0], rq->path_id[1], &s->help);
    if (r == E_NOT_FOUND) /* what is open goes along with its estate */
        r = place_lead_after(rq, get_at, &s->help);
    if (r != OK)
        return r;
    s->mine = viewer->person && viewer->person == s->help.person;
    s->committee = access_allowed(viewer, CAP_REPORT_ANSWER, rq->path_id[0], NULL);
    if (s->help.board != s->of.board.id || (!s->mine && !s->committee))
        return E_NOT_FOUND;
    rq->subject = s;
    return OK;
}
static const struct subject_kind help_subject = {"help", load};

/* ---- one ------------------------------------------------------------------------------------------------------------------------ */

static enum text step_text(struct str verb)
{
    static const struct {
        const char *verb;
        enum text text;
    } words[] = {
        {"asked", T_guide_step_asked},
        {"taken", T_guide_step_taken},
        {"meeting_set", T_guide_step_meeting_set},
        {"done", T_guide_step_done},
        {"confirmed", T_guide_step_confirmed},
        {"again", T_guide_step_again},
        {"said", T_guide_step_said},
        {"withdrawn", T_guide_step_withdrawn},
        {"declined", T_guide_step_declined},
        {"escalated", T_guide_step_escalated},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(verb, str_from_cstr(words[i].verb)))
            return words[i].text;
    return T_guide_step_said;
}

static enum result fill_steps(struct request *rq, const struct help_subject *s, struct guide_help_show_view *view)
{
    struct sql_guide_help_steps_rows rows;
    struct guide_help_show_steps *v;
    enum result r = sql_guide_help_steps(rq->db, rq->place, s->help.id, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct guide_help_show_steps, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_guide_help_steps *row = &rows.row[i];

        v[i] = (struct guide_help_show_steps){
            .what = step_text(row->verb),
            .who = row->person ? row->shown_name : text(rq->lang, T_guide_by_clock),
            .organisation = row->organisation_name,
            .words = str_eq(row->verb, STR("asked")) ? STR_NONE : row->words, /* it stands above */
            .meet_at = row->meet_at,
            .meet_where = where_text(row->meet_where),
            .at = row->at,
        };
    }
    view->steps.v = v;
    view->steps.n = rows.n;
    return OK;
}

static uint32_t roles_of(const struct help_subject *s)
{
    return (s->mine ? HELP_BY_ASKER : 0) | (s->committee ? HELP_BY_COMMITTEE : 0);
}

static enum result show(struct request *rq)
{
    const struct help_subject *s = rq->subject;
    const struct sql_guide_help_get *h = &s->help;
    const struct flow_step *legal[HELP_EXPIRE + 1];
    size_t n = flow_legal(&guide_help_flow, state_of(h->state), roles_of(s), legal, HELP_EXPIRE + 1);
    struct organisation committee;
    struct person_label author, cadre;
    struct guide_help_show_view view = {
        .id = h->id,
        .board = board_name(board_of(rq), rq->lang),
        .title = h->title,
        .body = h->body,
        .state = shown[state_of(h->state)].word,
        .mark = mark_of(rq, h->state, h->due_at),
        .clock = clock_words(rq, h->state, h->due_at),
        .mine = s->mine,
        .asked = h->asked_at,
        .from = h->person_from,
        .phone = h->phone,
        .call = url_tel(rq->arena, h->phone),
        .wish = where_text(h->wish),
        .meet_at = h->meet_at,
        .meet_where = where_text(h->meet_where),
        .list = s->mine ? url_path(rq->arena, "/me/help") : url_path(rq->arena, "/desk/guide/help"),
        .self = help_at(rq->arena, rq->place, board_of(rq)->word, h->id),
    };
    enum result r = organisation_get(rq->db, h->organisation, &committee);

    if (r == OK)
        view.committee = committee.name;
    if (r == OK || r == E_NOT_FOUND)
        r = person_label(rq->db, h->person, rq->place, &author);
    if (r == OK)
        view.author = author.name;
    if ((r == OK || r == E_NOT_FOUND) && h->taken_by &&
        (r = person_label(rq->db, h->taken_by, rq->place, &cadre)) == OK)
        view.cadre = cadre.name;
    if (r == OK || r == E_NOT_FOUND)
        r = fill_steps(rq, s, &view);
    if (r != OK)
        return r;
    if (h->item)
        view.matter = entry_url(rq->arena, board_of(rq), h->item_place, h->item);
    for (size_t i = 0; i < n; i++)
        switch (legal[i]->action) {
        case HELP_TAKE: view.can_take = true; break;
        case HELP_MEET: view.can_meet = true; break;
        case HELP_FINISH: view.can_finish = true; break;
        case HELP_DECLINE: view.can_decline = true; break;
        case HELP_CONFIRM: view.can_confirm = true; break;
        case HELP_WITHDRAW: view.can_withdraw = true; break;
        case HELP_SAY: view.can_say = true; break;
        default: break;
        }
    return respond_view(rq, guide_help_show, &view);
}

/* ---- a step ---------------------------------------------------------------------------------------------------------------------------- */

enum { ACT_ACT, ACT_WORDS, ACT_MEET_AT, ACT_MEET_WHERE, ACT_PARAMS };
static const struct param act_params[ACT_PARAMS] = {
    [ACT_ACT] =
        {.name = "act",
         .kind = PARAM_CHOICE,
         .choices = "take,meet,finish,confirm,again,say,withdraw,decline",
         .required = true,
         .doc =
             "The committee takes it, makes an appointment, is done, cannot do it; who asked confirms, says not yet, takes it back; both write"},
    [ACT_WORDS] = {.name = "words", .kind = PARAM_LINES, .max = 500},
    [ACT_MEET_AT] = {.name = "meet_at", .kind = PARAM_TIME, .doc = "The appointment"},
    [ACT_MEET_WHERE] = {.name = "meet_where", .kind = PARAM_CHOICE, .choices = "office,home"},
};

static enum result act(struct request *rq)
{
    const struct help_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_post *post = s->committee ? viewer_post_over(viewer, rq->place) : NULL;
    enum guide_help_action action = (enum guide_help_action)param_int(rq, ACT_ACT); /* in the order of the choices */
    struct guide_help_act what = {
        .community = rq->place,
        .id = s->help.id,
        .action = action,
        .roles = roles_of(s),
        .person = viewer->person,
        .organisation = post && !s->mine ? post->organisation : 0,
        .words = param_text(rq, ACT_WORDS),
        .meet_at = param_int(rq, ACT_MEET_AT),
        .meet_where = param_int(rq, ACT_MEET_WHERE) == 1 ? STR("home") : STR("office"),
        .now = rq->now,
    };
    enum text flash = action == HELP_TAKE    ? T_guide_acted_take
                    : action == HELP_FINISH  ? T_guide_acted_finish
                    : action == HELP_CONFIRM ? T_guide_acted_confirm
                                             : T_guide_acted;
    enum result r = guide_help_do(rq->db, &what);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_guide_not_now);
    if (r == E_INVALID)
        return action == HELP_MEET ? request_invalid(rq, "meet_at", T_guide_meet_at_wrong)
                                   : request_invalid(rq, "words", T_guide_words_missing);
    return r == OK ? respond_see_other(rq, help_at(rq->arena, rq->place, board_of(rq)->word, s->help.id), flash) : r;
}
_Static_assert(HELP_TAKE == 0 && HELP_DECLINE == 7, "the choices of act_params are the actions in their order");

/* ---- lists ------------------------------------------------------------------------------------------------------------------------------ */

enum { MINE_BEFORE, MINE_PARAMS };
static const struct param mine_params[MINE_PARAMS] = {
    [MINE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: requests older than this id"},
};

static enum result mine(struct request *rq)
{
    struct guide_help_mine_view view = {0};
    struct sql_guide_help_mine_rows rows;
    struct guide_help_mine_rows *v;
    enum result r = sql_guide_help_mine(
        rq->db, rq->person, param_given(rq, MINE_BEFORE) ? param_int(rq, MINE_BEFORE) : INT64_MAX, PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena, url_path(rq->arena, "/me/help"), "before",
                            str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    v = arena_array(rq->arena, struct guide_help_mine_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct guide_help_mine_rows){
            .id = rows.row[i].id,
            .title = rows.row[i].title,
            .state = shown[state_of(rows.row[i].state)].word,
            .mark = mark_of(rq, rows.row[i].state, rows.row[i].due_at),
            .clock = clock_words(rq, rows.row[i].state, rows.row[i].due_at),
            .asked = rows.row[i].asked_at,
            .url = help_at(rq->arena, rows.row[i].community, rows.row[i].word, rows.row[i].id),
        };
    view.rows.v = v;
    view.rows.n = rows.n;
    if (viewer_of(rq)->n_residences)
        view.guide = url_path(rq->arena, "/p/%" PRId64 "/guide/guide", viewer_of(rq)->residence[0].community);
    return respond_view(rq, guide_help_mine, &view);
}

enum { DESK_STATE, DESK_BEFORE, DESK_PARAMS };
static const struct param desk_params[DESK_PARAMS] = {
    [DESK_STATE] = {.name = "state",
                    .kind = PARAM_CHOICE,
                    .choices = "open,past",
                    .doc = "What waits for the committee, or what is done"},
    [DESK_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging of the past: requests older than this id"},
};

static struct str who_words(struct request *rq, struct str name, struct str from)
{
    return from.len ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(name), STR_ARG(from)) : name;
}

static enum result desk(struct request *rq)
{
    struct guide_help_desk_view view = {.past = param_int(rq, DESK_STATE) == 1};
    struct guide_help_desk_rows *v;
    enum result r;

    if (view.past) {
        struct sql_guide_help_past_rows rows;

        r = sql_guide_help_past(rq->db, rq->place,
                                param_given(rq, DESK_BEFORE) ? param_int(rq, DESK_BEFORE) : INT64_MAX, PAGE + 1, &rows);
        if (r != OK)
            return r;
        if (rows.n > PAGE) {
            rows.n = PAGE;
            view.more = url_add(rq->arena, url_path(rq->arena, "/desk/guide/help?state=past"), "before",
                                str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
        }
        v = arena_array(rq->arena, struct guide_help_desk_rows, rows.n ? rows.n : 1);
        for (size_t i = 0; i < rows.n; i++)
            v[i] = (struct guide_help_desk_rows){rows.row[i].id,
                                                 rows.row[i].title,
                                                 text(rq->lang, shown[state_of(rows.row[i].state)].word),
                                                 mark_of(rq, rows.row[i].state, 0),
                                                 who_words(rq, rows.row[i].shown_name, rows.row[i].person_from),
                                                 help_at(rq->arena, rq->place, rows.row[i].word, rows.row[i].id)};
        view.rows.n = rows.n;
    } else {
        enum { MOST = 500 };
        struct sql_guide_help_desk_rows rows;

        if ((r = sql_guide_help_desk(rq->db, rq->place, MOST, &rows)) != OK)
            return r;
        v = arena_array(rq->arena, struct guide_help_desk_rows, rows.n ? rows.n : 1);
        for (size_t i = 0; i < rows.n; i++)
            v[i] = (struct guide_help_desk_rows){rows.row[i].id,
                                                 rows.row[i].title,
                                                 clock_words(rq, rows.row[i].state, rows.row[i].due_at),
                                                 mark_of(rq, rows.row[i].state, rows.row[i].due_at),
                                                 who_words(rq, rows.row[i].shown_name, rows.row[i].person_from),
                                                 help_at(rq->arena, rq->place, rows.row[i].word, rows.row[i].id)};
        view.rows.n = rows.n;
    }
    view.rows.v = v;
    view.total = (int64_t)view.rows.n;
    return respond_view(rq, guide_help_desk, &view);
}

/* ---- what stands on other pages -------------------------------------------------------------------------------------------------------- */

static enum result desk_count(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                              int64_t *ret_late)
{
    struct sql_guide_help_desk_count row;
    enum result r = sql_guide_help_desk_count(rq->db, post->place, rq->now, &row);

    if (r == OK) {
        *ret_waiting = row.waiting;
        *ret_late = row.late;
    }
    return r;
}

static const struct desk_item desk_items[] = {
    {T_guide_help_desk, T_guide_desk_group, "/desk/guide/help", CAP_REPORT_ANSWER, desk_count},
};
const struct desk_table guide_desk = {desk_items, 1};

static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    int64_t community = here->community;
    struct sql_guide_help_waiting_rows rows;
    enum result r;

    *ret_n = 0;
    if (rq->person == 0)
        return OK;
    r = sql_guide_help_waiting(rq->db, community, rq->person, &rows);
    for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++)
        ret_items[(*ret_n)++] = (struct home_item){
            .text = text(rq->lang, T_guide_home_confirm),
            .url = help_at(rq->arena, community, rows.row[i].word, rows.row[i].id),
            .badge = T_guide_home_please,
            .due = rows.row[i].due_at,
        };
    return r;
}
const struct home_table guide_home = {.waiting = waiting};

/* The mark on the board: requests that wait for the viewer's word. */
static enum result unread(struct request *rq, const struct board *board, int64_t community, int64_t *ret_unread)
{
    struct sql_guide_help_waiting_rows rows;
    enum result r = rq->person ? sql_guide_help_waiting(rq->db, community, rq->person, &rows) : OK;

    *ret_unread = 0;
    for (size_t i = 0; rq->person && r == OK && i < rows.n; i++)
        *ret_unread += str_eq(rows.row[i].word, board->word);
    return r;
}

/* clang-format off */
static const struct board_start starts[] = {
    {"/help/new", NULL, T_guide_start_help, NULL, CAP_RESIDENT, NULL, NULL},
};
/* clang-format on */
const struct board_kind guide_kind = {
    .word = "guide",
    .name = T_guide_kind,
    .lead = T_guide_kind_lead,
    .icon = "guide",
    .looked_up = true,
    .unread = unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

static enum result count_mine(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_guide_help_mine_count row;
    enum result r = sql_guide_help_mine_count(rq->db, rq->person, &row);

    (void)community;
    if (r == OK)
        *ret_n = row.n;
    return r;
}

static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 };
    struct sql_guide_help_mine_rows rows;
    enum result r = sql_guide_help_mine(rq->db, rq->person, INT64_MAX, MOST, &rows);

    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, rows.n ? rows.n : 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->record[i] = (struct me_record){
            T_guide_record_help, rows.row[i].asked_at,
            rows.row[i].body.len
                ? str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(rows.row[i].title), STR_ARG(rows.row[i].body))
                : rows.row[i].title,
            help_at(rq->arena, rows.row[i].community, rows.row[i].word, rows.row[i].id)};
    return OK;
}

static const struct me_item me_items[] = {{T_guide_help_mine, "help", "/me/help", false, count_mine}};
const struct me_table guide_me = {me_items, 1, records};

/* ---- the job: clocks ----------------------------------------------------------------------------------------------------------------------- */

static enum result ring(struct app *app, struct arena *a)
{
    int64_t rung;

    return clock_ring(app_database(app), a, &guide_help_bell, time_now(), &rung);
}
static const struct job_kind jobs[] = {{"guide.clocks", 30 * TIME_SECOND, ring}};

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/guide/{board:word}"

static const struct route routes[] = {
    {HTTP_GET, BOARD "/help/new", "guide.help.new", .handle = form_new, .subject = &board_subject, .need = CAP_RESIDENT,
     PARAMS(new_params), .flags = ROUTE_PERSONAL, .view = &guide_help_new_info,
     .doc = "The form that asks the committee for help with a matter"},
    {HTTP_POST, BOARD "/help/new", "guide.help.ask", .handle = ask, .subject = &board_subject, .need = CAP_RESIDENT,
     PARAMS(new_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = form_new,
     .doc = "Asks the committee for help; private to both"},
    {HTTP_GET, BOARD "/help/{id}", "guide.help.show", .handle = show, .subject = &help_subject, .need = CAP_SIGNED_IN,
     .flags = ROUTE_PERSONAL, .view = &guide_help_show_info,
     .doc = "One request for help, for who asked and for the committee; for all others it is not there"},
    {HTTP_POST, BOARD "/help/{id}/act", "guide.help.act", .handle = act, .subject = &help_subject,
     .need = CAP_SIGNED_IN, PARAMS(act_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show,
     .doc = "A step of it, by who may take it"},
    {HTTP_GET, "/me/help", "guide.help.mine", .handle = mine, .need = CAP_SIGNED_IN, PARAMS(mine_params),
     .flags = ROUTE_PERSONAL, .view = &guide_help_mine_info, .doc = "One's own requests for help"},
    {HTTP_GET, "/desk/guide/help", "guide.help.desk", .handle = desk, .subject = &place_of_post,
     .need = CAP_REPORT_ANSWER, PARAMS(desk_params), .flags = ROUTE_PERSONAL, .view = &guide_help_desk_info,
     .doc = "What residents have asked the committee to help with, the most pressing first"},
};

const struct module guide_help_module = {.name = "guide.help",
                                         .routes = routes,
                                         .n_routes = sizeof(routes) / sizeof(routes[0]),
                                         .jobs = jobs,
                                         .n_jobs = sizeof(jobs) / sizeof(jobs[0])};
