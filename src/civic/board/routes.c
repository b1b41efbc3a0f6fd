/* routes.c: /desk/boards: the console of boards, and a committee's order of them. */
#include "civic/board/board.h"

#include "civic/board/views/desk_board.html.h"
#include "civic/board/views/desk_boards.html.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "civic/place/place_words.h"

enum { SHOWN_MAX = 60, PLACES_MAX = 120 };

/* Icons that a board may have, of the one set, with what they are called for who does not see them. */
static const struct {
    const char *word;
    enum text name;
} icons[] = {
    /* clang-format off */
    {"announcement", T_board_icon_announcement},
    {"news", T_board_icon_news},
    {"party", T_board_icon_party},
    {"guide", T_board_icon_guide},
    {"report", T_board_icon_report},
    {"council", T_board_icon_council},
    {"talk", T_board_icon_talk},
    {"help", T_board_icon_help},
    {"idle", T_board_icon_idle},
    {"wish", T_board_icon_wish},
    {"service", T_board_icon_service},
    {"property", T_board_icon_property},
    {"doctor", T_board_icon_doctor},
    {"police", T_board_icon_police},
    {"charity", T_board_icon_charity},
    {"people", T_board_icon_people},
    {"elder", T_board_icon_elder},
    {"household", T_board_icon_household},
    {"organisation", T_board_icon_organisation},
    {"calendar", T_board_icon_calendar},
    {"star", T_board_icon_star},
    {"sun", T_board_icon_sun},
    {"table", T_board_icon_table},
    {"apps", T_board_icon_apps},
    /* clang-format on */
};
enum { N_ICONS = sizeof(icons) / sizeof(icons[0]) };

/* Kinds of organisations that run a board at each of their places. */
static const char *const owner_kinds[] = {
    "party_organisation", "property_company", "community_police",  "family_doctor",
    "urban_management",   "owners_committee", "charity",           "social_organisation",
    "affairs_centre",     "grid_centre",      "mass_organisation", "district_government"};
enum { N_OWNER_KINDS = sizeof(owner_kinds) / sizeof(owner_kinds[0]) };

/* ---- the list, and the committee's order -------------------------------------------------------------------------------- */

static enum result fill_order(struct request *rq, struct desk_boards_view *view)
{
    struct boards shown;
    struct desk_boards_order *row;
    enum result r = board_shown(rq->db, rq->place, &shown);

    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct desk_boards_order, shown.n ? shown.n : 1);
    for (size_t i = 0; i < shown.n; i++)
        row[i] = (struct desk_boards_order){
            .board = shown.board[i].id,
            .name = board_name(&shown.board[i], rq->lang),
            .icon = shown.board[i].icon,
            .hidden = shown.board[i].hidden,
            .first = i == 0,
            .last = i + 1 == shown.n,
            .url = board_url(rq->arena, &shown.board[i], rq->place),
        };
    view->order.v = row;
    view->order.n = shown.n;
    return OK;
}

static enum result list(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct desk_boards_view view = {.name = place_short_name(place->name)};
    const struct viewer *viewer = viewer_of(rq);
    struct boards boards = {NULL, 0};
    struct desk_boards_rows *row;
    enum result r = OK;

    view.may_make = access_allowed(viewer, CAP_BOARD_EDIT, place->code, NULL);
    view.may_arrange = place->level == PLACE_COMMUNITY && access_allowed(viewer, CAP_BOARD_ARRANGE, place->code, NULL);
    if (view.may_arrange)
        r = fill_order(rq, &view);
    if (r == OK && view.may_make)
        r = board_below(rq->db, place->code, &boards);
    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct desk_boards_rows, boards.n ? boards.n : 1);
    for (size_t i = 0; i < boards.n; i++) {
        const struct board *b = &boards.board[i];
        const struct board_kind *kind = board_kind_of(b->kind);
        struct place at;

        if ((r = place_get(rq->db, b->place, &at)) != OK)
            return r;
        row[i] = (struct desk_boards_rows){
            .board = b->id,
            .name = board_name(b, rq->lang),
            .icon = b->icon,
            .kind = kind ? kind->name : T_board_kind_gone,
            .where = place_short_name(at.name),
            .state = b->state == BOARD_OPEN  ? T_board_state_open
                   : b->state == BOARD_DRAFT ? T_board_state_draft
                                             : T_board_state_off,
            .mark = STR("shut"),
        };
        if (b->state != BOARD_OFF)
            row[i].mark = b->state == BOARD_OPEN ? STR("done") : STR("wait");
        if (access_allowed(viewer, CAP_BOARD_EDIT, b->place, NULL))
            row[i].url = url_path(rq->arena, "/desk/boards/%" PRId64, b->id);
    }
    view.rows.v = row;
    view.rows.n = boards.n;
    return respond_view(rq, desk_boards, &view);
}

