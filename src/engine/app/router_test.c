/* router_test.c: what a table of routes may not look like, and what the tree of paths finds. */
#include "engine/app/internal.h"
#include "engine/app/tiny_test.h"

static const struct param two_alike[] = {{"a", PARAM_INT}, {"a", PARAM_INT}};
static const struct param hole[] = {{"a", PARAM_INT}, {NULL, PARAM_NONE}};
static const struct param no_kind[] = {{"a", PARAM_NONE}};
static const struct param no_choices[] = {{"a", PARAM_CHOICE}};
static const struct param file[] = {{"a", PARAM_FILE}};
static const struct param ours[] = {{"_key", PARAM_TEXT}};
static const struct subject_kind cannot_load = {"nothing", NULL};

#define GOOD                                          \
    {                                                 \
        HTTP_GET, "/a", "a.a", home, .need = CAN_READ \
    }

static const struct {
    const char *why;
    struct route route[2];
    size_t n;
} wrong[] = {
    {"has no `need`", {{HTTP_GET, "/a", "a.a", home}}, 1},
    {"a capability that does not exist", {{HTTP_GET, "/a", "a.a", home, .need = CAN_END}}, 1},
    {"a capability that does not exist", {{HTTP_GET, "/a", "a.a", home, .need = -2}}, 1},
    {"a capability that does not exist", {{HTTP_GET, "/a", "a.a", home, .need = NEED_OPEN}}, 1},
    {"has no handler", {{HTTP_GET, "/a", "a.a", NULL, .need = CAN_READ}}, 1},
    {"has no name", {{HTTP_GET, "/a", NULL, home, .need = CAN_READ}}, 1},
    {"path that cannot be read", {{HTTP_GET, "a", "a.a", home, .need = CAN_READ}}, 1},
    {"path that cannot be read", {{HTTP_GET, "/a/", "a.a", home, .need = CAN_READ}}, 1},
    {"path that cannot be read", {{HTTP_GET, "/a//b", "a.a", home, .need = CAN_READ}}, 1},
    {"path that cannot be read", {{HTTP_GET, "/{a:text}", "a.a", home, .need = CAN_READ}}, 1},
    {"path that cannot be read", {{HTTP_GET, "/x{a}", "a.a", home, .need = CAN_READ}}, 1},
    {"two segments of one name", {{HTTP_GET, "/{a:word}/{a:word}", "a.a", home, .need = CAN_READ}}, 1},
    {"no subject", {{HTTP_GET, "/p/{place}/thing/{id}", "a.a", home, .need = CAN_READ}}, 1},
    {"cannot be loaded", {{HTTP_GET, "/a/{id}", "a.a", home, .need = CAN_READ, .subject = &cannot_load}}, 1},
    {"a GET that writes", {{HTTP_GET, "/a", "a.a", home, .need = CAN_READ, .flags = ROUTE_WRITE}}, 1},
    {"both ROUTE_WRITE and ROUTE_SLOW",
     {{HTTP_POST, "/a", "a.a", home, .need = CAN_READ, .flags = ROUTE_WRITE | ROUTE_SLOW}},
     1},
    {"a method that no route can have", {{HTTP_HEAD, "/a", "a.a", home, .need = CAN_READ}}, 1},
    {"a handler that no GET route has", {{HTTP_POST, "/a", "a.a", home, .need = CAN_READ, .again = new_form}}, 1},
    {"name of another route", {GOOD, {HTTP_GET, "/b", "a.a", home, .need = CAN_READ}}, 2},
    {"method and path of another", {GOOD, {HTTP_GET, "/a", "a.b", home, .need = CAN_READ}}, 2},
    {"method and path of another",
     {{HTTP_GET, "/{a:word}", "a.a", home, .need = CAN_READ}, {HTTP_GET, "/{b:word}", "a.b", home, .need = CAN_READ}},
     2},
    {"two parameters of one name",
     {{HTTP_GET, "/a", "a.a", home, .need = CAN_READ, .params = two_alike, .n_params = 2}},
     1},
    {"a hole in its table", {{HTTP_GET, "/a", "a.a", home, .need = CAN_READ, .params = hole, .n_params = 2}}, 1},
    {"without a kind", {{HTTP_GET, "/a", "a.a", home, .need = CAN_READ, .params = no_kind, .n_params = 1}}, 1},
    {"without choices", {{HTTP_GET, "/a", "a.a", home, .need = CAN_READ, .params = no_choices, .n_params = 1}}, 1},
    {"no ROUTE_UPLOAD", {{HTTP_POST, "/a", "a.a", home, .need = CAN_READ, .params = file, .n_params = 1}}, 1},
    {"the pipeline's", {{HTTP_POST, "/a", "a.a", home, .need = CAN_READ, .params = ours, .n_params = 1}}, 1},
};

static enum result check(const struct route *route, size_t n, struct str *ret_why)
{
    struct arena *a = arena_open(1 << 20);
    const struct route *list[2] = {&route[0], &route[1]};
    static char text[300];
    struct router *router;
    struct str why = STR_NONE;

    enum result r = router_open(list, n, &tiny_policy, a, &router, &why);
    snprintf(text, sizeof(text), STR_FMT, STR_ARG(why));
    *ret_why = str_from_cstr(text);
    arena_close(a);
    return r;
}

