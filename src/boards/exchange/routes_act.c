/* routes_act.c: what is done on /p/{place}/exchange/{board}: writing, taking up, the queue, and what the two do with each other. */
#include "boards/exchange/present.h"
#include "boards/exchange/routes.h"
#include "boards/exchange/views/exchange_show.html.h"
#include "boards/exchange/views/exchange_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/person/identity.h"
#include "civic/person/person.h"

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

enum {
    W_SORT,
    W_TITLE,
    W_BODY,
    W_PRICE,
    W_MINUTES,
    W_DAYS,
    W_SPOT,
    W_UNTIL,
    W_PHOTOS,
    W_DROP,
    W_SURE,
    W_VERSION,
    W_PARAMS
};
static const struct param write_params[W_PARAMS] = {
    [W_SORT] = {.name = "sort", .kind = PARAM_CHOICE, .choices = EXCHANGE_SORTS, .required = true, .doc = "What it is"},
    [W_TITLE] = {.name = "title",
                 .kind = PARAM_TEXT,
                 .required = true,
                 .min = 2,
                 .max = EXCHANGE_TITLE_MAX,
                 .doc = "In one sentence"},
    [W_BODY] = {.name = "body", .kind = PARAM_LINES, .max = EXCHANGE_BODY_MAX, .doc = "More about it"},
    [W_PRICE] = {.name = "price", .kind = PARAM_TEXT, .max = 16, .doc = "Of what is sold, in yuan: 20 or 19.90"},
    [W_MINUTES] = {.name = "minutes",
                   .kind = PARAM_INT,
                   .min = 0,
                   .max = EXCHANGE_MINUTES_MAX,
                   .doc = "Of help: about how many minutes it takes"},
    [W_DAYS] = {.name = "days",
                .kind = PARAM_INT,
                .min = 1,
                .max = EXCHANGE_LEND_MAX,
                .doc = "Of what is lent: for how many days"},
    [W_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .max = EXCHANGE_SPOT_MAX, .doc = "Where, as neighbours say it"},
    [W_UNTIL] = {.name = "until",
                 .kind = PARAM_INT,
                 .min = 1,
                 .max = EXCHANGE_UNTIL_MAX,
                 .doc = "For how many days it stands in the lists; 30 when left out"},
    [W_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [W_DROP] = ENTRY_PARAM_DROP,
    [W_SURE] = {.name = "sure", .kind = PARAM_BOOL, .doc = "Phone, document or plate numbers are meant to be in it"},
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
};

static bool asks_whether_sure(const struct request *rq)
{
    for (size_t i = 0; i < rq->form.n_errors; i++)
        if (str_eq(rq->form.error[i].field, STR("sure")))
            return true;
    return false;
}

/* What was filled in, each of its fields looked at. */
static enum result read_form(struct request *rq, const struct board *board, struct exchange_new *what)
{
    struct private_span spans[4];
    bool until = param_given(rq, W_UNTIL);

    *what = (struct exchange_new){
        .board = board,
        .community = rq->place,
        .sort = (enum exchange_sort)param_int(rq, W_SORT),
        .title = param_text(rq, W_TITLE),
        .body = param_text(rq, W_BODY),
        .spot = param_text(rq, W_SPOT),
        .until_days = until ? param_int(rq, W_UNTIL) : exchange_flow.stage[XS_OFFER].amount,
    };
    if (!(exchange_sorts_on(board) & 1U << what->sort))
        request_error(rq, "sort", T_exchange_not_here);
    if (what->sort == SORT_SELL) {
        enum result r = exchange_price_parse(param_text(rq, W_PRICE), &what->price);

        if (r == E_TOO_LARGE)
            request_error(rq, "price", T_exchange_price_too_high);
        else if (r != OK)
            request_error(rq, "price", T_exchange_price_wrong);
    }
    if (what->sort == SORT_LEND && !param_given(rq, W_DAYS))
        request_error(rq, "days", T_exchange_days_missing);
    if (what->sort == SORT_LEND)
        what->days = param_int(rq, W_DAYS);
    if (sort_is_help(what->sort))
        what->minutes = param_int(rq, W_MINUTES);
    /* Neighbours read it: numbers that find a person are asked about once. The two tell each other where nobody else reads. */
    if (!param_int(rq, W_SURE) &&
        private_find(what->title, spans, 4) + private_find(what->body, spans, 4) + private_find(what->spot, spans, 4))
        request_error(rq, "sure", T_exchange_write_private);
    return rq->form.n_errors ? E_INVALID : OK;
}

static void fill_form(struct exchange_write_view *view, enum exchange_sort sort)
{
    view->sort = exchange_sort_text(sort);
    view->sort_key = str_from_cstr(exchange_sort_word(sort));
    view->sell = sort == SORT_SELL;
    view->lend = sort == SORT_LEND;
    view->help = sort_is_help(sort);
}

/* Pictures, taken on the spot: of a thing nobody has a document. */
static enum result fill_files(struct request *rq, const struct entry *entry, struct exchange_write_view *view)
{
    enum result r = entry_files_form(rq, entry, MEDIA_STAGE_REFERENCE, &view->attach);

    view->attach.takes_documents = false;
    view->attach.camera = true;
    return r;
}

enum { NEW_SORT, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_SORT] = {.name = "sort", .kind = PARAM_CHOICE, .choices = EXCHANGE_SORTS, .doc = "What it is"},
};

