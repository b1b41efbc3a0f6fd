/* views_test.c: the compiler of views: what it refuses, and that what it makes is C which writes the right bytes.
 *
 * Each test works in a folder of its own, with a catalogue of a few keys. The probe (tests/views) is compiled with the
 * C compiler and run: its output is compared with tests/views/golden.txt. */
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "views/views.h" /* first: cmocka has a macro fail() */

#include <cmocka.h>

static char folder[64], start[4096];

static void write_file(const char *path, const char *text)
{
    char dir[256];

    for (size_t i = 0; path[i] && i < sizeof dir - 1; i++) {
        dir[i] = path[i];
        dir[i + 1] = 0;
        if (path[i] == '/')
            mkdir(dir, 0777);
    }
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int enter_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/views_test.XXXXXX");
    if (!getcwd(start, sizeof start) || !mkdtemp(folder) || chdir(folder) < 0)
        return -1;
    mkdir("out", 0777);
    write_file("i18n/zh-CN/x.txt",
               "x.none = 无\nx.n = {n} 件\nx.who = {who} 与 {n}\n# dynamic\nx.state.new = 新\nx.state.done = 完\n");
    write_file(
        "i18n/en/x.txt",
        "x.none = None\nx.n = {n|one|{n}}\nx.who = {who} and {n}\n# dynamic\nx.state.new = New\nx.state.done = Done\n");
    write_file("src/m/views/frame.html", "{{view frame\n  layout none\n  title text\n}}\n");
    write_file("src/m/views/page.html", "{{view page\n  of frame\n}}\n<main>{{content}}</main>\n");
    write_file("src/m/views/tile.html", "{{view tile\n  layout none\n  name text\n}}\n<i>{{name}}</i>\n");
    write_file("assets.list", "file a.css /assets/a.1.css\nicon bell /assets/icons.1.svg#bell\n");
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static int leave_folder(void **state)
{
    (void)state;
    if (chdir(start) < 0)
        return -1;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Compiles the folder with one more view; what was said goes to `said`. */
static int compile(const char *view, char *said, size_t room)
{
    const char *input[] = {"i18n/zh-CN/x.txt",      "i18n/en/x.txt",         "src/m/views/frame.html",
                           "src/m/views/page.html", "src/m/views/tile.html", "src/m/views/v.html"};
    struct views_job job = {.out = "out", .assets = "assets.list", .input = input, .n_inputs = view ? 6 : 5};
    FILE *err;
    int status;

    if (view)
        write_file("src/m/views/v.html", view);
    memset(said, 0, room);
    err = fmemopen(said, room - 1, "w");
    assert_non_null(err);
    status = views_compile(&job, err);
    fclose(err);
    return status;
}

#define HEAD                                                                                                                 \
    "{{view v\n  layout page\n  title text\n  url url\n  state word\n  n int\n  id id\n  at time\n  body html\n  yes bool\n" \
    "  back url?\n  list [ name:text ]\n  tiles [tile]\n  tile tile?\n  place { name:text }\n}}\n"

/* The body of a view (from line 17 on) and the message. */
static const struct {
    const char *body, *says;
} mistakes[] = {
    {"{{tittle}}", "v.html:17: error: unknown field `tittle`"},
    {"<p>\n{{place.nam}}</p>", "v.html:18: error: unknown field `nam`"},
    {"{{#each list}}{{title}}{{/each}}", "unknown field `title` in an item of this {{#each}}"},
    {"{{../title}}", "leads out of the view"},
    {"{{list}}", "is a list"},
    {"{{list.name}}", "a list has no fields"},
    {"{{title.name}}", "a text has no fields"},
    {"{{place}}", "is a struct"},
    {"{{tile.name}}", "may be absent"},
    {"{{#unless tile}}{{tile.name}}{{/unless}}", "may be absent"},
    {"{{yes}}", "is a bool"},
    {"{{#each title}}{{/each}}", "is a text"},
    {"{{#each}}{{/each}}", "names one list"},
    {"{{#if place}}{{/if}}", "always there"},
    {"{{#if nothing}}{{/if}}", "unknown field `nothing`"},
    {"{{#if title is x.none}}{{/if}}", "is for a word"},
    {"{{#if state is x.nope}}{{/if}}", "unknown key `x.nope`"},
    {"{{#when title}}{{/when}}", "there is no {{#when}}"},
    {"{{#if title}}", "v.html:17: error: {{#if}} is not closed"},
    {"\n\n{{#each list}}<p></p>", "v.html:19: error: {{#each}} is not closed"},
    {"{{#if title}}{{/each}}", "{{/each}} where {{/if}} is due (opened in line 17)"},
    {"{{/if}}", "{{/if}} outside of any block"},
    {"{{else}}", "{{else}} outside of any block"},
    {"{{#if title}}{{else}}{{else}}{{/if}}", "a second {{else}}"},
    {"{{title", "a {{ without its }}"},
    {"{{}}", "an empty {{}}"},
    {"{{! never closed", "a {{! without its }}"},
    {"{{title n}}", "unknown key `n`"},
    {"{{nope title}}", "`nope` is not a built-in"},
    {"{{@number}}", "is for items of an {{#each}}"},
    {"{{#each list}}{{@index}}{{/each}}", "there is no `@index`"},
    {"{{#each list}}{{.}}{{/each}}", "name one of its fields"},
    /* text */
    {"{{t x.nope}}", "unknown key `x.nope`"},
    {"{{t x.n}}", "asks for the argument {n}"},
    {"{{t x.n m=n}}", "has no argument {m}"},
    {"{{t x.n n=n n=n}}", "given twice"},
    {"{{t x.n n=title}}", "picks a form by number"},
    {"{{t x.who who=place n=n}}", "a struct cannot stand in a text"},
    {"{{t x.who who=nope n=n}}", "unknown field `nope`"},
    {"{{t x.n n}}", "written name=field"},
    /* escaping by type */
    {"<a href=\"{{title}}\">x</a>", "in `href` only a url may stand"},
    {"<a href=\"/p/{{title}}\">x</a>", "in `href` only a url may stand"},
    {"<a href=\"{{id}}\">x</a>", "in `href` only a url may stand"},
    {"<a href=\"{{t x.none}}\">x</a>", "in `href` only a url may stand"},
    {"<img src=\"{{title}}\" alt=\"\">", "in `src` only a url may stand"},
    {"<form action=\"{{title}}\"></form>", "in `action` only a url may stand"},
    {"<b hx-get=\"{{title}}\">x</b>", "in `hx-get` only a url may stand"},
    {"<b HREF='{{title}}'>x</b>", "in `href` only a url may stand"},
    {"<b hx-vals=\"{{title}}\">x</b>", "nothing dynamic may stand in the attribute `hx-vals`"},
    {"<p title={{title}}>x</p>", "cannot stand in an attribute without quotes"},
    {"<p title=a{{title}}>x</p>", "cannot stand in an attribute without quotes"},
    {"<p {{title}}>x</p>", "stands in a tag"},
    {"<p data-{{title}}=\"x\">x</p>", "a = that has no place in the tag"},
    {"<{{title}}>", "a < that begins no tag"},
    {"<p{{title}}>x</p>", "stands in a tag"},
    {"<p title=\"{{body}}\">x</p>", "is html: it stands between tags only"},
    {"<textarea name=\"x\">{{body}}</textarea>", "is html: it stands between tags only"},
    {"<script src=\"x\">{{title}}</script>", "cannot stand in a <script>"},
    {"<script>var x = 1;</script>", "no inline script"},
    {"<script src=\"x\">var x = 1;</script>", "no inline script"},
    {"<style>p { color: red }</style>", "no inline <style>"},
    {"<p style=\"color: red\">x</p>", "no `style`"},
    {"<p onclick=\"x()\">x</p>", "no `onclick`"},
    {"<p OnClick=\"{{title}}\">x</p>", "no `onclick`"},
    {"<p hx-on:click=\"x()\">x</p>", "no `hx-on:click`"},
    {"<a href=\" JavaScript:x()\">x</a>", "no script in an address"},
    {"<!-- {{title}} -->", "cannot stand in a comment"},
    {"<p class=\"{{state}}\">x</p>", "a word stands by its key: {{key state}}"},
    {"<p class=\"{{key title}}\">x</p>", "{{key}} is for a word"},
    {"{{key state}}", "stands in quoted attributes"},
    {"{{lines n}}", "{{lines}} is for a text"},
    {"{{exact n}}", "{{exact}} is for a time"},
    /* HTML */
    {"<p>{{title}}", "<p> is not closed"},
    {"</p>", "</p> closes nothing"},
    {"<p><b></p></b>", "</p> where </b> is due"},
    {"<br></br>", "</br> closes nothing"},
    {"<div/>", "<div/>: HTML does not know it"},
    {"<p title=\"x", "ends inside a tag"},
    {"<p title=\"<b>\">x</p>", "is a quote missing?"},
    {"a < b", "a < that begins no tag"},
    {"{{#if yes}}<p>{{/if}}x", "an element is opened or closed in one of them only"},
    {"{{#if yes}}<p>{{else}}<b>{{/if}}", "different elements are open"},
    {"{{#each list}}<p>{{/each}}", "an element is opened or closed in one"},
    {"<p title=\"{{#if yes}}\">{{/if}}x</p>", "one ends inside a tag or a value"},
    /* views and built-ins */
    {"{{> nope}}", "there is no view `nope`"},
    {"{{> tile}}", "stands in an {{#each}} over a list [tile]"},
    {"{{> tile place}}", "the field is not of the type tile"},
    {"{{> page}}", "is a layout"},
    {"<p title=\"{{> tile tile}}\">x</p>", "stands between tags"},
    {"{{content}}", "stands once, in a layout"},
    {"<link href=\"{{asset b.css}}\">", "there is no asset `b.css`"},
    {"{{asset a.css}}", "stands in a quoted attribute"},
    {"{{icon horn}}", "there is no icon `horn`"},
    {"<p title=\"{{icon bell}}\">x</p>", "stands between tags"},
    {"{{checked a b}}", "stands in a tag, between attributes"},
    {"<input{{checked a}}>", "has 1 word after it"},
    {"<input{{checked a title}}>", "write =title for its value"},
    {"<input value=\"{{value a b.c}}\">", "a word, a \"text\" or =field"},
    {"{{value a}}", "stands in value="},
    {"{{invalid a}}", "stands in a tag, between attributes"},
    {"<input{{error a}}>", "stands between tags"},
    {"{{title x.nope}}", "unknown key `x.nope`"},
    {"{{title =n}}", "a title is a text or a word"},
    {"{{#if yes}}{{title x.none}}{{/if}}", "{{title …}} stands once"},
    {"{{title x.none}}{{title x.none}}", "{{title …}} stands once"},
};

static void body_mistakes_are_named(void **state)
{
    char said[4096], view[4096];

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *says = mistakes[i].says;
        snprintf(view, sizeof view, HEAD "%s\n", mistakes[i].body);
        if (compile(view, said, sizeof said) != 1)
            fail_msg("was taken: %s", mistakes[i].body);
        if (!strstr(said, says) || !strstr(said, "src/m/views/v.html:"))
            fail_msg("%s\nexpected: %s\nsaid: %s", mistakes[i].body, says, said);
        assert_int_equal(access("out/m/views/v.html.h", F_OK), -1);
    }
}

static void header_mistakes_are_named(void **state)
{
    static const struct {
        const char *view, *says;
    } rows[] = {
        {"<p>x</p>", "v.html:1: error: a view begins with {{view v"},
        {"{{view w\n layout none\n}}\n", "the view is named w, its file v.html"},
        {"{{view v\n layout none\n", "is not closed"},
        {"{{view v\n title text\n}}\n", "the header names a layout"},
        {"{{view v\n layout nope\n}}\n", "there is no layout `nope`"},
        {"{{view v\n layout tile\n}}\n", "there is no layout `tile`"},
        {"{{view v\n of nope\n}}\n", "there is no view `nope`"},
        {"{{view v\n of frame\n title text\n}}\n", "has no layout and no fields of its own"},
        {"{{view v\n layout none\n\n title txt\n}}\n", "v.html:4: error: unknown type `txt`"},
        {"{{view v\n layout none\n Title text\n}}\n", "`Title` is not the name of a field"},
        {"{{view v\n layout none\n a text\n a int\n}}\n", "v.html:4: error: the field `a` stands twice"},
        {"{{view v\n layout none\n content text\n}}\n", "is a word of the templates"},
        {"{{view v\n layout none\n a text text\n}}\n", "one field a line"},
        {"{{view v\n layout none\n a: text\n}}\n", "without a colon"},
        {"{{view v\n layout none\n a bool?\n}}\n", "a bool is never absent"},
        {"{{view v\n layout none\n a [tile]?\n}}\n", "a list is never absent"},
        {"{{view v\n layout none\n a [text?]\n}}\n", "the items of a list are never absent"},
        {"{{view v\n layout none\n a [ b text ]\n}}\n", "name:type"},
        {"{{view v\n layout none\n a { }\n}}\n", "an empty struct"},
        {"{{view v\n layout none\n a [ b:text\n}}\n", "is not closed"},
        {"{{view v\n layout none\n a [ b:nope ]\n}}\n", "unknown type `nope`"},
        {"{{view v\n layout none\n a [v]\n}}\n", "v contains itself"},
        {"{{view v\n layout none\n a \xff\n}}\n", "not valid UTF-8"},
        {"{{view v\n layout none\n}}\n{{title x.none}}\n", "in a view that has a layout"},
    };
    char said[4096];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (compile(rows[i].view, said, sizeof said) != 1)
            fail_msg("was taken: %s", rows[i].view);
        if (!strstr(said, rows[i].says))
            fail_msg("%s\nexpected: %s\nsaid: %s", rows[i].view, rows[i].says, said);
    }
}