enum { ARRANGE_BOARD, ARRANGE_DO, ARRANGE_PARAMS };
static const struct param arrange_params[ARRANGE_PARAMS] = {
    [ARRANGE_BOARD] = {.name = "board", .kind = PARAM_ID, .required = true, .doc = "The board"},
    [ARRANGE_DO] = {.name = "do",
                    .kind = PARAM_CHOICE,
                    .choices = "up,down,hide,show",
                    .required = true,
                    .doc = "Moves it by one place, hides it, shows it again"},
};

/* One tap changes one thing; the whole order is written, so that it stays as it is when boards are added above. */
static enum result arrange(struct request *rq)
{
    struct boards shown;
    int64_t ids[SHOWN_MAX];
    bool hidden[SHOWN_MAX];
    size_t at = SIZE_MAX, n;
    enum { UP, DOWN, HIDE, SHOW } act = (int)param_int(rq, ARRANGE_DO);
    enum result r = board_shown(rq->db, rq->place, &shown);

    if (r != OK)
        return r;
    n = shown.n < SHOWN_MAX ? shown.n : SHOWN_MAX;
    for (size_t i = 0; i < n; i++) {
        ids[i] = shown.board[i].id;
        hidden[i] = shown.board[i].hidden;
        if (ids[i] == param_int(rq, ARRANGE_BOARD))
            at = i;
    }
    if (at == SIZE_MAX)
        return request_invalid(rq, "board", T_app_field_choice);
    if (act == HIDE || act == SHOW) {
        hidden[at] = act == HIDE;
    } else {
        size_t with = act == UP ? at - 1 : at + 1;

        if (with < n) { /* at the ends nothing moves */
            int64_t id = ids[at];
            bool hid = hidden[at];

            ids[at] = ids[with];
            hidden[at] = hidden[with];
            ids[with] = id;
            hidden[with] = hid;
        }
    }
    r = board_arrange(rq->db, rq->place, ids, hidden, n, rq->person, rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/boards"), T_board_arranged) : r;
}

/* ---- the form: a new board, or one that is there ------------------------------------------------------------------------------ */

struct edit_subject {
    struct subject_scope scope;
    struct board board;
};

static enum result load_edit(struct request *rq)
{
    struct edit_subject *s = arena_new(rq->arena, struct edit_subject);
    enum result r = board_get(rq->db, rq->path_id[0], &s->board);