static void wrong_tables(void **state)
{
    static const struct route good[2] = {GOOD, {HTTP_POST, "/a", "a.b", home, .need = CAN_WRITE}};
    struct str why;
    (void)state;

    assert_int_equal(check(good, 2, &why), OK);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (check(wrong[i].route, wrong[i].n, &why) != E_INVALID ||
            str_find(why, str_from_cstr(wrong[i].why)) == SIZE_MAX)
            fail_msg("row %zu (%s): " STR_FMT, i, wrong[i].why, STR_ARG(why));
}

/* The whole application does not start either, and says which route. */
static void refuses_start(void **state)
{
    static const struct route unset[] = {{HTTP_GET, "/a", "bad.unset", home}};
    static const struct module bad = {.name = "bad", .routes = unset, .n_routes = 1};
    static const struct module *const modules[] = {&tiny_module, &bad};
    struct str why;
    (void)state;

    assert_int_equal(
        test_app_refuses(&(struct test_app_options){.modules = modules, .n_modules = 2, .policy = &tiny_policy}, &why),
        E_INVALID);
    assert_true(str_find(why, STR("bad.unset")) != SIZE_MAX);
    assert_true(str_find(why, STR("need")) != SIZE_MAX);
}

static void finds(void **state)
{
    static const struct route table[] = {
        {HTTP_GET, "/", "r", home, .need = CAN_READ},
        {HTTP_GET, "/p/{place}", "p", home, .need = CAN_READ},
        {HTTP_GET, "/p/{place}/report/new", "new", home, .need = CAN_READ},
        {HTTP_GET, "/p/{place}/report/{id}", "show", home, .need = CAN_READ, .subject = &thing_subject},
        {HTTP_POST, "/p/{place}/report/{id}", "act", home, .need = CAN_READ, .subject = &thing_subject},
        {HTTP_GET, "/p/{place}/report/{what:word}", "word", home, .need = CAN_READ},
        {HTTP_GET, "/p/{place}/report/new/more", "more", home, .need = CAN_READ},
    };
    static const struct {
        const char *path, *name;
        int64_t place, id;
        const char *word;
        unsigned methods;
    } cases[] = {
        {"/", "r", 0, 0, NULL, 1},
        {"/p/310113007011", "p", 310113007011, 0, NULL, 1},
        {"/p/1/report/new", "new", 1, 0, NULL, 1},
        {"/p/1/report/77", "show", 1, 77, NULL, 1},
        {"/p/1/report/9223372036854775807", "show", 1, INT64_MAX, NULL, 1},
        {"/p/1/report/9223372036854775808", "word", 1, 0, "9223372036854775808",
         1}, /* too large for a number: a word */
        {"/p/1/report/newer", "word", 1, 0, "newer", 1},
        {"/p/1/report/-3", "word", 1, 0, "-3", 1},
        {"/p/1/report/new/more", "more", 1, 0, NULL, 1},
        {"/p/1/report/77/more", NULL, 0, 0, NULL, 0},
        {"/p/01", NULL, 0, 0, NULL, 0},
        {"/p/+1", NULL, 0, 0, NULL, 0},
        {"/p/", NULL, 0, 0, NULL, 0},
        {"/p//report/1", NULL, 0, 0, NULL, 0},
        {"/p/1/report/a.b", NULL, 0, 0, NULL, 0},
        {"/P/1", NULL, 0, 0, NULL, 0},
        {"", NULL, 0, 0, NULL, 0},
        {"/a/b/c/d/e/f/g/h/i/j/k/l/m/n", NULL, 0, 0, NULL, 0},
    };
    struct arena *a = arena_open(1 << 20);
    const struct route *list[7];
    struct router *router;
    struct route_match m;
    struct str why;
    (void)state;

    for (size_t i = 0; i < 7; i++)
        list[i] = &table[i];
    assert_int_equal(router_open(list, 7, &tiny_policy, a, &router, &why), OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        router_match(router, HTTP_GET, str_from_cstr(cases[i].path), &m);
        if ((m.route == NULL) != (cases[i].name == NULL) || (m.route && strcmp(m.route->name, cases[i].name) != 0))
            fail_msg("%s: %s", cases[i].path, m.route ? m.route->name : "nothing");
        assert_int_equal(m.place, cases[i].place);
        if (cases[i].id)
            assert_int_equal(m.id[m.n_id - 1], cases[i].id);
        assert_int_equal(m.n_word, cases[i].word ? 1 : 0);
        if (cases[i].word)
            assert_true(str_eq(m.word[0], str_from_cstr(cases[i].word)));
        assert_int_equal(m.methods & 1, cases[i].methods);
    }
    router_match(router, HTTP_DELETE, STR("/p/1/report/77"), &m);
    assert_null(m.route);
    assert_true(m.methods & (1u << HTTP_POST));
    router_match(router, HTTP_POST, STR("/p/1/report/new"), &m); /* a number it is not: a POST of /new there is none */
    assert_null(m.route);
    assert_true(m.methods != 0);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_tables), cmocka_unit_test(refuses_start),
                                       cmocka_unit_test(finds)};

    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
