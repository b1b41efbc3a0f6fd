/* routes_settings.c: text size, colours and language: for guests in the browser, for persons in their account as well. */
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/settings.html.h"

/* The page that the browser stood on, if it is ours. */
static struct url came_from(struct request *rq, const char *otherwise)
{
    struct str from = http_header(rq->x, STR("Referer")), host = http_header(rq->x, STR("Host"));
    struct url to;
    size_t at = str_find(from, STR("://"));

    if (at != SIZE_MAX && host.len) {
        from = str_sub(from, at + 3, from.len);
        if (str_starts(from, host) && url_local(rq->arena, str_sub(from, host.len, from.len), &to) == OK && to.s.len)
            return to;
    }
    return url_path(rq->arena, "/%s", otherwise + 1);
}

static void remember(struct request *rq, const char *name, struct str value)
{
    respond_header(rq, STR("Set-Cookie"),
                   str_printf(rq->arena, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", name,
                              STR_ARG(value), value.len ? 31536000 : 0, rq->x->secure ? "; Secure" : ""));
}

static struct str mode_now(struct request *rq)
{
    if (rq->person)
        return viewer_of(rq)->mode;
    return str_eq(http_cookie(rq->x, STR("mode")), STR("care")) ? STR("care") : STR_NONE;
}

static enum result settings_show(struct request *rq)
{
    struct settings_view view = {.signed_in = rq->person != 0};
    struct str theme = rq->person ? viewer_of(rq)->theme : http_cookie(rq->x, STR("theme"));

    form_default(rq, "mode", mode_now(rq).len ? STR("care") : STR("usual"));
    form_default(rq, "theme", theme.len ? theme : STR("auto"));
    form_default(rq, "lang", str_from_cstr(lang_tag(rq->lang)));
    return respond_view(rq, settings, &view);
}

enum { SETTINGS_MODE, SETTINGS_THEME, SETTINGS_LANG, SETTINGS_PARAMS };
static const struct param settings_params[SETTINGS_PARAMS] = {
    [SETTINGS_MODE] = {"mode", PARAM_CHOICE, .required = true, .choices = "usual,care",
                       .doc = "Size of text and targets"},
    [SETTINGS_THEME] = {"theme", PARAM_CHOICE, .required = true, .choices = "auto,light,dark"},
    [SETTINGS_LANG] = {"lang", PARAM_CHOICE, .required = true, .choices = "zh-CN,en"},
};

static enum result keep(struct request *rq, struct str mode, struct str theme, struct str language)
{
    remember(rq, "mode", mode);
    remember(rq, "theme", theme);
    return rq->person ? sql_person_set_display(rq->db, rq->person, language, mode, theme) : OK;
}

static enum result settings_save(struct request *rq)
{
    static const struct str themes[] = {{"", 0}, {"light", 5}, {"dark", 4}};
    enum lang lang = param_int(rq, SETTINGS_LANG) == 1 ? LANG_EN : LANG_ZH_CN;
    enum result r = keep(rq, param_int(rq, SETTINGS_MODE) ? STR("care") : STR_NONE,
                         themes[param_int(rq, SETTINGS_THEME)], str_from_cstr(lang_tag(lang)));

    respond_language(rq, lang);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/settings"), T_person_saved) : r;
}

/* 「大字」 in the header of every page: one tap, and back to the page. */
static enum result text_switch(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    struct str mode = mode_now(rq).len ? STR_NONE : STR("care");
    enum result r = OK;

    remember(rq, "mode", mode);
    if (rq->person)
        r = sql_person_set_display(rq->db, rq->person, viewer->language, mode, viewer->theme);
    return r == OK ? respond_see_other(rq, came_from(rq, "/settings"), T_none) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/settings", "settings.show", settings_show, .need = CAP_PUBLIC, .view = &settings_info,
     .doc = "Text size, colours, language"},
    {HTTP_POST, "/settings", "settings.save", settings_save, .need = CAP_PUBLIC, .params = settings_params,
     .n_params = SETTINGS_PARAMS, .flags = ROUTE_WRITE | ROUTE_NO_KEY, .again = settings_show, .doc = "Saves them"},
    {HTTP_POST, "/settings/text", "settings.text", text_switch, .need = CAP_PUBLIC, .flags = ROUTE_WRITE | ROUTE_NO_KEY,
     .doc = "Switches between standard and large text"},
};

const struct module settings_module = {
    .name = "settings",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