    if (r != OK)
        return r;
    s->scope.place = s->board.place;
    rq->place = s->board.place;
    rq->subject = s;
    return OK;
}
static const struct subject_kind edit_subject = {"board_edit", load_edit};

static void fill_icons(struct request *rq, struct desk_board_view *view)
{
    struct desk_board_icons *icon = arena_array(rq->arena, struct desk_board_icons, N_ICONS);

    for (size_t i = 0; i < N_ICONS; i++)
        icon[i] = (struct desk_board_icons){str_from_cstr(icons[i].word), icons[i].name};
    view->icons.v = icon;
    view->icons.n = N_ICONS;
}

static void fill_kinds(struct request *rq, struct desk_board_view *view)
{
    const struct board_kind *const *kind;
    size_t n = board_kinds(&kind), out = 0;
    struct desk_board_kinds *v = arena_array(rq->arena, struct desk_board_kinds, n ? n : 1);

    for (size_t i = 0; i < n; i++)
        if (!kind[i]->single)
            v[out++] = (struct desk_board_kinds){str_from_cstr(kind[i]->word), kind[i]->name, kind[i]->lead};
    view->kinds.v = v;
    view->kinds.n = out;
}

/* "": the committee or office of each place; "kind:…": every organisation of the kind at its places; "id:…": one of the place. */
static enum result fill_owners(struct request *rq, struct desk_board_view *view)
{
    struct organisations list;
    struct desk_board_owners *v;
    size_t n = 0;
    enum result r = organisation_list(rq->db, rq->place, &list);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct desk_board_owners, 1 + N_OWNER_KINDS + list.n);
    v[n++] = (struct desk_board_owners){STR_NONE, text(rq->lang, T_board_owner_place)};
    for (size_t i = 0; i < list.n; i++)
        v[n++] = (struct desk_board_owners){str_printf(rq->arena, "id:%" PRId64, list.organisation[i].id),
                                            list.organisation[i].name};
    for (size_t i = 0; i < N_OWNER_KINDS; i++)
        v[n++] = (struct desk_board_owners){
            str_printf(rq->arena, "kind:%s", owner_kinds[i]),
            text_format(rq->arena, rq->lang, T_board_owner_kind,
                        TEXT_STR("kind", text(rq->lang, organisation_kind_text(str_from_cstr(owner_kinds[i])))))};
    view->owners.v = v;
    view->owners.n = n;
    return OK;
}

/* Ticked: what was typed when the form comes again, else what the board has. */
static bool ticked(const struct request *rq, const struct board_places *now, int64_t place)
{
    int64_t typed;

    if (rq->form.n_errors == 0) {
        for (size_t i = 0; now && i < now->n; i++)
            if (now->at[i].place == place)
                return true;
        return false;
    }
    for (size_t i = 0; i < rq->form.n_values; i++)
        if (str_eq(rq->form.value[i].name, STR("places")) &&
            str_int64(rq->form.value[i].value, 1, INT64_MAX, &typed) == OK && typed == place)
            return true;
    return false;
}

static enum result fill_places(struct request *rq, const struct board_places *now, struct desk_board_view *view)
{
    struct places children;
    struct place here;
    struct desk_board_places *v;
    enum result r = place_get(rq->db, rq->place, &here);

    if (r == OK)
        r = place_children(rq->db, rq->place, false, &children);
    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct desk_board_places, children.n ? children.n : 1);
    for (size_t i = 0; i < children.n; i++)
        v[i] = (struct desk_board_places){children.place[i].code, place_short_name(children.place[i].name),
                                          ticked(rq, now, children.place[i].code)};
    view->places.v = v;
    view->places.n = children.n;
    view->where = here.name;
    return OK;
}

/* ---- its place on the home page: behind which of the boards that are shown with it ---- */

enum { POSITION_FIRST = 0, POSITION_LAST = 1000 };

static struct str after_word(struct arena *a, const struct board *before)
{
    return before ? str_printf(a, "%" PRId64, before->id) : STR("first");
}

static bool stands_before(const struct board *x, const struct board *y)
{
    return x->position < y->position || (x->position == y->position && x->id < y->id);
}

/* Who stands right before it where no committee has arranged them; NULL: nobody. */
static const struct board *board_before(const struct boards *shown, const struct board *b)
{
    const struct board *before = NULL;

    for (size_t i = 0; i < shown->n; i++)
        if (stands_before(&shown->board[i], b) && (before == NULL || stands_before(before, &shown->board[i])))
            before = &shown->board[i];
    return before;
}