/* First what it is, where a board has several; then a form that asks for nothing else. */
static enum result form_new(struct request *rq)
{
    static const enum text hows[SORT_COUNT] = {
        [SORT_ASK] = T_exchange_how_ask,   [SORT_OFFER] = T_exchange_how_offer, [SORT_GIVE] = T_exchange_how_give,
        [SORT_LEND] = T_exchange_how_lend, [SORT_SWAP] = T_exchange_how_swap,   [SORT_SELL] = T_exchange_how_sell,
        [SORT_WISH] = T_exchange_how_wish,
    };
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place), self = url_below(rq->arena, here, "/new");
    uint32_t sorts = exchange_sorts_on(&s->board);
    struct exchange_write_choices *choice = arena_array(rq->arena, struct exchange_write_choices, SORT_COUNT);
    struct exchange_write_view view = {
        .board = board_name(&s->board, rq->lang),
        .action = self,
        .back = here,
        .ask_sure = asks_whether_sure(rq),
        .reviewed = s->board.review == BOARD_REVIEW_BEFORE,
    };
    size_t n = 0;
    enum exchange_sort only = SORT_COUNT;

    for (int i = 0; i < SORT_COUNT; i++)
        if (sorts & 1U << i) {
            only = (enum exchange_sort)i;
            choice[n++] = (struct exchange_write_choices){
                exchange_sort_text(only), hows[i],
                url_add(rq->arena, self, "sort", str_from_cstr(exchange_sort_word(only)))};
        }
    if (n > 1) {
        only = param_given(rq, NEW_SORT) ? (enum exchange_sort)param_int(rq, NEW_SORT) : SORT_COUNT;
        if (only < SORT_COUNT && !(sorts & 1U << only))
            only = SORT_COUNT;
        view.other_sort = self;
    }
    if (only < SORT_COUNT)
        fill_form(&view, only);
    else {
        view.choices.v = choice;
        view.choices.n = n;
    }
    form_default(rq, "until", STR("30"));
    enum result r = fill_files(rq, NULL, &view);
    return r == OK ? respond_view(rq, exchange_write, &view) : r;
}

static enum result write_new(struct request *rq)
{
    const struct board *board = board_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool reviewed = board->review == BOARD_REVIEW_BEFORE && !actor.runs;
    struct exchange_new what;
    int64_t id;
    enum result r = read_form(rq, board, &what);

