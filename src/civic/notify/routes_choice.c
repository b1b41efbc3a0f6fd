/* routes_choice.c: /me/notify: how somebody is told outside of the app. */
#include "civic/notify/room.h"

#include "civic/access/access.h"
#include "civic/notify/notify.sql.h"
#include "civic/notify/views/me_notify.html.h"
#include "civic/person/person.h"
#include "civic/service/service.h"

enum { WAYS_MAX = 4, HOURS = 24 };

static const struct {
    enum text name, hint;
} topic_words[TOPIC_COUNT] = {
    [TOPIC_MINE] = {T_notify_topic_mine, T_notify_topic_mine_hint},
    [TOPIC_REPLY] = {T_notify_topic_reply, T_notify_topic_reply_hint},
    [TOPIC_NOTICE] = {T_notify_topic_notice, T_notify_topic_notice_hint},
    [TOPIC_NEIGHBOURS] = {T_notify_topic_neighbours, T_notify_topic_neighbours_hint},
    [TOPIC_WORK] = {T_notify_topic_work, T_notify_topic_work_hint},
};

/* What the form's selects say, in this order; the ways come behind "as_above". */
#define TOPIC_CHOICES "as_above,app,digest,now"
static const char *const topic_choices[] = {"as_above", "app", "digest", "now"};

static enum result fill_ways(struct request *rq, struct me_notify_view *view)
{
    const struct notice_carrier *const *carriers;
    size_t n = notify_carriers(&carriers), m = 0;
    struct me_notify_ways *way = arena_array(rq->arena, struct me_notify_ways, WAYS_MAX);
    struct sql_notify_offs_rows offs;
    enum result r = sql_notify_offs(rq->db, rq->person, &offs);

    for (size_t i = 0; r == OK && i < n && m < WAYS_MAX; i++) {
        bool sms = strcmp(carriers[i]->name, "sms") == 0, works = carriers[i]->works(services_of(rq));

        /* The demo world shows what a real one would have: nothing leaves it. */
        if (!works && !(app_is_demo(rq->app) && sms))
            continue;
        view->outside = view->outside || works;
        way[m] = (struct me_notify_ways){.word = str_from_cstr(carriers[i]->name),
                                         .name = sms ? T_notify_way_sms : T_notify_way_wechat,
                                         .hint = sms ? view->phone : STR_NONE};
        for (size_t k = 0; k < offs.n; k++)
            way[m].off = way[m].off || str_eq(offs.row[k].channel, way[m].word);
        m++;
    }
    view->ways.v = way;
    view->ways.n = m;
    view->several = m > 1;
    return r;
}

static enum result show(struct request *rq)
{
    static const char *const aways[] = {"none", "important", "digest", "all"};
    struct me_notify_view view = {.demo = app_is_demo(rq->app)};
    struct me_notify_hours *hour = arena_array(rq->arena, struct me_notify_hours, HOURS);
    struct me_notify_topics *topic = arena_array(rq->arena, struct me_notify_topics, TOPIC_COUNT);
    struct person_reach reach;
    struct notice_choice c;
    size_t n = 0;
    enum result r = notify_choice(rq->db, rq->person, &c);

    if (r == OK)
        r = person_reach(rq->db, services_of(rq)->keys, rq->person, &reach);
    if (r != OK)
        return r;
    view.phone = reach.masked;
    if ((r = fill_ways(rq, &view)) != OK)
        return r;
    for (int h = 0; h < HOURS; h++)
        hour[h] = (struct me_notify_hours){h, str_printf(rq->arena, "%d:00", h)};
    view.hours.v = hour;
    view.hours.n = HOURS;
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        const char *name = str_cstr(rq->arena, str_printf(rq->arena, "topic_%s", notice_topics[i]));

        form_default(rq, name, str_from_cstr(topic_choices[c.has_topic[i] ? (int)c.topic[i] + 1 : 0]));
        if (i == TOPIC_WORK && viewer_of(rq)->n_posts == 0)
            continue;
        topic[n++] = (struct me_notify_topics){str_from_cstr(notice_topics[i]), str_from_cstr(name),
                                               topic_words[i].name, topic_words[i].hint};
    }
    view.topics.v = topic;
    view.topics.n = n;
    form_default(rq, "away", str_from_cstr(aways[c.away]));
    form_default(rq, "channel", c.channel.len ? c.channel : STR("any"));
    form_default(rq, "digest_hour", str_printf(rq->arena, "%" PRId64, c.digest_hour));
    form_default(rq, "quiet_from", str_printf(rq->arena, "%" PRId64, c.quiet_from));
    form_default(rq, "quiet_to", str_printf(rq->arena, "%" PRId64, c.quiet_to));
    form_default(rq, "urgent", c.urgent_passes ? STR("1") : STR_NONE);
    return respond_view(rq, me_notify, &view);
}