/* b: the board itself, which stands behind no other because of itself; NULL for a new one. */
static enum result fill_after(struct request *rq, const struct board *b, struct desk_board_view *view)
{
    struct desk_board_others *v;
    struct boards shown;
    size_t n = 0;
    enum result r = board_shown(rq->db, rq->place, &shown);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct desk_board_others, shown.n + 2);
    v[n++] = (struct desk_board_others){after_word(rq->arena, NULL), text(rq->lang, T_board_after_none)};
    for (size_t i = 0; i < shown.n; i++)
        if (b == NULL || shown.board[i].id != b->id)
            v[n++] = (struct desk_board_others){after_word(rq->arena, &shown.board[i]),
                                                text_format(rq->arena, rq->lang, T_board_after_one,
                                                            TEXT_STR("name", board_name(&shown.board[i], rq->lang)))};
    v[n++] = (struct desk_board_others){STR("last"), text(rq->lang, T_board_after_all)};
    view->others.v = v;
    view->others.n = n;
    form_default(rq, "after", b ? after_word(rq->arena, board_before(&shown, b)) : STR("last"));
    return OK;
}

/* The position that was chosen: behind another one and what was put there before. Nothing chosen, or where it stands already: as it is. */
static enum result take_position(struct request *rq, struct str after, struct board *b)
{
    struct boards shown;
    int64_t id;
    enum result r;

    if (after.len == 0)
        return OK;
    if (str_eq(after, STR("first")) || str_eq(after, STR("last"))) {
        b->position = str_eq(after, STR("first")) ? POSITION_FIRST : POSITION_LAST;
        return OK;
    }
    if (str_int64(after, 1, INT64_MAX, &id) != OK || id == b->id)
        return request_invalid(rq, "after", T_app_field_choice);
    r = board_shown(rq->db, b->place, &shown);
    if (r != OK)
        return r;
    for (size_t i = 0; i < shown.n; i++)
        if (shown.board[i].id == id) {
            const struct board *before = b->id ? board_before(&shown, b) : NULL;

            if (before == NULL || before->id != id)
                b->position = shown.board[i].position + 1;
            return OK;
        }
    return request_invalid(rq, "after", T_app_field_choice);
}

static enum result show_form(struct request *rq, struct desk_board_view *view, const struct board *b,
                             const struct board_places *now)
{
    enum result r = fill_owners(rq, view);

    if (r == OK)
        r = fill_places(rq, now, view);
    if (r == OK)
        r = fill_after(rq, b, view);
    if (r != OK)
        return r;
    fill_icons(rq, view);
    fill_kinds(rq, view);
    return respond_view(rq, desk_board, view);
}

static enum result form_new(struct request *rq)
{
    struct desk_board_view view = {.action = url_path(rq->arena, "/desk/boards"), .made = false};
    const struct board_kind *const *kind;
    size_t n = board_kinds(&kind);

    for (size_t i = 0; i < n; i++) /* the first of which there may be several */
        if (!kind[i]->single) {
            form_default(rq, "kind", str_from_cstr(kind[i]->word));
            break;
        }
    form_default(rq, "icon", STR("apps"));
    form_default(rq, "readers", STR("everybody"));
    form_default(rq, "writers", STR("staff"));
    form_default(rq, "review", STR("none"));
    return show_form(rq, &view, NULL, NULL);
}

/* The board as it looks at the first place that shows it; nothing for whoever may not read it there. Boards of a single kind have a page in each
 * community and none above. */
static enum result preview_of(struct request *rq, const struct board *b, const struct board_kind *kind, int64_t place,
                              struct url *ret)
{
    struct subject_scope scope;
    enum result r = board_scope(rq, b, place, &scope);

    if (r == OK && (!kind->single || place_level_of(place) == PLACE_COMMUNITY) &&
        access_allowed(viewer_of(rq), CAP_BOARD_READ, place, &scope))
        *ret = board_url(rq->arena, b, place);
    return r;
}