    what.photos = entry_files_photos(rq);
    if (r == OK)
        r = exchange_write(rq->db, &actor, &what, &id);
    if (r == OK)
        r = entry_files_attach(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board, rq->place, id), id,
                                     reviewed ? T_exchange_sent_for_review : T_exchange_published)
                   : r;
}

static enum result form_edit(struct request *rq)
{
    const struct exchange_subject *s = exchange_of(rq);
    const struct exchange *x = &s->x;
    struct url self = entry_url(rq->arena, &s->of.of.board, rq->place, x->entry.id);
    struct exchange_write_view view = {
        .board = board_name(&s->of.of.board, rq->lang),
        .action = url_below(rq->arena, self, "/edit"),
        .back = self,
        .ask_sure = asks_whether_sure(rq),
        .version = x->entry.version,
        .editing = true,
    };

    fill_form(&view, x->sort);
    form_default(rq, "title", x->entry.title);
    form_default(rq, "body", x->entry.body);
    form_default(rq, "spot", x->spot);
    if (view.sell)
        form_default(rq, "price", exchange_price_words(rq->arena, x->price));
    if (view.lend)
        form_default(rq, "days", str_printf(rq->arena, "%" PRId64, x->days));
    if (view.help && x->minutes)
        form_default(rq, "minutes", str_printf(rq->arena, "%" PRId64, x->minutes));
    enum result r = fill_files(rq, &x->entry, &view);
    return r == OK ? respond_view(rq, exchange_write, &view) : r;
}

/* ---- what every action answers with ---------------------------------------------------------------------------------------- */

static struct url here(struct request *rq)
{
    return entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id);
}

/* Somebody, or the clock, was faster: said kindly, and the page shows how it is now. */
static enum result answer(struct request *rq, enum result r, enum text flash)
{
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_exchange_moved_on);
    return r == OK ? respond_see_other(rq, here(rq), flash) : r;
}

static enum result edit(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    const struct entry *entry = entry_of(rq);
    struct exchange_new what;
    enum result r = read_form(rq, board_of(rq), &what);

    if (r == OK && what.sort != exchange_of(rq)->x.sort)
        return request_invalid(rq, "sort", T_exchange_not_here);
    if (r == OK)
        r = exchange_edit(rq->db, &actor, rq->place, entry->id,
                          param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : entry->version, &what);
    if (r == OK)
        r = entry_files_change(rq, &actor, entry, MEDIA_STAGE_REFERENCE, ENTRY_PHOTOS_MAX);
    return answer(rq, r, T_exchange_saved);
}

static enum result withdraw(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_withdraw(rq->db, &actor, rq->place, entry_of(rq)->id), T_exchange_withdrawn);
}

static enum result again(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_again(rq->db, &actor, rq->place, entry_of(rq)->id), T_exchange_published);
}

enum { REVIEW_ACCEPT, REVIEW_REASON, REVIEW_PARAMS };
static const struct param review_params[REVIEW_PARAMS] = {
    [REVIEW_ACCEPT] = {.name = "accept", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
    [REVIEW_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why not; the author reads it"},
};

static enum result review(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool accept = param_int(rq, REVIEW_ACCEPT) == 1;

    if (!accept && param_text(rq, REVIEW_REASON).len == 0)
        return request_invalid(rq, "reason", T_exchange_why_not);
    return answer(rq,
                  exchange_review(rq->db, &actor, rq->place, entry_of(rq)->id, accept, param_text(rq, REVIEW_REASON)),
                  accept ? T_exchange_accepted : T_exchange_declined);
}

/* ---- taking up ---------------------------------------------------------------------------------------------------------------- */

static enum result take(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = exchange_take_up(rq->db, &actor, rq->place, entry_of(rq)->id);

    if (r == E_CONFLICT && exchange_of(rq)->roles & BY_TAKER) /* tapped twice */
        return respond_see_other(rq, here(rq), T_exchange_taken);
    if (r == E_CONFLICT && !rq->wants_json)
        return exchange_show_late(rq);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_exchange_late);
    return answer(rq, r, T_exchange_taken);
}

static enum result join(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = exchange_queue(rq->db, &actor, rq->place, entry_of(rq)->id);

    if (r == E_TOO_LARGE)
        return request_refuse(rq, E_CONFLICT, T_exchange_queue_full);
    return answer(rq, r, T_exchange_joined);
}

static const struct param answer_params[1] = {
    {.name = "yes", .kind = PARAM_BOOL, .doc = "1: yes, I want it still; 0: no"}};

static enum result answer_turn(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool yes = param_int(rq, 0);
    enum result r = exchange_answer_turn(rq->db, &actor, rq->place, entry_of(rq)->id, yes);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_exchange_turn_is_over);
    return answer(rq, r, yes ? T_exchange_taken : T_exchange_passed);
}