enum {
    SAVE_AWAY,
    SAVE_CHANNEL,
    SAVE_DIGEST,
    SAVE_FROM,
    SAVE_TO,
    SAVE_URGENT,
    SAVE_TOPIC,
    SAVE_PARAMS = SAVE_TOPIC + TOPIC_COUNT
};
static const struct param save_params[SAVE_PARAMS] = {
    [SAVE_AWAY] = {"away", PARAM_CHOICE, .required = true, .choices = "none,important,digest,all",
                   .doc = "What leaves the app: nothing, what matters, one message a day, everything"},
    [SAVE_CHANNEL] = {"channel", PARAM_CHOICE, .choices = "any,wechat,sms", .doc = "Which way first"},
    [SAVE_DIGEST] = {"digest_hour", PARAM_INT, .required = true, .max = 23, .doc = "Hour of the message of the day"},
    [SAVE_FROM] = {"quiet_from", PARAM_INT, .required = true, .max = 23, .doc = "Hour in which the quiet hours begin"},
    [SAVE_TO] = {"quiet_to", PARAM_INT, .required = true, .max = 23,
                 .doc = "Hour in which they end; the same: there are none"},
    [SAVE_URGENT] = {"urgent", PARAM_BOOL, .doc = "What is urgent by its nature comes in the quiet hours too"},
    [SAVE_TOPIC + TOPIC_MINE] = {"topic_mine", PARAM_CHOICE, .choices = TOPIC_CHOICES},
    [SAVE_TOPIC + TOPIC_REPLY] = {"topic_reply", PARAM_CHOICE, .choices = TOPIC_CHOICES},
    [SAVE_TOPIC + TOPIC_NOTICE] = {"topic_notice", PARAM_CHOICE, .choices = TOPIC_CHOICES},
    [SAVE_TOPIC + TOPIC_NEIGHBOURS] = {"topic_neighbours", PARAM_CHOICE, .choices = TOPIC_CHOICES},
    [SAVE_TOPIC + TOPIC_WORK] = {"topic_work", PARAM_CHOICE, .choices = TOPIC_CHOICES},
};

static enum result save(struct request *rq)
{
    static const struct str channels[] = {{"", 0}, {"wechat", 6}, {"sms", 3}};
    struct notice_choice c = {.away = (enum notice_away)param_int(rq, SAVE_AWAY),
                              .digest_hour = param_int(rq, SAVE_DIGEST),
                              .quiet_from = param_int(rq, SAVE_FROM),
                              .quiet_to = param_int(rq, SAVE_TO),
                              .urgent_passes = param_int(rq, SAVE_URGENT) != 0};
    enum result r;

    if (param_given(rq, SAVE_CHANNEL))
        c.channel = channels[param_int(rq, SAVE_CHANNEL)];
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        int64_t choice = param_given(rq, SAVE_TOPIC + i) ? param_int(rq, SAVE_TOPIC + i) : 0;

        c.has_topic[i] = choice > 0;
        c.topic[i] = choice > 0 ? (enum notice_way)(choice - 1) : WAY_APP;
    }
    r = notify_choose(rq->db, rq->person, &c, rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/notify"), T_notify_choose_saved) : r;
}

static const struct param on_params[] = {
    {"channel", PARAM_CHOICE, .required = true, .choices = "wechat,sms", .doc = "The way that is switched on again"},
};

static enum result switch_on(struct request *rq)
{
    enum result r = notify_switch_on(rq->db, rq->person, param_int(rq, 0) ? STR("sms") : STR("wechat"));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/notify"), T_notify_choose_saved) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/me/notify", "notify.choice", .handle = show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &me_notify_info, .doc = "How the person is told outside of the app"},
    {HTTP_POST, "/me/notify", "notify.choose", .handle = save, .need = CAP_SIGNED_IN, .params = save_params,
     .n_params = SAVE_PARAMS, .flags = ROUTE_WRITE | ROUTE_NO_KEY, .again = show, .doc = "Saves it"},
    {HTTP_POST, "/me/notify/on", "notify.on", .handle = switch_on, .need = CAP_SIGNED_IN, .params = on_params,
     .n_params = 1, .flags = ROUTE_WRITE | ROUTE_NO_KEY, .again = show,
     .doc = "Switches a way on again that did not reach the person"},
};

const struct module notify_choice_module = {
    .name = "notify.choice", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
