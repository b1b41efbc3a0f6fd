/* routes_write.c: writing a notice, changing it, moving it on; its history. */
#include "boards/bulletin/routes.h"

#include "boards/bulletin/views/bulletin_history.html.h"
#include "boards/bulletin/views/bulletin_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/person/identity.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

enum {
    W_TITLE,
    W_BODY,
    W_PHOTOS,
    W_DOCUMENTS,
    W_DROP,
    W_SURE,
    W_WEIGHT,
    W_PLACES,
    W_PUBLISH_AT,
    W_LAST_DAY,
    W_READ_BY,
    W_THEN,
    W_VERSION,
    W_PERIOD,
    W_PARAMS
};
static const struct param write_params[W_PARAMS] = {
    [W_TITLE] = {.name = "title",
                 .kind = PARAM_TEXT,
                 .required = true,
                 .min = 2,
                 .max = BULLETIN_TITLE_MAX,
                 .doc = "What it is about"},
    [W_BODY] = {.name = "body",
                .kind = PARAM_LINES,
                .required = true,
                .min = 2,
                .max = BULLETIN_BODY_MAX,
                .doc = "The text, in Markdown without HTML"},
    [W_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [W_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
    [W_DROP] = ENTRY_PARAM_DROP,
    [W_SURE] = {.name = "sure", .kind = PARAM_BOOL, .doc = "Phone, document or plate numbers are meant to be in it"},
    [W_WEIGHT] = {.name = "weight",
                  .kind = PARAM_CHOICE,
                  .choices = "plain,must_read,emergency",
                  .doc = "Whether every household should read it"},
    [W_PLACES] = {.name = "places",
                  .kind = PARAM_LIST,
                  .max = ENTRY_AUDIENCE_MAX,
                  .doc = "Places below that it is for; none: all of them"},
    [W_PUBLISH_AT] = {.name = "publish_at", .kind = PARAM_TIME, .doc = "When it comes out; left out: at once"},
    [W_LAST_DAY] = {.name = "last_day", .kind = PARAM_DATE, .doc = "The last day on which it stands in the lists"},
    [W_READ_BY] = {.name = "read_by", .kind = PARAM_DATE, .doc = "Until when every household should have read it"},
    [W_THEN] = {.name = "then",
                .kind = PARAM_CHOICE,
                .choices = "draft,send",
                .doc = "Keep it as a draft, or send it on its way"},
    [W_PERIOD] = {.name = "period",
                  .kind = PARAM_INT,
                  .min = 0,
                  .max = 20794,
                  .doc = "Of accounts on a board of open affairs: 20263 is the third quarter of 2026"},
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
};

/* Everybody reads it: numbers that find a person are asked about once. */
static enum result look_for_private(struct request *rq)
{
    struct private_span spans[4];

    if (param_int(rq, W_SURE))
        return OK;
    if (private_find(param_text(rq, W_TITLE), spans, 4) + private_find(param_text(rq, W_BODY), spans, 4) +
            entry_files_numbers(rq) ==
        0)
        return OK;
    return request_invalid(rq, "sure", T_bulletin_write_private);
}

static bool asks_whether_sure(const struct request *rq)
{
    for (size_t i = 0; i < rq->form.n_errors; i++)
        if (str_eq(rq->form.error[i].field, STR("sure")))
            return true;
    return false;
}

/* What was typed, as the rules want it. E_INVALID: a field is wrong, and named. */
static enum result read_form(struct request *rq, bool out, struct bulletin_text *ret)
{
    struct str **names = arena_array(rq->arena, struct str *, DOCUMENTS_MAX);
    const int64_t *places;
    size_t n = param_list(rq, W_PLACES, &places);
    int64_t soonest = param_given(rq, W_PUBLISH_AT) && param_int(rq, W_PUBLISH_AT) > rq->now
                        ? param_int(rq, W_PUBLISH_AT)
                        : rq->now;
    enum result r = look_for_private(rq);

    if (r != OK)
        return r;
    *ret = (struct bulletin_text){
        .title = param_text(rq, W_TITLE),
        .body = param_text(rq, W_BODY),
        .weight = (enum bulletin_weight)param_int(rq, W_WEIGHT),
        .publish_at = param_given(rq, W_PUBLISH_AT) ? param_int(rq, W_PUBLISH_AT) : 0,
        .ends_at = param_given(rq, W_LAST_DAY) ? day_start((int32_t)param_int(rq, W_LAST_DAY)) + TIME_DAY : 0,
        .read_by = param_given(rq, W_READ_BY) ? (int32_t)param_int(rq, W_READ_BY) : 0,
        .photos = entry_files_photos(rq),
        .names = names,
        .n_names = entry_files_names(rq, names),
        .files_changed = entry_files_changed(rq),
    };
    if (ret->publish_at > rq->now + 366 * TIME_DAY)
        return request_invalid(rq, "publish_at", T_bulletin_write_too_far);
    if (ret->ends_at && ret->ends_at <= (out ? rq->now : soonest))
        return request_invalid(rq, "last_day", T_bulletin_write_ends_before);
    if (ret->read_by && ret->weight != BULLETIN_PLAIN && ret->read_by < day_of(out ? rq->now : soonest))
        return request_invalid(rq, "read_by", T_bulletin_write_read_before);
    if (ret->weight == BULLETIN_PLAIN)
        ret->read_by = 0;
    if (param_int(rq, W_PERIOD) && bulletin_is_open_affairs(board_of(rq))) {
        if (!bulletin_period_known(param_int(rq, W_PERIOD)))
            return request_invalid(rq, "period", T_bulletin_period_unknown);
        ret->period = param_int(rq, W_PERIOD);
        ret->matter = STR("accounts");
    }
    r = entry_audience(rq->arena, rq->place, places, n, &ret->audience);
    return r == E_INVALID ? request_invalid(rq, "places", T_bulletin_write_places_wrong) : r;
}

/* ---- the form ------------------------------------------------------------------------------------------------------- */

/* The places right below, to choose from; a community has none. */
static enum result fill_places(struct request *rq, struct str audience, struct bulletin_write_view *view)
{
    struct bulletin_write_places *to;
    struct places below;
    enum result r;

    if (place_level_of(rq->place) == PLACE_COMMUNITY)
        return OK;
    r = place_children(rq->db, rq->place, false, &below);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct bulletin_write_places, below.n ? below.n : 1);
    for (size_t i = 0; i < below.n; i++) {
        struct str code = str_printf(rq->arena, ",%" PRId64, below.place[i].code);

        to[i] = (struct bulletin_write_places){below.place[i].code, place_short_name(below.place[i].name),
                                               str_find(audience, code) != SIZE_MAX};
    }
    view->places.v = to;
    view->places.n = below.n;
    return OK;
}

struct str bulletin_period_words(struct request *rq, int64_t period)
{
    return text_format(rq->arena, rq->lang, T_bulletin_period_name, TEXT_INT("year", period / 10),
                       TEXT_INT("quarter", period % 10));
}

/* On a board of open affairs: whose accounts it is. */
static void fill_periods(struct request *rq, struct bulletin_write_view *view)
{
    enum { OFFERED = 8 };
    struct bulletin_write_periods *to = arena_array(rq->arena, struct bulletin_write_periods, OFFERED);
    int64_t period = bulletin_period_of(rq->now);

    if (!bulletin_is_open_affairs(board_of(rq)))
        return;
    for (size_t i = 0; i < OFFERED; i++, period = bulletin_period_before(period))
        to[i] = (struct bulletin_write_periods){period, bulletin_period_words(rq, period)};
    view->periods.v = to;
    view->periods.n = OFFERED;
}

/* What was chosen in a form that comes again. */
static struct str typed_places(struct request *rq)
{
    struct buf b;

    buf_init(&b, rq->arena, 256, 16 * 1024);
    for (size_t i = 0; i < rq->form.n_values; i++)
        if (str_eq(rq->form.value[i].name, STR("places"))) {
            buf_putc(&b, ',');
            buf_put(&b, rq->form.value[i].value);
        }
    return buf_str(&b);
}

static enum result form_new(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct bulletin_write_view view = {
        .board = board_name(&s->board, rq->lang),
        .action = url_below(rq->arena, here, "/new"),
        .back = here,
        .ask_sure = asks_whether_sure(rq),
        .reviewed = s->board.review == BOARD_REVIEW_BEFORE,
        .sends = true,
        .with_time = true,
    };
    enum result r = fill_places(rq, typed_places(rq), &view);

    if (r == OK)
        r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    fill_periods(rq, &view);
    form_default(rq, "weight", STR("plain"));
    return r == OK ? respond_view(rq, bulletin_write, &view) : r;
}

static void default_day(struct request *rq, const char *name, int32_t day)
{
    if (day)
        form_default(rq, name, str_sub(time_rfc3339(rq->arena, day_start(day)), 0, 10));
}

static enum result form_edit(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct bulletin *b = bulletin_of(rq);
    bool out = bulletin_is_out(b->state);
    struct url self = bulletin_here(rq, "");
    struct bulletin_write_view view = {
        .board = board_name(&s->of.board, rq->lang),
        .action = bulletin_here(rq, "/edit"),
        .back = self,
        .ask_sure = asks_whether_sure(rq),
        .version = s->entry.version,
        .editing = true,
        .out = out,
        .reviewed = s->of.board.review == BOARD_REVIEW_BEFORE,
        .sends = !out,
        .with_time = !out,
    };
    enum result r = OK;

    if (b->state != BULLETIN_DRAFT && !out)
        return request_refuse(rq, E_CONFLICT, T_bulletin_not_now);
    if (!out)
        r = fill_places(rq, rq->form.n_errors ? typed_places(rq) : s->entry.audience, &view);
    if (r == OK)
        r = entry_files_form(rq, &s->entry, MEDIA_STAGE_REFERENCE, &view.attach);
    fill_periods(rq, &view);
    if (b->row.period)
        form_default(rq, "period", str_printf(rq->arena, "%" PRId64, b->row.period));
    form_default(rq, "title", s->entry.title);
    form_default(rq, "body", s->entry.body);
    form_default(rq, "weight", bulletin_weight_word(b->weight));
    if (b->row.publish_at)
        form_default(rq, "publish_at", str_sub(time_rfc3339(rq->arena, b->row.publish_at), 0, 16));
    if (s->entry.ends_at)
        default_day(rq, "last_day", day_of(s->entry.ends_at - 1));
    default_day(rq, "read_by", (int32_t)b->row.read_by);
    return r == OK ? respond_view(rq, bulletin_write, &view) : r;
}

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

static enum text flash_of(enum bulletin_action action, bool scheduled)
{
    switch (action) {
    case BULLETIN_SUBMIT: return T_bulletin_flash_submitted;
    case BULLETIN_PUBLISH: return scheduled ? T_bulletin_flash_scheduled : T_bulletin_flash_published;
    case BULLETIN_RETURN: return T_bulletin_flash_returned;
    case BULLETIN_RECALL: return T_bulletin_flash_recalled;
    case BULLETIN_PIN: return T_bulletin_flash_pinned;
    case BULLETIN_UNPIN: return T_bulletin_flash_unpinned;
    case BULLETIN_WITHDRAW: return T_bulletin_flash_withdrawn;
    default: return T_bulletin_flash_saved;
    }
}

/* On its way: to who reviews, or out. */
static enum result send_on(struct request *rq, const struct entry_actor *actor, int64_t id, enum text *ret_flash)
{
    const struct board *board = board_of(rq);
    enum bulletin_action action = board->review == BOARD_REVIEW_BEFORE ? BULLETIN_SUBMIT : BULLETIN_PUBLISH;
    struct entry entry;
    struct bulletin b;
    uint32_t roles;
    enum result r = entry_get(rq->db, rq->place, id, &entry);

    if (r == OK)
        r = bulletin_load(rq->db, &entry, &b);
    if (r == OK)
        r = bulletin_roles(rq->db, actor, board, &b, &roles);
    if (r == OK)
        r = bulletin_act(rq->db, actor, board, &b, action, roles, STR_NONE);
    if (r == OK)
        *ret_flash = flash_of(action, b.row.publish_at > rq->now);
    return r;
}

static enum result write_new(struct request *rq)
{
    const struct board *board = board_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    enum text flash = T_bulletin_flash_draft;
    struct bulletin_text what;
    int64_t id;
    enum result r = read_form(rq, false, &what);

    if (r == OK)
        r = bulletin_write(rq->db, &actor, board, rq->place, &what, &id);
    if (r == OK)
        r = entry_files_attach(rq, id);
    if (r == OK && param_int(rq, W_THEN) == 1)
        r = send_on(rq, &actor, id, &flash);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board, rq->place, id), id, flash) : r;
}