static enum result form_edit(struct request *rq)
{
    const struct board *b = &((const struct edit_subject *)rq->subject)->board;
    const struct board_kind *kind = board_kind_of(b->kind);
    static const char *const reviews[] = {"none", "before", "after"};
    struct url self = url_path(rq->arena, "/desk/boards/%" PRId64, b->id);
    struct desk_board_view view = {
        .action = self,
        .set_state = url_below(rq->arena, self, "/state"),
        .made = true,
        .open = b->state == BOARD_OPEN,
        .name = board_name(b, rq->lang),
        .kind_name = kind ? kind->name : T_board_kind_gone,
    };
    struct board_places places;
    enum result r = board_places(rq->db, b->id, &places);

    if (r != OK)
        return r;
    if (kind && places.n && (r = preview_of(rq, b, kind, places.at[0].place, &view.preview)) != OK)
        return r;
    form_default(rq, "name", b->name);
    form_default(rq, "name_en", b->name_en);
    form_default(rq, "lead", b->lead);
    form_default(rq, "lead_en", b->lead_en);
    form_default(rq, "icon", b->icon);
    form_default(rq, "owner",
                 b->organisation     ? str_printf(rq->arena, "id:%" PRId64, b->organisation)
                 : b->owner_kind.len ? str_printf(rq->arena, "kind:" STR_FMT, STR_ARG(b->owner_kind))
                                     : STR_NONE);
    form_default(rq, "readers", str_from_cstr(b->readers == READERS_EVERYBODY ? "everybody" : "residents"));
    form_default(rq, "writers", str_from_cstr(b->writers == WRITERS_STAFF ? "staff" : "residents"));
    form_default(rq, "review", str_from_cstr(reviews[b->review]));
    return show_form(rq, &view, b, &places);
}

enum {
    B_NAME,
    B_NAME_EN,
    B_LEAD,
    B_LEAD_EN,
    B_KIND,
    B_ICON,
    B_OWNER,
    B_READERS,
    B_WRITERS,
    B_REVIEW,
    B_PLACES,
    B_AFTER,
    B_ACCOUNTS,
    B_PARAMS
};
static const struct param board_params[B_PARAMS] = {
    [B_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .max = 12, .doc = "Name in Chinese"},
    [B_NAME_EN] = {.name = "name_en", .kind = PARAM_TEXT, .required = true, .max = 30, .doc = "Name in English"},
    [B_LEAD] = {.name = "lead", .kind = PARAM_TEXT, .max = 60, .doc = "What it is for, in Chinese"},
    [B_LEAD_EN] = {.name = "lead_en", .kind = PARAM_TEXT, .max = 120, .doc = "What it is for, in English"},
    [B_KIND] = {.name = "kind", .kind = PARAM_TEXT, .max = 30, .doc = "Kind; cannot be changed later"},
    [B_ICON] = {.name = "icon", .kind = PARAM_TEXT, .required = true, .max = 30, .doc = "Name of an icon"},
    [B_OWNER] = {.name = "owner",
                 .kind = PARAM_TEXT,
                 .max = 60,
                 .doc = "Who runs it: nothing for the committee or office of each place, id:… or kind:…"},
    [B_READERS] = {.name = "readers", .kind = PARAM_CHOICE, .choices = "everybody,residents", .required = true},
    [B_WRITERS] = {.name = "writers", .kind = PARAM_CHOICE, .choices = "staff,residents", .required = true},
    [B_REVIEW] = {.name = "review", .kind = PARAM_CHOICE, .choices = "none,before,after", .required = true},
    [B_PLACES] = {.name = "places",
                  .kind = PARAM_LIST,
                  .max = PLACES_MAX,
                  .doc = "Places below that show it; none: the whole place does"},
    [B_AFTER] = {.name = "after",
                 .kind = PARAM_TEXT,
                 .max = 20,
                 .doc = "Where on the home page: first, last, or the id of the board before it; left out: as it is"},
    [B_ACCOUNTS] = {.name = "accounts",
                    .kind = PARAM_BOOL,
                    .doc =
                        "Of notices: accounts of each quarter with a calendar and questions; cannot be changed later"},
};