static enum result leave(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_leave(rq->db, &actor, rq->place, entry_of(rq)->id), T_exchange_left);
}

static enum result release(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_release(rq->db, &actor, rq->place, entry_of(rq)->id), T_exchange_released);
}

/* ---- both ------------------------------------------------------------------------------------------------------------------------ */

static const struct param confirm_params[1] = {{.name = "minutes",
                                                .kind = PARAM_INT,
                                                .min = 0,
                                                .max = EXCHANGE_MINUTES_MAX,
                                                .doc = "Of help: how many minutes it took; 0: not to be written down"}};

static enum result confirm(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool done = false;
    enum result r;

    if (sort_is_help(exchange_of(rq)->x.sort) && !param_given(rq, 0))
        return request_invalid(rq, "minutes", T_exchange_minutes_missing);
    r = exchange_confirm(rq->db, &actor, rq->place, entry_of(rq)->id, param_int(rq, 0), &done);
    return answer(rq, r, done ? T_exchange_confirmed : T_exchange_confirmed_half);
}

static const struct param deny_params[1] = {
    {.name = "why", .kind = PARAM_TEXT, .max = 200, .doc = "What is not so; the other reads it"}};

static enum result deny(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    if (param_text(rq, 0).len == 0)
        return request_invalid(rq, "why", T_exchange_deny_why);
    return answer(rq, exchange_deny(rq->db, &actor, rq->place, entry_of(rq)->id, param_text(rq, 0)), T_exchange_denied);
}

static enum result back(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_back(rq->db, &actor, rq->place, entry_of(rq)->id),
                  exchange_of(rq)->roles & BY_AUTHOR ? T_exchange_is_back : T_exchange_confirmed_half);
}

static const struct param extend_params[1] = {
    {.name = "day", .kind = PARAM_DATE, .required = true, .doc = "The day on which it is to be back"}};

static enum result extend(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = exchange_extend(rq->db, &actor, rq->place, entry_of(rq)->id, (int32_t)param_int(rq, 0));

    if (r == E_INVALID)
        return request_invalid(rq, "day", T_exchange_extend_range);
    return answer(rq, r, T_exchange_extended);
}

static const struct param say_params[1] = {
    {.name = "word", .kind = PARAM_LINES, .required = true, .max = EXCHANGE_WORD_MAX, .doc = "For the other alone"}};

static enum result say(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool held = false;
    enum result r = exchange_say(rq->db, &actor, rq->place, entry_of(rq)->id, param_text(rq, 0), &held);

    return answer(rq, r, held ? T_exchange_held : T_exchange_said);
}

static const struct param thank_params[2] = {
    {.name = "thanks", .kind = PARAM_LINES, .required = true, .max = EXCHANGE_WORD_MAX, .doc = "Words of thanks"},
    {.name = "shown", .kind = PARAM_BOOL, .doc = "Neighbours may read them too"},
};