static void one_run_names_the_mistakes_of_all_files(void **state)
{
    char said[4096];

    (void)state;
    write_file("src/m/views/tile.html", "{{view tile\n layout none\n name text\n}}\n<p>\n{{nome}}</p>\n");
    assert_int_equal(compile(HEAD "{{tittle}}", said, sizeof said), 1);
    assert_non_null(strstr(said, "tile.html:6: error: unknown field `nome`"));
    assert_non_null(strstr(said, "v.html:17: error: unknown field `tittle`"));
    assert_non_null(strstr(said, "views: 2 errors"));
}

static void catalogue_mistakes_are_named(void **state)
{
    static const struct {
        const char *zh, *en, *says;
    } rows[] = {
        {"x.a = 一\n", "", "i18n/zh-CN/x.txt:1: error: `x.a` is missing in i18n/en"},
        {"", "\nx.a = A\n", "i18n/en/x.txt:2: error: `x.a` is missing in i18n/zh-CN"},
        {"x.a = {n}\n", "x.a = A\n", "the argument {n} is not in the text of i18n/en"},
        {"x.a = 一\n", "x.a = {m|one|{n} more}\n", "the argument {m} is not in the text of i18n/zh-CN"},
        {"x.a = {n|一}\n", "x.a = {n}\n", "two forms"},
        {"x.a = {n|a|{n|b|c}}\n", "x.a = {n}\n", "inside another"},
        {"x.a = {n\n", "x.a = {n}\n", "a { without its }"},
        {"x.a = n}\n", "x.a = {n}\n", "a } without its {"},
        {"x.a = {N}\n", "x.a = {N}\n", "snake_case"},
        {"x.a = a\\x\n", "x.a = A\n", "a backslash"},
        {"x.a =\n", "x.a = A\n", "has no text"},
        {"x.a 一\n", "x.a = A\n", "a line is `key = text`"},
        {"y.a = 一\n", "x.a = A\n", "begin with `x.`"},
        {"x.A = 一\n", "x.a = A\n", "is not a key"},
        {"x.a = 一\nx.a = 二\n", "x.a = A\n", "i18n/zh-CN/x.txt:2: error: `x.a` stands already at i18n/zh-CN/x.txt:1"},
        {"x.a_b = 一\nx.a.b = 二\n", "x.a_b = A\nx.a.b = B\n", "have the same name in C"},
        {" x\n", "", "without a text before it"},
    };
    char said[4096];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file("i18n/zh-CN/x.txt", rows[i].zh);
        write_file("i18n/en/x.txt", rows[i].en);
        if (compile(NULL, said, sizeof said) != 1)
            fail_msg("was taken: %s", rows[i].zh);
        if (!strstr(said, rows[i].says))
            fail_msg("%s%s\nexpected: %s\nsaid: %s", rows[i].zh, rows[i].en, rows[i].says, said);
    }
}

