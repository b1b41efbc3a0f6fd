/* routes.c: /messages: what the person was told. */
#include "civic/notify/notify.h"

#include "civic/access/access.h"
#include "civic/notify/views/messages.html.h"

enum { PAGE = 20 };

enum { LIST_BEFORE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: messages older than this id"},
};

/* What it is about, as an icon of the set. */
static struct str icon_of(struct str subject_kind)
{
    static const struct {
        const char *kind, *icon;
    } icons[] = {
        {"report", "report"}, {"work_order", "hand-off"}, {"residence", "verify"}, {"comment", "comment"},
        {"post", "key"},
    };

    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
        if (str_eq(subject_kind, str_from_cstr(icons[i].kind)))
            return str_from_cstr(icons[i].icon);
    return STR("bell");
}

static enum result list(struct request *rq)
{
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : 0;
    struct messages_view view = {0};
    struct messages_items *item = arena_array(rq->arena, struct messages_items, PAGE);
    struct notifications list;
    enum result r = notify_list(rq->db, rq->person, rq->lang, before, PAGE + 1, &list);

    if (r == OK)
        r = notify_unread(rq->db, rq->person, &view.unread);
    if (r != OK)
        return r;
    for (size_t i = 0; i < list.n && i < PAGE; i++) {
        const struct notification *n = &list.notification[i];

        item[i] = (struct messages_items){.id = n->id,
                                          .words = n->words,
                                          .url = n->url,
                                          .subject_kind = n->subject_kind,
                                          .icon = icon_of(n->subject_kind),
                                          .count = n->count,
                                          .fresh = n->read_at == 0,
                                          .at = n->created_at,
                                          .read = n->read_at};
    }
    view.items.v = item;
    view.items.n = list.n > PAGE ? PAGE : list.n;
    if (list.n > PAGE)
        view.older = url_path(rq->arena, "/messages?before=%" PRId64, item[PAGE - 1].id);
    if (list.n)
        view.newest = list.notification[0].id;
    return respond_view(rq, messages, &view);
}

enum { OPEN_ID, OPEN_PARAMS };
static const struct param open_params[OPEN_PARAMS] = {
    [OPEN_ID] = {.name = "id", .kind = PARAM_ID, .required = true, .doc = "The message"},
};

/* Marks it as read and leads to its thing: a link of the page, that writes. */
static enum result open_one(struct request *rq)
{
    int64_t id = param_int(rq, OPEN_ID);
    struct url to = url_path(rq->arena, "/messages");
    struct notifications list;
    enum result r = notify_mark_read(rq->db, rq->person, id, rq->now);

    if (r == OK)
        r = notify_list(rq->db, rq->person, rq->lang, id + 1, 1, &list);
    if (r == OK && list.n && list.notification[0].id == id && list.notification[0].url.s.len)
        to = list.notification[0].url;
    return r == OK ? respond_see_other(rq, to, T_none) : r;
}

enum { READ_ID, READ_UP_TO, READ_PARAMS };
static const struct param read_params[READ_PARAMS] = {
    [READ_ID] = {.name = "id", .kind = PARAM_ID, .doc = "Only this message"},
    [READ_UP_TO] = {.name = "up_to",
                    .kind = PARAM_ID,
                    .doc = "All messages up to this one: what came since stays unread"},
};

static enum result mark_read(struct request *rq)
{
    enum result r;

    if (!param_given(rq, READ_ID) && !param_given(rq, READ_UP_TO))
        return request_invalid(rq, "up_to", T_app_field_required);
    r = param_given(rq, READ_ID) ? notify_mark_read(rq->db, rq->person, param_int(rq, READ_ID), rq->now)
                                 : notify_mark_all_read(rq->db, rq->person, param_int(rq, READ_UP_TO), rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/messages"), T_none) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/messages", "notify.list", .handle = list, .need = CAP_SIGNED_IN, .params = list_params,
     .n_params = LIST_PARAMS, .flags = ROUTE_PERSONAL, .view = &messages_info,
     .doc = "What the person was told, newest first"},
    {HTTP_POST, "/messages/open", "notify.open", .handle = open_one, .need = CAP_SIGNED_IN, .params = open_params,
     .n_params = OPEN_PARAMS, .flags = ROUTE_WRITE | ROUTE_NO_KEY,
     .doc = "Marks a message as read and leads to what it is about"},
    {HTTP_POST, "/messages/read", "notify.read", .handle = mark_read, .need = CAP_SIGNED_IN, .params = read_params,
     .n_params = READ_PARAMS, .flags = ROUTE_WRITE | ROUTE_NO_KEY,
     .doc = "Marks one message, or all up to one, as read"},
};

const struct module notify_module = {
    .name = "notify", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