/* The word of the address, out of the English name: "Women's Federation" becomes womens_federation. A board of accounts is known by how its word begins. */
static struct str word_of(struct arena *a, struct str begins, struct str name_en, int try)
{
    struct buf b;

    buf_init(&b, a, 40, 40);
    buf_put(&b, begins);
    for (size_t i = 0; i < name_en.len && buf_str(&b).len < 24; i++) {
        char c = name_en.ptr[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && buf_str(&b).len))
            buf_putc(&b, c);
        else if (c == ' ' && buf_str(&b).len && buf_str(&b).ptr[buf_str(&b).len - 1] != '_')
            buf_putc(&b, '_');
    }
    while (buf_str(&b).len < 2)
        buf_putc(&b, 'b');
    return try ? str_printf(a, STR_FMT "_%d", STR_ARG(buf_str(&b)), try + 1) : buf_str(&b);
}

static bool icon_known(struct str icon)
{
    for (size_t i = 0; i < N_ICONS; i++)
        if (str_eq(icon, str_from_cstr(icons[i].word)))
            return true;
    return false;
}

/* What was typed, into the board; the rest is looked over by board_create and board_update. */
static enum result take_form(struct request *rq, struct board *b)
{
    struct str owner = param_text(rq, B_OWNER), number;

    b->name = param_text(rq, B_NAME);
    b->name_en = param_text(rq, B_NAME_EN);
    b->lead = param_text(rq, B_LEAD);
    b->lead_en = param_text(rq, B_LEAD_EN);
    b->icon = param_text(rq, B_ICON);
    b->readers = (enum scope_readers)param_int(rq, B_READERS);
    b->writers = (enum scope_writers)param_int(rq, B_WRITERS);
    b->review = (enum board_review)param_int(rq, B_REVIEW);
    b->organisation = 0;
    b->owner_kind = STR_NONE;
    if (!icon_known(b->icon))
        return request_invalid(rq, "icon", T_app_field_choice);
    if (str_starts(owner, STR("kind:"))) {
        b->owner_kind = str_sub(owner, 5, SIZE_MAX);
    } else if (str_starts(owner, STR("id:"))) {
        struct organisation o;

        number = str_sub(owner, 3, SIZE_MAX);
        /* Only one's own: an office above cannot be made to run a board. */
        if (str_int64(number, 1, INT64_MAX, &b->organisation) != OK ||
            organisation_get(rq->db, b->organisation, &o) != OK || !place_contains(b->place, o.place))
            return request_invalid(rq, "owner", T_app_field_choice);
    } else if (owner.len) {
        return request_invalid(rq, "owner", T_app_field_choice);
    }
    return take_position(rq, param_text(rq, B_AFTER), b);
}

static enum result refuse_field(struct request *rq, enum result r, const char *field)
{
    return r == E_INVALID ? request_invalid(rq, field, T_board_field_wrong) : r;
}

static enum result create(struct request *rq)
{
    struct board b = {
        .place = rq->place, .kind = param_text(rq, B_KIND), .state = BOARD_DRAFT, .position = POSITION_LAST};
    const struct board_kind *kind = board_kind_of(b.kind);
    const int64_t *places;
    size_t n = param_list(rq, B_PLACES, &places);
    const char *field = "name";
    bool accounts = param_int(rq, B_ACCOUNTS) != 0;
    enum result r = take_form(rq, &b);