static enum result thank(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    return answer(rq, exchange_thank(rq->db, &actor, rq->place, entry_of(rq)->id, param_text(rq, 0), param_int(rq, 1)),
                  T_exchange_thanked);
}

#define ACT(tail, act, run, cap, words)                                                                          \
    {                                                                                                            \
        HTTP_POST, EXCHANGE_ONE tail, "exchange." act, .handle = run, .subject = &exchange_subject, .need = cap, \
                                                       .flags = ROUTE_WRITE, .rate = RATE_WRITE,                 \
                                                       .again = exchange_show, .doc = words
#define PARTY_DOC "; for those between whom it is"

static const struct route routes[] =
    {{HTTP_GET, "/p/{place}/exchange/{board:word}/new", "exchange.new", .handle = form_new, .subject = &board_subject,
      .need = CAP_BOARD_WRITE, PARAMS(new_params), .flags = ROUTE_PERSONAL, .view = &exchange_write_info,
      .doc = "The form for a new exchange"},
     {HTTP_POST, "/p/{place}/exchange/{board:word}/new", "exchange.create", .handle = write_new,
      .before = entry_files_prepare, .subject = &board_subject, .need = CAP_BOARD_WRITE, PARAMS(write_params),
      .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = form_new,
      .doc = "Asks, offers, gives, lends, swaps, sells or wishes"},
     {HTTP_GET, EXCHANGE_ONE "/edit", "exchange.edit.form", .handle = form_edit, .subject = &exchange_subject,
      .need = CAP_OWN, .flags = ROUTE_PERSONAL, .view = &exchange_write_info, .doc = "One's own, to change it"},
     {HTTP_POST, EXCHANGE_ONE "/edit", "exchange.edit", .handle = edit, .before = entry_files_prepare,
      .subject = &exchange_subject, .need = CAP_OWN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
      .rate = RATE_UPLOAD, .again = form_edit, .doc = "Changes one's own while nobody has taken it up"},
     ACT("/withdraw", "withdraw", withdraw, CAP_OWN, "Takes one's own back; whoever had it or waited is told")},
                          ACT("/again", "again", again, CAP_OWN,
                              "Puts what has run out, came back, or is offered anew, into the lists again")
}
, ACT("/release", "release", release, CAP_OWN, "Not this one: the next in the queue is asked")
}
, ACT("/extend", "extend", extend, CAP_OWN, "What is lent may come back later"), PARAMS(extend_params)
}
, ACT("/review", "review", review, CAP_BOARD_RUN, "Publishes it, or declines it with a reason"), PARAMS(review_params)
}
, ACT("/take", "take", take, CAP_BOARD_TAKE_PART, "Takes it up: one wins, the others may stand in the queue")
}
, ACT("/queue", "queue", join, CAP_BOARD_TAKE_PART, "Stands in the queue")
}
, ACT("/answer", "answer", answer_turn, CAP_PARTY, "Whose turn it is says whether they still want it"),
    PARAMS(answer_params)
}
, ACT("/leave", "leave", leave, CAP_PARTY, "Leaves the queue, or gives back what was taken up")
}
, ACT("/confirm", "confirm", confirm, CAP_PARTY, "It was handed over, or done" PARTY_DOC), PARAMS(confirm_params)
}
, ACT("/deny", "deny", deny, CAP_PARTY, "What the other has said is not so" PARTY_DOC), PARAMS(deny_params)
}
, ACT("/back", "back", back, CAP_PARTY, "What was lent is back" PARTY_DOC)
}
, ACT("/say", "say", say, CAP_PARTY, "Writes to the other" PARTY_DOC), PARAMS(say_params)
}
, ACT("/thank", "thank", thank, CAP_PARTY, "Thanks the other, once" PARTY_DOC), PARAMS(thank_params)
}
,
}
;

const struct module exchange_act_module = {
    .name = "exchange.act", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