static void unused_keys_are_warned_of(void **state)
{
    char said[4096];

    (void)state;
    write_file("src/m/a.c", "int x = T_x_n; int y = NOT_T_x_none;\n");
    assert_int_equal(compile(HEAD "{{t x.who who=title n=n}}", said, sizeof said), 0);
    assert_non_null(strstr(said, "`x.none` is used nowhere"));
    assert_null(strstr(said, "`x.n`"));
    assert_null(strstr(said, "`x.who`"));
    assert_null(strstr(said, "x.state")); /* # dynamic */
}

static void what_is_the_same_is_not_written_again(void **state)
{
    struct stat before, after;
    const struct timespec past[2] = {{1000, 0}, {1000, 0}};
    char said[4096];

    (void)state;
    assert_int_equal(compile(HEAD "<p>{{title}}</p>", said, sizeof said), 0);
    assert_int_equal(utimensat(AT_FDCWD, "out/m/views/v.html.h", past, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, "out/m/views.c", past, 0), 0);
    assert_int_equal(compile(HEAD "<b>{{title}}</b>", said, sizeof said), 0);
    assert_int_equal(stat("out/m/views/v.html.h", &before), 0);
    assert_int_equal(stat("out/m/views.c", &after), 0);
    assert_int_equal(before.st_mtim.tv_sec, 1000);
    assert_true(after.st_mtim.tv_sec > 1000);
}