    if (r != OK)
        return r;
    if (accounts && !str_eq(b.kind, STR("bulletin")))
        return request_invalid(rq, "accounts", T_board_accounts_notices);
    if (kind == NULL || kind->single)
        return request_invalid(rq, "kind", T_app_field_choice);
    /* The word is looked for before it is written: a conflict would spoil the transaction. */
    for (int try = 0; try < 50; try++) {
        struct board there;

        b.word = word_of(rq->arena, accounts ? STR("open_affairs_") : STR_NONE, b.name_en, try);
        r = board_by_word(rq->db, b.word, &there);
        if (r == E_NOT_FOUND)
            break;
        if (r != OK)
            return r;
    }
    r = board_create(rq->db, &b, n ? places : &rq->place, n ? n : 1, rq->person, rq->now, &field);
    if (r != OK)
        return refuse_field(rq, r, field);
    return respond_created(rq, url_path(rq->arena, "/desk/boards/%" PRId64, b.id), b.id, T_board_made);
}

static enum result save(struct request *rq)
{
    struct board b = ((const struct edit_subject *)rq->subject)->board;
    const int64_t *places;
    size_t n = param_list(rq, B_PLACES, &places);
    const char *field = "name";
    enum result r = take_form(rq, &b);

    if (r == OK) {
        r = board_update(rq->db, &b, n ? places : &b.place, n ? n : 1, rq->person, rq->now, &field);
        r = refuse_field(rq, r, field);
    }
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/boards/%" PRId64, b.id), T_board_saved) : r;
}

static const struct param state_params[] = {
    {.name = "open",
     .kind = PARAM_CHOICE,
     .choices = "no,yes",
     .required = true,
     .doc = "Open it, or switch it off; what was written stays"},
};

static enum result set_state(struct request *rq)
{
    const struct board *b = &((const struct edit_subject *)rq->subject)->board;
    bool open = param_int(rq, 0) == 1;
    enum result r = board_set_state(rq->db, b, open ? BOARD_OPEN : BOARD_OFF, rq->person, rq->now);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/boards/%" PRId64, b->id),
                                       open ? T_board_opened : T_board_closed)
                   : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

static const struct route routes[] = {
    {HTTP_GET, "/desk/boards", "board.list", .handle = list, .subject = &place_of_post, .need = CAP_BOARD_ARRANGE,
     .view = &desk_boards_info, .doc = "The boards of the post's place: a committee's order, and the console"},
    {HTTP_POST, "/desk/boards/order", "board.arrange", .handle = arrange, .subject = &place_of_post,
     .need = CAP_BOARD_ARRANGE, PARAMS(arrange_params), WRITES, .again = list,
     .doc = "Moves a board on the community's home page, hides it, shows it again"},
    {HTTP_GET, "/desk/boards/new", "board.new", .handle = form_new, .subject = &place_of_post, .need = CAP_BOARD_EDIT,
     .view = &desk_board_info, .doc = "The form for a new board"},
    {HTTP_POST, "/desk/boards", "board.create", .handle = create, .subject = &place_of_post, .need = CAP_BOARD_EDIT,
     PARAMS(board_params), WRITES, .again = form_new, .doc = "Makes a board; it is open once it is switched on"},
    {HTTP_GET, "/desk/boards/{board}", "board.edit", .handle = form_edit, .subject = &edit_subject,
     .need = CAP_BOARD_EDIT, .view = &desk_board_info, .doc = "One board, to change it"},
    {HTTP_POST, "/desk/boards/{board}", "board.save", .handle = save, .subject = &edit_subject, .need = CAP_BOARD_EDIT,
     PARAMS(board_params), WRITES, .again = form_edit, .doc = "Changes a board"},
    {HTTP_POST, "/desk/boards/{board}/state", "board.state", .handle = set_state, .subject = &edit_subject,
     .need = CAP_BOARD_EDIT, PARAMS(state_params), WRITES, .again = form_edit,
     .doc = "Opens a board, or switches it off"},
};

const struct module board_module = {.name = "board", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};

static const struct desk_item desk[] = {
    {T_board_desk, T_place_desk_group, "/desk/boards", CAP_BOARD_ARRANGE, NULL},
};
const struct desk_table board_desk = {desk, 1};