static enum result edit(struct request *rq)
{
    const struct bulletin *b = bulletin_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool out = bulletin_is_out(b->state);
    enum text flash = T_bulletin_flash_saved;
    struct bulletin_text what;
    enum result r = read_form(rq, out, &what);

    if (r == OK)
        r = bulletin_change(rq->db, &actor, board_of(rq), b,
                            param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : b->entry.version, &what);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_changed_meanwhile);
    if (r == OK)
        r = entry_files_change(rq, &actor, &b->entry, MEDIA_STAGE_REFERENCE, ENTRY_PHOTOS_MAX);
    if (r == OK && !out && param_int(rq, W_THEN) == 1)
        r = send_on(rq, &actor, b->entry.id, &flash);
    return r == OK ? respond_see_other(rq, bulletin_here(rq, ""), flash) : r;
}

/* ---- moving ------------------------------------------------------------------------------------------------------------ */

enum { ACT_ACTION, ACT_REASON, ACT_PARAMS };
static const struct param act_params[ACT_PARAMS] = {
    [ACT_ACTION] = {.name = "action",
                    .kind = PARAM_CHOICE,
                    .choices = "submit,publish,return,recall,pin,unpin,withdraw",
                    .required = true,
                    .doc = "What is to happen with it; to publish what has an hour is to put it on the calendar"},
    [ACT_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why it is given back or withdrawn"},
};
static const enum bulletin_action act_actions[] = {
    BULLETIN_SUBMIT, BULLETIN_PUBLISH, BULLETIN_RETURN,   BULLETIN_RECALL,
    BULLETIN_PIN,    BULLETIN_UNPIN,   BULLETIN_WITHDRAW,
};

static enum result act(struct request *rq)
{
    const struct bulletin *b = bulletin_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    enum bulletin_action action = act_actions[param_int(rq, ACT_ACTION)];
    uint32_t roles;
    enum result r = bulletin_roles(rq->db, &actor, board_of(rq), b, &roles);

    if (r == OK)
        r = bulletin_act(rq->db, &actor, board_of(rq), b, action, roles, param_text(rq, ACT_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_over);
    if (r == E_DENIED)
        return request_refuse(rq, r, T_bulletin_own_review);
    if (r == E_INVALID)
        return action == BULLETIN_PUBLISH ? request_invalid(rq, "action", T_bulletin_write_ends_before)
                                          : request_invalid(rq, "reason", T_bulletin_why);
    return r == OK ? respond_see_other(rq, bulletin_here(rq, ""), flash_of(action, b->row.publish_at > rq->now)) : r;
}

static enum result read_it(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    actor.organisation = 0; /* one reads as who one is at home */
    r = bulletin_read(rq->db, &actor, viewer_of(rq), bulletin_of(rq));
    if (r == E_DENIED)
        return request_refuse(rq, r, T_bulletin_read_not_yours);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_read_not_asked);
    return r == OK ? respond_see_other(rq, bulletin_here(rq, ""), T_bulletin_flash_read) : r;
}

/* ---- history ------------------------------------------------------------------------------------------------------------- */

static enum result history(struct request *rq)
{
    struct sql_bulletin_versions_rows rows;
    struct bulletin_history_view view = {.title = entry_of(rq)->title, .back = bulletin_here(rq, "")};
    struct bulletin_history_versions *to;
    enum result r = sql_bulletin_versions(rq->db, rq->place, entry_of(rq)->id, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct bulletin_history_versions, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct bulletin_history_versions){rows.row[i].version, rows.row[i].title,
                                                   markdown_render(rq->arena, rows.row[i].body), rows.row[i].shown_name,
                                                   rows.row[i].at};
    view.versions.v = to;
    view.versions.n = rows.n;
    return respond_view(rq, bulletin_history, &view);
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

const struct route bulletin_write_routes[BULLETIN_WRITE_ROUTES] = {
    {HTTP_GET, "/p/{place}/bulletin/{board:word}/new", "bulletin.new", .handle = form_new, .subject = &board_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &bulletin_write_info, .doc = "The form for a new notice"},
    {HTTP_POST, "/p/{place}/bulletin/{board:word}/new", "bulletin.create", .handle = write_new,
     .before = entry_files_prepare, .subject = &board_subject, .need = CAP_BOARD_RUN, PARAMS(write_params),
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = form_new,
     .doc = "Writes a notice: a draft, or sent on its way at once"},
    {HTTP_GET, BULLETIN_ONE "/edit", "bulletin.edit.form", .handle = form_edit, .subject = &bulletin_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &bulletin_write_info, .doc = "A notice, to change it"},
    {HTTP_POST, BULLETIN_ONE "/edit", "bulletin.edit", .handle = edit, .before = entry_files_prepare,
     .subject = &bulletin_subject, .need = CAP_BOARD_RUN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = form_edit, .doc = "Changes a notice; the text before stays in its history"},
    {HTTP_POST, BULLETIN_ONE "/act", "bulletin.act", .handle = act, .subject = &bulletin_subject, .need = CAP_BOARD_RUN,
     PARAMS(act_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = bulletin_show,
     .doc = "Reviews, publishes, pins, withdraws"},
    {HTTP_POST, BULLETIN_ONE "/read", "bulletin.read", .handle = read_it, .subject = &bulletin_subject,
     .need = CAP_BOARD_TAKE_PART, .flags = ROUTE_WRITE, .rate = RATE_WRITE,
     .doc = "The viewer has read it: the receipt of their household"},
    {HTTP_GET, BULLETIN_ONE "/history", "bulletin.history", .handle = history, .subject = &bulletin_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &bulletin_history_info,
     .doc = "Every version of the text, for who runs the board"},
};