/* ---- the probe ---- */

/* Runs a command line in the test's folder; what it says goes to a file there, and is given back. */
static char *shell(char *command)
{
    static char said[1 << 16];
    char *argv[] = {"sh", "-c", command, NULL};
    posix_spawn_file_actions_t files;
    int status = -1;
    pid_t pid;

    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 1, "said", O_WRONLY | O_CREAT | O_TRUNC, 0666), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&files, 1, 2), 0);
    assert_int_equal(posix_spawn(&pid, "/bin/sh", &files, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    FILE *f = fopen("said", "re");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = 0;
    fclose(f);
    if (status != 0)
        fail_msg("failed: %s\n%s", command, said);
    return said;
}

static void made_code_writes_the_right_bytes(void **state)
{
    const char *root = getenv("LILONG_SOURCE_ROOT");
    char command[8192], path[4200], *output;
    const char *input[] = {"i18n/zh-CN/engine.txt",     "i18n/en/engine.txt",         "i18n/zh-CN/probe.txt",
                           "i18n/en/probe.txt",         "src/probe/views/frame.html", "src/probe/views/shell.html",
                           "src/probe/views/bell.html", "src/probe/views/tile.html",  "src/probe/views/probe.html"};
    struct views_job job = {
        .out = "out", .assets = "assets.list", .input = input, .n_inputs = sizeof input / sizeof *input};

    (void)state;
    if (!root)
        skip();
    snprintf(command, sizeof command,
             "cp -r %s/tests/views/src %s/tests/views/i18n . && cp %s/i18n/zh-CN/engine.txt i18n/zh-CN && "
             "cp %s/i18n/en/engine.txt i18n/en 2>&1",
             root, root, root, root);
    shell(command);
    assert_int_equal(views_compile(&job, stderr), 0);
    snprintf(
        command, sizeof command,
        "cc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Werror -Wno-missing-field-initializers -O0 -g -Iout -I%s/src -o probe "
        "%s/tests/views/probe.c out/views.c out/text.c out/probe/views.c "
        "$(cd %s && for f in page/html page/form page/json page/text page/words page/url page/asset page/markdown "
        "base/arena base/buf base/format base/str base/time base/result base/log; do echo %s/src/engine/$f.c; done) -lmd4c -ljansson -lm 2>&1",
        root, root, root, root);
    shell(command);
    output = shell((char[]){"./probe"});
    snprintf(path, sizeof path, "%s/tests/views/golden.txt", root);
    FILE *f = fopen(path, "re");
    static char golden[1 << 16];
    if (f) {
        golden[fread(golden, 1, sizeof golden - 1, f)] = 0;
        fclose(f);
    }
    if (strcmp(golden, output) != 0) {
        f = fopen("/tmp/views_golden.actual", "we");
        if (f) {
            fputs(output, f);
            fclose(f);
        }
        fail_msg("the output differs from tests/views/golden.txt: see /tmp/views_golden.actual");
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(body_mistakes_are_named),
        TEST(header_mistakes_are_named),
        TEST(one_run_names_the_mistakes_of_all_files),
        TEST(catalogue_mistakes_are_named),
        TEST(unused_keys_are_warned_of),
        TEST(what_is_the_same_is_not_written_again),
        TEST(made_code_writes_the_right_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
